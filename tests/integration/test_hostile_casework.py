"""What officers' and applicants' doors of assisted service refuse: in stable words, changing nothing."""

from typing import Any

import pytest

from tests.integration import cast
from tests.integration.casework import DOCUMENT, REASON, VERSION, hand_in, on_case, seen
from tests.integration.cast import CAST, Person
from tests.integration.effects import Watch
from tests.integration.refusals import assert_refused, refusal
from tests.integration.town import Reply, Town

YUNI, YANTI = CAST["yuni"], CAST["yanti"]
FIELDS = {"full_name": "Yuni Permata Sari"}
BODIES: dict[str, dict[str, Any]] = {
    "disclosures": {"fields": ["nik"], "reason": REASON},
    "decisions": {"outcome": "accept", "reason": REASON, "review_version": VERSION},
    "corrections": {
        "fields": FIELDS,
        "evidence_key": YUNI.document_key,
        "reason": REASON,
        "review_version": VERSION,
    },
    "document-requests": {"documents": ["family_card"], "reason": REASON, "review_version": VERSION},
}
TOKENS = {"disclosures": cast.CASEWORKER}
REASONS = {
    "": "400 field_too_short reason",
    "pendek": "400 field_too_short reason",
    "panjang sekali": "400 reason_too_short reason",
    "baris satu\nbaris dua tiga": "400 field_of_another_form reason",
    "kosong \x00 di tengah kata": "400 field_of_another_form reason",
    "\x1b[31m merah di layar": "400 field_of_another_form reason",
    "kata " * 200: "400 field_too_long reason",
    f"Yang menelepon {YUNI.full_name} sendiri.": "400 reason_is_personal reason",
    f"NIK-nya {YUNI.nik} menurut kartu.": "400 reason_is_personal reason",
    f"Menulis dari {YUNI.email} kemarin.": "400 reason_is_personal reason",
}
HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    *[(verb, {"tambahan": 1}, "400 field_unknown tambahan") for verb in BODIES],
    *[(verb, {"review_version": 0}, "400 field_too_small review_version") for verb in BODIES if verb != "disclosures"],
    ("decisions", {"outcome": "award"}, "400 field_no_choice outcome"),
    ("decisions", {"outcome": "refuse"}, "400 refusal_code_missing code"),
    ("decisions", {"code": "review_not_the_holder"}, "400 refusal_code_not_expected code"),
    ("decisions", {"outcome": "refuse", "code": "because"}, "400 field_no_choice code"),
    ("decisions", {"review_version": "three"}, "400 field_not_number review_version"),
    ("decisions", {"review_version": 99}, "409 case_moved"),
    ("disclosures", {"fields": []}, "400 field_too_few fields"),
    ("disclosures", {"fields": ["password_hash"]}, "400 field_no_choice fields.0"),
    ("disclosures", {"fields": ["nik"] * 13}, "400 field_too_many fields"),
    ("corrections", {"fields": {}}, "400 correction_changes_nothing fields"),
    ("corrections", {"fields": {"state": "verified"}}, "400 field_unknown fields.state"),
    ("corrections", {"fields": {"full_name": "\x07"}}, "400 field_of_another_form fields.full_name"),
    ("corrections", {"fields": {"nik": "3174"}}, "400 number_not_16_digits nik"),
    ("corrections", {"fields": {"birth_date": "1995-02-30"}}, "400 field_not_date fields.birth_date"),
    ("corrections", {"evidence_key": YANTI.document_key}, "400 evidence_unknown evidence_key"),
    ("corrections", {"evidence_key": "../../etc/passwd"}, "400 evidence_unknown evidence_key"),
    ("corrections", {"evidence_key": "k" * 301}, "400 field_too_long evidence_key"),
    ("document-requests", {"documents": []}, "400 field_too_few documents"),
    ("document-requests", {"documents": ["selfie"]}, "400 field_no_choice documents.0"),
]


def asked(town: Town, verb: str, language: str, person: Person = YUNI, **changes: Any) -> Reply:
    return town.ask(
        "POST",
        f"/v1/staff/cases/{person.reference}/{verb}",
        BODIES[verb] | changes,
        token=TOKENS.get(verb, cast.STAFF),
        language=language,
    )


@pytest.mark.parametrize("verb", BODIES)
@pytest.mark.parametrize("reason", REASONS, ids=range(len(REASONS)))
def test_a_reason_is_some_words_in_one_line_and_nothing_personal(town: Town, verb: str, reason: str) -> None:
    assert_refused(town, lambda language: asked(town, verb, language, reason=reason), refusal(REASONS[reason]))


@pytest.mark.parametrize(("verb", "changes", "told"), HOSTILE)
def test_bad_input_is_named_and_changes_nothing(town: Town, verb: str, changes: dict[str, Any], told: str) -> None:
    assert_refused(town, lambda language: asked(town, verb, language, **changes), refusal(told))


@pytest.mark.parametrize("verb", ["", *BODIES])
def test_a_reference_that_is_nobodys_is_answered_alike_whoever_asks(town: Town, verb: str) -> None:
    """Whether a person never stated an identity or does not exist at all."""
    unknown, watch = ("000000000000", CAST["ani"].reference), Watch(town.memory)
    replies = []
    for reference in unknown:
        path, token = f"/v1/staff/cases/{reference}/{verb}".rstrip("/"), TOKENS.get(verb, cast.STAFF)
        replies.append(town.ask("POST" if verb else "GET", path, BODIES.get(verb), token=token))
    assert {(reply.status, reply.body["code"]) for reply in replies} == {(404, "case_unknown")}
    assert len({str(reply.body | {"correlation_id": ""}) for reply in replies}) == 1
    assert watch.effects() == set()


@pytest.mark.parametrize("reference", ["x", "1" * 13, "ZZZZ-ZZZZ-ZZZ0", "%00" * 4, "..%2F..%2Fme", "é" * 12])
def test_a_slip_of_the_tongue_is_told_as_one(town: Town, reference: str) -> None:
    reply = town.ask("GET", f"/v1/staff/cases/{reference}", token=cast.STAFF)
    assert (reply.status, reply.body["code"]) == (400, "reference_mistyped")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/staff/cases?state=verified", "400 field_no_choice state"),
        ("/v1/staff/cases?state=in_review&nik=1", "400 field_unknown nik"),
        ("/v1/staff/cases?limit=1000", "400 limit_out_of_range limit"),
        ("/v1/staff/cases?after=%FF", "400 cursor_invalid after"),
        ("/v1/staff/audit", "400 field_missing subject"),
        (f"/v1/staff/audit?subject={'A' * 40}", "400 field_too_long subject"),
        ("/v1/staff/audit?subject=ZZZZZZZZZZZ0", "400 reference_mistyped reference"),
        ("/v1/staff/audit?subject=000000000000", "404 case_unknown reference"),
    ],
)
def test_a_list_says_what_it_does_not_take(town: Town, path: str, told: str) -> None:
    assert_refused(
        town, lambda language: town.ask("GET", path, token=cast.FIRST_APPROVER, language=language), refusal(told)
    )


@pytest.mark.parametrize("cursor", ["eA", "fHw", "MXxjaGFpbiMwfDA", "AAAA"])
def test_a_made_up_place_in_a_list_is_no_way_in(town: Town, cursor: str) -> None:
    seen(town)
    for path, token in (
        (f"/v1/staff/audit?subject={YUNI.reference}&after={cursor}", cast.FIRST_APPROVER),
        (f"/v1/me/access-log?after={cursor}", YANTI.token),
        (f"/v1/staff/cases?after={cursor}", cast.STAFF),
    ):
        reply = town.ask("GET", path, token=token)
        assert reply.status in (200, 400), reply.text
        assert YUNI.reference not in reply.text or token != YANTI.token


@pytest.mark.parametrize("verb", sorted(BODIES.keys() - {"disclosures"}))
def test_a_verified_person_is_left_alone(town: Town, verb: str) -> None:
    eka, watch = CAST["eka"], Watch(town.memory)
    version = int(seen(town, eka)["review_version"])
    reply = on_case(town, verb, BODIES[verb] | {"review_version": version}, eka)
    assert reply.body["code"] in ("illegal_transition", "evidence_unknown")
    assert watch.effects() == {"audit_entry kept"}


@pytest.mark.parametrize(
    ("person", "body", "told"),
    [
        (YUNI, {"kind": "id_card"}, (409, "document_not_wanted")),
        (CAST["zahra"], {"kind": "family_card"}, (409, "document_not_wanted")),
        (YANTI, {"kind": "passport"}, (400, "field_no_choice")),
        (YANTI, {"kind": "family_card", "type": "text/html"}, (400, "field_no_choice")),
        (YANTI, {"kind": "family_card", "key": "documents/x"}, (400, "field_unknown")),
    ],
)
def test_only_what_was_asked_for_is_taken(
    town: Town, person: Person, body: dict[str, str], told: tuple[int, str]
) -> None:
    reply = town.ask("POST", "/v1/me/documents", body, token=person.token)
    assert (reply.status, reply.body["code"]) == told


def test_the_form_pins_key_type_and_size(town: Town) -> None:
    body = {"kind": "family_card", "type": "application/pdf"}
    fields = town.ask("POST", "/v1/me/documents", body, token=YANTI.token).body["fields"]
    assert fields["key"].startswith(f"documents/{YANTI.id}/family_card/")
    assert fields["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("content", [b"MZ" + DOCUMENT, b"<html>" + DOCUMENT, b"", DOCUMENT * 2000])
def test_what_is_no_document_does_not_come_before_an_officer(town: Town, content: bytes) -> None:
    hand_in(YANTI.document_key + "x", content)
    town.tell("receive_documents", Records=[{"s3": {"object": {"key": YANTI.document_key + "x"}}}])
    me = town.ask("GET", "/v1/me", token=YANTI.token).body
    assert [(each["kind"], each["state"]) for each in me["documents"]] == [("family_card", "not_readable")]
