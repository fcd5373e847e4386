"""A ministry's file, dropped into the bucket, through the real doors: to a look-up, and to those whom it touches."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.verification import IdentityState, Registry
from infra.local.mails import KeptMail
from tests.integration import cast, listing
from tests.integration.cast import CAST, FIRST_APPROVER, SECOND_APPROVER, STAFF, Person
from tests.integration.hearing import heard, raised
from tests.integration.town import STAGE, Town

EKA, FITRI = CAST["eka"], CAST["fitri"]


def told(town: Town, list: str) -> Mapping[str, Any]:
    reply = town.ask("GET", f"/v1/staff/lists/{list}/versions?limit=1", token=STAFF)
    assert reply.status == 200, reply.text
    found: Mapping[str, Any] = reply.body["versions"][0]
    return found


def dropped(
    town: Town, list: str, people: dict[str, str], *, name: str = "berkas.csv", **notes: str
) -> Mapping[str, Any]:
    """What staff are told after the file was worked off, driven by S3's notice, stream and queue alone."""
    listing.drop(list, name, [listing.a_line(nik, category) for nik, category in people.items()], **notes)
    town.settle()
    return told(town, list)


def activated(town: Town, list: str, number: int, *despite: str, token: str = SECOND_APPROVER) -> int:
    path = f"/v1/staff/lists/{list}/versions/{number}/activations"
    reply = town.ask("POST", path, {"despite": despite}, token=token)
    town.settle()
    return reply.status


def lists_of(person: Person) -> tuple[str, ...]:
    return bootstrap.applicants().get(person.id).check(Registry.LISTS).reasons


def test_a_dropped_file_becomes_a_checked_version(town: Town) -> None:
    version = dropped(town, "BLOCKLIST", {EKA.nik: "blocklist", listing.somebody(1): "blocklist"}, loader="ani")
    assert (version["state"], version["people"], version["loader"]) == ("checked", 2, "ani")
    assert version["by_category"] == {"blocklist": {"added": 2, "removed": 0, "changed": 0}}
    assert lists_of(EKA) == ()


def test_a_file_whose_sender_does_not_say_who_they_are_is_the_buckets(town: Town) -> None:
    assert dropped(town, "BLOCKLIST", {EKA.nik: "blocklist"})["loader"] == "bucket"


def test_a_newer_list_screens_those_again_whom_it_touches_and_nobody_else(town: Town) -> None:
    dropped(town, "BLOCKLIST", {EKA.nik: "blocklist", listing.somebody(1): "blocklist"})
    before = bootstrap.applicants().get(FITRI.id)
    assert activated(town, "BLOCKLIST", 1) == 201
    applicant = bootstrap.applicants().get(EKA.id)
    assert applicant.state is IdentityState.VERIFIED
    assert "blocklist:BLOCKLIST" in applicant.check(Registry.LISTS).reasons
    assert bootstrap.applicants().get(FITRI.id) == before
    reply = town.ask("PUT", f"/v1/me/waves/{cast.OPEN_WAVE}/entry", token=EKA.token)
    assert (reply.status, reply.body["code"]) == (409, "not_eligible")


def test_whoever_is_taken_off_a_list_is_screened_again_too(town: Town) -> None:
    listed = {listing.somebody(number): "blocklist" for number in range(1, 9)}
    dropped(town, "BLOCKLIST", {EKA.nik: "blocklist", **listed})
    assert activated(town, "BLOCKLIST", 1) == 201
    version = dropped(town, "BLOCKLIST", listed, name="koreksi.csv")
    assert (version["number"], version["removed"], version["unchanged"]) == (2, 1, 8)
    assert activated(town, "BLOCKLIST", 2) == 201
    assert lists_of(EKA) == ("laid_off:LAID_OFF",)
    reply = town.ask("PUT", f"/v1/me/waves/{cast.OPEN_WAVE}/entry", token=EKA.token)
    assert reply.status == 201


def test_a_person_who_comes_later_is_checked_against_what_is_in_force(town: Town) -> None:
    dropped(town, "BLOCKLIST", {CAST["budi"].nik: "blocklist"})
    assert activated(town, "BLOCKLIST", 1) == 201
    budi = CAST["budi"]
    assert town.ask("PUT", "/v1/me/identity", budi.identity(), token=budi.token).status == 204
    town.settle()
    applicant = bootstrap.applicants().get(budi.id)
    assert applicant.state is IdentityState.VERIFIED
    assert lists_of(budi) == ("blocklist:BLOCKLIST",)


def test_the_loader_may_not_be_the_one_who_activates(town: Town) -> None:
    dropped(town, "BLOCKLIST", {EKA.nik: "blocklist"}, loader=FIRST_APPROVER.removeprefix("sesi-"))
    assert activated(town, "BLOCKLIST", 1, token=FIRST_APPROVER) == 403
    assert activated(town, "BLOCKLIST", 1, token=STAFF) == 403
    assert lists_of(EKA) == ()
    assert activated(town, "BLOCKLIST", 1, token=SECOND_APPROVER) == 201


def test_staff_read_what_is_wrong_page_by_page(town: Town) -> None:
    lines = [listing.a_line(listing.somebody(number), "blocklist") for number in range(1, 201)]
    lines[9] = listing.a_line("31740545", "blocklist")
    lines[19] = listing.a_line("3174054505950", "blocklist")
    lines[29] = listing.a_line(listing.somebody(7), "penerima")
    listing.drop("BLOCKLIST", "b.csv", lines)
    town.settle()
    assert (told(town, "BLOCKLIST")["state"], told(town, "BLOCKLIST")["flaws"]) == ("checked", 3)
    path = "/v1/staff/lists/BLOCKLIST/versions/1/flaws"
    first = town.ask("GET", f"{path}?limit=2", token=STAFF).body
    last = town.ask("GET", f"{path}?limit=2&after={first['next']}", token=STAFF).body
    flaws = [*first["flaws"], *last["flaws"]]
    assert [(flaw["line"], flaw["field"], flaw["code"]) for flaw in flaws] == [
        (11, "nik", "number_not_16_digits"),
        (21, "nik", "number_not_16_digits"),
        (31, "category", "list_category_unknown"),
    ]
    assert [flaw["shown"] for flaw in flaws] == [None, "3174*****5950", None]
    assert last["next"] is None
    assert all(flaw["told"] != flaw["code"] for flaw in flaws)


def test_no_nik_of_a_file_is_kept_or_told_anywhere(town: Town) -> None:
    person = listing.somebody(1)
    lines = [listing.a_line(person, "laid_off", "wati.lama@contoh.example"), listing.a_line(person, "penerima")]
    with heard() as lines_heard, raised() as errors:
        listing.drop("LAID_OFF", "phk-2.csv", lines + [listing.a_line(EKA.nik, "laid_off")] * 60)
        seen: list[dict[str, Any]] = []
        town.settle(seen)
    texts = [*lines_heard, *errors, *map(json.dumps, seen), *map(repr, town.memory.rows().values())]
    texts += [town.ask("GET", "/v1/staff/lists/LAID_OFF/versions/2/flaws", token=STAFF).text]
    texts += [told(town, "LAID_OFF")["reason_told"] or ""]
    assert told(town, "LAID_OFF")["flaws"] == 1
    for secret in (person, EKA.nik, "wati.lama"):
        assert not [text[:200] for text in texts if secret in text]
    for name, content in _ours():
        assert not any(secret.encode() in content for secret in (person, EKA.nik, "wati.lama")), name


def _ours() -> list[tuple[str, bytes]]:
    """What the load made of the file, unpacked."""
    s3, bucket = boto3.client("s3"), f"prakerja-{STAGE}-files"
    found = []
    for folder in ("lists/work/LAID_OFF/000002/", "lists/versions/LAID_OFF/000002/"):
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix=folder)["Contents"]]
        found += [(key, gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read())) for key in keys]
    assert len(found) >= 3
    return found


@pytest.mark.parametrize("copies", [2, 5])
def test_a_notice_that_comes_again_makes_no_second_version(town: Town, copies: int) -> None:
    key = listing.drop("BLOCKLIST", "b.csv", [listing.a_line(EKA.nik, "blocklist")])
    for _ in range(copies):
        town.tell("load_lists", Records=[{"s3": {"object": {"key": key}}}])
    town.settle()
    assert (told(town, "BLOCKLIST")["number"], told(town, "BLOCKLIST")["people"]) == (1, 1)


def test_a_message_of_an_old_step_changes_nothing(town: Town) -> None:
    version = dropped(town, "BLOCKLIST", {EKA.nik: "blocklist"})
    for phase in ("read", "compare", "write"):
        town.tell("load_lists", list="BLOCKLIST", number=1, phase=phase, step=0)
    assert told(town, "BLOCKLIST") == version


def test_who_is_on_a_priority_list_and_has_not_registered_is_invited_once(town: Town) -> None:
    stranger = listing.a_line(listing.somebody(1), "furloughed", "belum@contoh.example")
    registered = listing.a_line(EKA.nik, "furloughed", "eka.lain@contoh.example")
    known = listing.a_line(listing.somebody(2), "furloughed", FITRI.email)
    listing.drop("FURLOUGHED", "f.csv", [stranger, registered, known])
    town.settle()
    before = len(town.mails())
    assert activated(town, "FURLOUGHED", 1) == 201
    invitations = [kept for kept in map(KeptMail, town.mails()[before:]) if "Undangan" in kept.mail.subject]
    assert [kept.to for kept in invitations] == [["belum@contoh.example"]]
    assert "pekerja yang dirumahkan" in invitations[0].mail.text
    town.tell("screen_listed_people", list="FURLOUGHED", number=1, shard=0)
    town.settle()
    assert len([kept for kept in map(KeptMail, town.mails()) if "belum@contoh.example" in kept.to]) == 1
