"""Assisted service through its doors: from a doubt to a verified person, everybody told, everything on record."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import MailState, OutboxMail, Template
from chalicelib.domain.nik import Nik
from infra.local.mails import KeptMail
from tests.integration import cast
from tests.integration.casework import REASON, decision, deeds, hand_in, nothing_on_record, on_case, seen
from tests.integration.cast import CAST, NOON, Person
from tests.integration.effects import Watch
from tests.integration.hearing import heard
from tests.integration.town import Reply, Town

YUNI, YANTI = CAST["yuni"], CAST["yanti"]
NAME = {"full_name": "Yuni Permata Sari"}


def correction(version: int = 3, key: str = YUNI.document_key, **fields: object) -> dict[str, Any]:
    return {"fields": fields or NAME, "evidence_key": key, "reason": REASON, "review_version": version}


def documents(*kinds: str, version: int = 3) -> dict[str, Any]:
    return {"documents": list(kinds), "reason": REASON, "review_version": version}


def step(town: Town, person: Person) -> dict[str, Any]:
    timeline = town.ask("GET", "/v1/me", token=person.token).body["timeline"]
    found: dict[str, Any] = next(each for each in timeline if each["step"] == "identity")
    return found


def told_by_mail(town: Town, person: Person) -> list[str]:
    """The subjects of what goes to the person when all that hangs on it is done."""
    before = len(town.mails())
    town.settle()
    return [kept.mail.subject for kept in map(KeptMail, town.mails()[before:]) if person.email in kept.to]


def test_a_person_reads_out_the_reference_by_which_an_officer_finds_the_case(town: Town) -> None:
    told = town.ask("GET", "/v1/me", token=YUNI.token).body["reference"]
    assert told.replace("-", "") == YUNI.reference
    for heard_as in (told, told.lower(), told.replace("-", "%20"), told.replace("0", "o")):
        assert town.ask("GET", f"/v1/staff/cases/{heard_as}", token=cast.STAFF).body["reference"] == told


def test_officers_see_who_waits_and_nothing_personal(town: Town) -> None:
    for query, person in (("", YUNI), ("?state=in_review", YUNI), ("?state=documents_wanted&limit=1", YANTI)):
        reply = town.ask("GET", f"/v1/staff/cases{query}", token=cast.STAFF)
        (line,) = reply.body["cases"]
        assert line["reference"].replace("-", "") == person.reference
        assert line["reasons"] == ["population_name_unclear"]
        assert line.keys() == {"reference", "reasons", "selfie_reasons", "since"}
        assert reply.body["next"] is None


def test_a_case_is_shown_masked(town: Town) -> None:
    case = seen(town)
    assert case["masked"]["nik"] == f"3174********{YUNI.nik[-4:]}"
    assert case["masked"]["full_name"] == "Y. P."
    assert [check["outcome"] for check in case["checks"]] == ["review", "passed", "passed", "passed"]
    assert (case["state"], case["attempts_left"], case["review_version"]) == ("in_review", 4, 3)
    secret = [YUNI.nik, YUNI.family_card_no, YUNI.full_name, YUNI.phone, YUNI.email, "Permatasari", "Melati", "Ibu"]
    assert not [value for value in secret if value in str(case)]
    assert deeds(town) == [("staf", "see_case")]


def test_full_values_are_for_caseworkers_and_for_a_reason(town: Town) -> None:
    asked = {"fields": ["nik", "email", "documents"], "reason": REASON}
    reply = on_case(town, "disclosures", asked, token=cast.CASEWORKER)
    assert reply.headers["cache-control"] == "no-store"
    values = reply.body["values"]
    assert (values["nik"], values["email"]) == (YUNI.nik, YUNI.email)
    assert YUNI.document_key in values["documents"]["id_card"]
    assert deeds(town) == [("pendamping", "disclose")]


def test_the_person_sees_who_looked_and_why_and_the_approver_also_who_it_was(town: Town) -> None:
    seen(town)
    with town.clock.later(minutes=5):
        on_case(town, "disclosures", {"fields": ["phone"], "reason": REASON}, token=cast.CASEWORKER)
    log = town.ask("GET", "/v1/me/access-log", token=YUNI.token)
    assert [(each["act"], each["role"], each["reason"]) for each in log.body["entries"]] == [
        ("disclose", "caseworker", REASON),
        ("see_case", "staff", ""),
    ]
    assert log.body["entries"][0]["fields"] == ["phone"]
    assert "pendamping" not in log.text
    assert town.ask("GET", "/v1/me/access-log", token=YANTI.token).body["entries"] == []
    trail = town.ask("GET", f"/v1/staff/audit?subject={YUNI.reference}&limit=2", token=cast.FIRST_APPROVER)
    assert [each["staff"] for each in trail.body["entries"]] == ["pendamping", "staf"]
    rest = f"/v1/staff/audit?subject={YUNI.reference}&limit=10&after={trail.body['next']}"
    later = town.ask("GET", rest, token=cast.FIRST_APPROVER).body["entries"]
    assert {each["act"] for each in later} == {"read_audit"}


def test_an_accepted_person_is_verified_and_told(town: Town) -> None:
    reply = on_case(town, "decisions", decision("accept"))
    assert (reply.status, reply.body["state"], reply.body["since"]) == (200, "verified", None)
    assert step(town, YUNI)["state"] == "done"
    assert told_by_mail(town, YUNI) == ["Identitas Anda cocok"]
    assert town.ask("GET", "/v1/staff/cases", token=cast.STAFF).body["cases"] == []


def test_a_refused_person_is_told_why_in_words(town: Town) -> None:
    begun = OutboxMail(SendKey(f"identity_failed/{YUNI.id}/1"), Template.IDENTITY_FAILED, YUNI.id, MailState.SENT, NOON)
    bootstrap.outbox().save(begun)  # told once, when the review began
    assert on_case(town, "decisions", decision("refuse", code="review_not_the_holder")).body["state"] == "failed"
    told = step(town, YUNI)
    assert (told["state"], told["reason"]) == ("failed", "review_not_the_holder")
    assert told["reason_text"] == "An officer looked into it: this NIK belongs to somebody else."
    assert told_by_mail(town, YUNI) == ["Identitas Anda perlu diperiksa"]


def test_a_reopened_case_is_the_persons_again(town: Town) -> None:
    on_case(town, "decisions", decision("reopen"))
    assert step(town, YUNI)["next_action"] == "correct_identity"
    assert told_by_mail(town, YUNI) == ["Anda dapat mengisi identitas kembali"]
    assert town.ask("PUT", "/v1/me/identity", YUNI.identity(), token=YUNI.token).status == 204
    town.settle()
    assert step(town, YUNI)["state"] == "done"


def test_a_correction_with_evidence_goes_through_the_registries_and_verifies(town: Town) -> None:
    reply = on_case(town, "corrections", correction(street="Jl. Kenanga 5"))
    assert (reply.status, reply.body["state"], reply.body["attempts_left"]) == (200, "submitted", 4)
    assert reply.body["history"][-1]["concerns"] == ["street"]
    assert set(told_by_mail(town, YUNI)) == {"Data identitas Anda telah diperbaiki", "Identitas Anda cocok"}
    assert step(town, YUNI)["state"] == "done"
    assert not [mail for mail in town.mails() if "Kenanga" in str(KeptMail(mail).mail)]


def test_documents_are_asked_for_handed_in_and_looked_at(town: Town) -> None:
    assert on_case(town, "document-requests", documents("family_card")).body["state"] == "documents_wanted"
    assert told_by_mail(town, YUNI) == ["Mohon unggah dokumen"]
    me = town.ask("GET", "/v1/me", token=YUNI.token).body
    assert [(each["kind"], each["state"]) for each in me["documents"]] == [
        ("id_card", "received"),
        ("family_card", "wanted"),
    ]
    assert step(town, YUNI)["next_action"] == "upload_documents"
    form = town.ask("POST", "/v1/me/documents", {"kind": "family_card"}, token=YUNI.token).body
    key = form["fields"]["key"]
    assert key.startswith(f"documents/{YUNI.id}/family_card/")
    hand_in(key)
    town.tell("receive_documents", Records=[{"s3": {"object": {"key": key}}}])
    assert seen(town)["state"] == "in_review"
    assert town.ask("GET", "/v1/me", token=YUNI.token).body["documents"] == []
    version = seen(town)["review_version"]
    assert on_case(town, "decisions", decision("accept", version)).body["state"] == "verified"


def test_a_nik_of_two_accounts_is_settled_by_the_one_who_lets_go(town: Town) -> None:
    """eka is verified under hers; zahra states it too."""
    zahra = CAST["zahra"]
    claimed = zahra.identity(nik=CAST["eka"].nik, family_card_no=CAST["eka"].family_card_no)
    town.ask("PUT", "/v1/me/identity", claimed, token=zahra.token)
    town.settle()
    case = seen(town, zahra)
    assert (case["state"], case["reasons"]) == ("in_review", ["identity_needs_assistance"])
    reply = on_case(town, "decisions", decision("accept", case["review_version"]), zahra)
    assert (reply.status, reply.body["code"]) == (409, "nik_held_by_another")
    refused = decision("refuse", case["review_version"], code="review_not_the_holder")
    assert on_case(town, "decisions", refused, zahra).status == 200
    assert town.ask("PUT", "/v1/me/identity", zahra.identity(), token=zahra.token).status == 204
    town.settle()
    assert step(town, zahra)["state"] == "done"


def test_whoever_is_found_to_be_the_holder_is_asked_about_and_verified(town: Town) -> None:
    """yuni stated zahra's NIK first and lets go of it; zahra, who waits for people, is accepted."""
    zahra, applicants = CAST["zahra"], bootstrap.applicants()
    mistaken = applicants.get(YUNI.id)
    assert mistaken.identity
    applicants.save_claim(replace(mistaken, identity=replace(mistaken.identity, nik=Nik(zahra.nik))))
    assert town.ask("PUT", "/v1/me/identity", zahra.identity(), token=zahra.token).status == 204
    town.settle()
    case = seen(town, zahra)
    assert case["reasons"] == ["identity_needs_assistance"]
    on_case(town, "decisions", decision("reopen", seen(town)["review_version"]))
    accepted = on_case(town, "decisions", decision("accept", case["review_version"]), zahra)
    assert (accepted.status, accepted.body["state"]) == (200, "submitted")
    town.settle()
    assert step(town, zahra)["state"] == "done"


# --- Two at once, twice, one's own ------------------------------------------------------------------------------------

VERBS: Mapping[str, Mapping[str, Any]] = {
    "decisions": decision("accept"),
    "corrections": correction(),
    "document-requests": documents("family_card"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_of_two_officers_at_once_one_is_told_that_the_case_has_moved(town: Town, verb: str) -> None:
    first = on_case(town, verb, VERBS[verb])
    with nothing_on_record(town):
        second = on_case(town, verb, VERBS[verb], token=cast.FIRST_APPROVER)
    assert (first.status, second.status, second.body["code"]) == (200, 409, "case_moved")


@pytest.mark.parametrize("verb", VERBS)
def test_the_same_officer_may_press_twice(town: Town, verb: str) -> None:
    first, watch = on_case(town, verb, VERBS[verb]), Watch(town.memory)
    second = on_case(town, verb, VERBS[verb])
    assert (second.status, without_place(second)) == (200, without_place(first))
    assert watch.effects() == set()


def without_place(reply: Reply) -> dict[str, Any]:
    return {**reply.body, "documents": sorted(map(str, reply.body["documents"]))}


@pytest.mark.parametrize("verb", [*VERBS, "disclosures"])
def test_nobody_deals_with_their_own_case(town: Town, verb: str) -> None:
    body = VERBS.get(verb, {"fields": ["nik"], "reason": REASON})
    watch = Watch(town.memory)
    reply = on_case(town, verb, body, token=cast.OWN_STAFF)
    assert (reply.status, reply.body["code"]) == (403, "not_allowed" if verb == "disclosures" else "own_case")
    assert watch.effects() == set()


def test_what_officers_do_leaves_nothing_personal_in_the_log(town: Town) -> None:
    with heard() as lines:
        seen(town)
        on_case(town, "disclosures", {"fields": ["nik", "email"], "reason": REASON}, token=cast.CASEWORKER)
        on_case(town, "corrections", correction(full_name=YUNI.full_name))
        on_case(town, "corrections", correction())
        town.settle()
    assert lines
    secret = (YUNI.nik, YUNI.full_name, NAME["full_name"], YUNI.email, YUNI.phone)
    assert not [line for line in lines for value in secret if value in line]
    rows = [repr(item) for (table, _, _), item in town.memory.rows().items() if table in ("audit", "applicants")]
    assert not [row for row in rows for value in secret if value in row]
