"""Selfies before people, through the doors: from a score of 70 to a place in the draw, and two who sent one picture."""

from typing import Any

import pytest

from chalicelib import bootstrap
from infra.local import portraits
from tests.contract.hostile import FACE
from tests.integration import cast
from tests.integration.casework import deeds, nothing_on_record, on_case, seen
from tests.integration.cast import CAST, NOON, OPEN_WAVE, Person
from tests.integration.effects import Watch
from tests.integration.hearing import heard
from tests.integration.refusals import assert_refused, refusal
from tests.integration.test_photos import send, step, verify
from tests.integration.town import Reply, Town

DEWI, CITRA, YOLA, YANI = (CAST[name] for name in ("dewi", "citra", "yola", "yani"))
REASON = "Wajah di swafoto sama dengan di kartu."


def judge(town: Town, person: Person, *, token: str = cast.CASEWORKER, **changes: Any) -> Reply:
    body = {"is_own": True, "reason": REASON, "review_version": seen(town, person)["review_version"]}
    return on_case(town, "selfie-decisions", body | changes, person, token)


def listed(town: Town, query: str = "?state=selfie_in_review") -> dict[str, Any]:
    reply = town.ask("GET", f"/v1/staff/cases{query}", token=cast.STAFF)
    assert reply.status == 200, reply.text
    return {each["reference"].replace("-", ""): each["selfie_reasons"] for each in reply.body["cases"]}


def be_doubted(town: Town, person: Person, score: int = 70) -> None:
    """All is done but the face: the registry gives it this score."""
    verify(town, person)
    send(town, person, portraits.id_card(person.nik), "id_card")
    town.neighbours.population.behave(face_score=score)
    send(town, person, portraits.selfie(person.nik))
    town.settle()
    town.neighbours.population.behave()
    assert town.ask("PUT", "/v1/me/declaration", {"accepted": True}, token=person.token).status == 204


def join(town: Town, person: Person) -> Reply:
    return town.ask("PUT", f"/v1/me/waves/{OPEN_WAVE}/entry", token=person.token)


def test_a_score_of_70_is_looked_at_by_a_person_and_leads_to_a_wave(town: Town) -> None:
    be_doubted(town, DEWI)
    told = step(town, DEWI, "face_match")
    assert (told["state"], told["reason"], told["next_action"]) == ("waiting", "face_in_review", None)
    refused = join(town, DEWI)
    assert (refused.status, refused.body["code"]) == (409, "steps_missing")
    assert "Face match" in refused.body["message"]
    assert listed(town)[DEWI.reference] == ["face_in_review"]
    shown = seen(town, DEWI, cast.CASEWORKER)["selfie"]
    assert (shown["face_state"], shown["score"], shown["review_reasons"]) == ("review", 70, ["face_in_review"])
    reply = judge(town, DEWI)
    assert (reply.status, reply.body["selfie"]["face_state"], reply.body["since"]) == (200, "passed", None)
    assert reply.body["history"][-1]["kind"] == "keep_selfie"
    assert DEWI.reference not in listed(town)
    assert step(town, DEWI, "face_match")["state"] == "done"
    assert join(town, DEWI).status == 201


def test_whoever_is_not_recognised_is_told_and_sends_another(town: Town) -> None:
    be_doubted(town, DEWI)
    assert judge(town, DEWI, is_own=False).body["selfie"]["face_state"] == "failed"
    told = step(town, DEWI, "face_match", "en")
    assert (told["reason"], told["next_action"]) == ("face_unclear", "upload_selfie")
    send(town, DEWI, portraits.selfie(DEWI.nik))
    town.settle()
    assert step(town, DEWI, "face_match")["state"] == "done"
    assert join(town, DEWI).status == 201


@pytest.mark.parametrize(("language", "words"), [("id", "ambil swafoto baru"), ("en", "take a new one")])
def test_a_picture_that_another_sent_is_refused_in_words_that_name_nobody(
    town: Town, language: str, words: str
) -> None:
    for person in (DEWI, CITRA):
        send(town, person, FACE)
        town.settle()
    assert listed(town)[CITRA.reference] == ["selfie_alike"]
    shown = seen(town, CITRA)["selfie"]
    assert [each.replace("-", "") for each in shown["lookalikes"]] == [DEWI.reference]
    assert judge(town, CITRA, is_own=False).status == 200
    told = step(town, CITRA, "photo_selfie", language)
    assert (told["state"], told["reason"], told["next_action"]) == ("failed", "selfie_not_accepted", "upload_selfie")
    assert words in told["reason_text"]
    me = town.ask("GET", "/v1/me", token=CITRA.token).text
    assert not [secret for secret in (DEWI.reference, DEWI.id, "alike", REASON) if secret in me]
    log = town.ask("GET", "/v1/me/access-log", token=CITRA.token).body["entries"]
    assert ("decide_selfie", REASON) in [(each["act"], each["reason"]) for each in log]
    send(town, CITRA, portraits.selfie(CITRA.nik))
    town.settle()
    assert step(town, CITRA)["state"] == "done"
    assert CITRA.reference not in listed(town)


def test_whose_selfie_is_like_another_s_keeps_it_when_a_person_says_so(town: Town) -> None:
    reply = judge(town, YOLA)
    assert reply.body["selfie"]["looked_at"] == "2026-03-02T05:00:00Z"
    assert reply.body["selfie"]["review_reasons"] == []
    assert [step(town, YOLA, name)["state"] for name in ("photo_selfie", "face_match")] == ["done", "done"]


def test_officers_page_through_selfies_oldest_first(town: Town) -> None:
    with town.clock.later(minutes=5):
        for person in (DEWI, CITRA):
            send(town, person, FACE)
        town.settle()
    found: list[str] = []
    query = "?state=selfie_in_review&limit=1"
    while query:
        body = town.ask("GET", f"/v1/staff/cases{query}", token=cast.STAFF).body
        found += [each["reference"].replace("-", "") for each in body["cases"]]
        query = f"?state=selfie_in_review&limit=1&after={body['next']}" if body["next"] else ""
    assert found[0] == YOLA.reference
    assert sorted(found[1:]) == sorted([DEWI.reference, CITRA.reference])
    assert not {*found} & {*listed(town, "?state=in_review"), *listed(town, "?state=documents_wanted")}


# --- The photos -------------------------------------------------------------------------------------------------------


def test_photos_are_for_caseworkers_while_they_decide_and_that_is_on_record(town: Town) -> None:
    photos = seen(town, YOLA, cast.CASEWORKER)["selfie"]["photos"]
    assert {kind: f"photos/{YOLA.id}/{kind}/" in link for kind, link in photos.items()} == {
        "id_card": True,
        "selfie": True,
    }
    for token in (cast.STAFF, cast.FIRST_APPROVER):
        assert seen(town, YOLA, token)["selfie"]["photos"] == {}
    log = town.ask("GET", "/v1/me/access-log", token=YOLA.token).body["entries"]
    assert sorted("photos" in each["fields"] for each in log) == [False, False, True]
    assert judge(town, YOLA).body["selfie"]["photos"] == {}
    assert seen(town, YOLA, cast.CASEWORKER)["selfie"]["photos"] == {}
    assert seen(town, CAST["eka"], cast.CASEWORKER)["selfie"]["photos"] == {}


def test_nobody_carries_off_the_photos(town: Town) -> None:
    shown = [seen(town, YOLA, cast.CASEWORKER)["selfie"]["photos"] for _ in range(62)]
    assert [bool(each) for each in shown] == [True] * 60 + [False] * 2


# --- As every decision ------------------------------------------------------------------------------------------------


def test_who_saw_an_older_case_looks_again_and_pressing_twice_is_once(town: Town) -> None:
    version = seen(town, YOLA)["review_version"]
    first = judge(town, YOLA, review_version=version)
    watch = Watch(town.memory)
    second = judge(town, YOLA, review_version=version)
    assert (second.status, second.body) == (200, first.body)
    assert watch.effects() == {"audit_entry kept"}, "the look at the case, and no decision"
    with nothing_on_record(town):
        body = {"is_own": False, "reason": REASON, "review_version": version}
        late = on_case(town, "selfie-decisions", body, YOLA, cast.CASEWORKER)
    assert (late.status, late.body["code"]) == (409, "case_moved")


def test_a_selfie_for_which_nobody_waits_is_left_alone(town: Town) -> None:
    for person in (YANI, CAST["eka"]):
        reply = judge(town, person)
        assert (reply.status, reply.body["code"]) == (409, "selfie_not_in_review")
    assert ("pendamping", "decide_selfie") not in deeds(town)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"is_own": "ya"}, "400 field_not_bool is_own"),
        ({"is_own": None}, "400 field_not_bool is_own"),
        ({"reason": "benar"}, "400 field_too_short reason"),
        ({"reason": "Yola Permatasari menelepon sendiri"}, "400 reason_is_personal reason"),
        ({"review_version": 0}, "400 field_too_small review_version"),
        ({"review_version": 99}, "409 case_moved"),
        ({"score": 99}, "400 field_unknown score"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(town: Town, changes: dict[str, Any], told: str) -> None:
    body = {"is_own": True, "reason": REASON, "review_version": 5} | changes
    path = f"/v1/staff/cases/{YOLA.reference}/selfie-decisions"
    assert_refused(
        town,
        lambda language: town.ask("POST", path, body, token=cast.CASEWORKER, language=language),
        refusal(told),
    )


def test_what_is_done_with_a_selfie_leaves_nothing_personal_in_the_log(town: Town) -> None:
    with heard() as lines:
        seen(town, YOLA, cast.CASEWORKER)
        judge(town, YOLA, reason=f"{YOLA.full_name} menelepon sendiri")
        judge(town, YOLA, is_own=False)
        town.settle()
    assert lines
    secret = (YOLA.nik, YOLA.full_name, YOLA.email, YOLA.phone, REASON)
    assert not [line for line in lines for value in secret if value in line]
    assert town.clock.now() == NOON
    assert bootstrap.applicants().get(YOLA.id).rulings[-1].reason == REASON
