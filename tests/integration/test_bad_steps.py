"""A step that may not be taken is refused with its own code, field and words, and changes nothing."""

from typing import Any

import pytest

from tests.integration import cast
from tests.integration.cast import CAST, OPEN_WAVE, PASSWORD
from tests.integration.refusals import Ask, Refusal, assert_refused, refusal
from tests.integration.town import Town
from tests.integration.upbringing import redeem_code_of

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
ANI, MAYA = CAST["ani"], CAST["maya"]
FAILURES = {"failures kept"}
WRONG = "code_wrong_or_expired"
FORM = (400, "field_of_another_form", "code")


def asking(town: Town, route: str, body: object = None, token: str = "") -> Ask:
    method, path = route.split(" ")
    return lambda language: town.ask(method, path, body, token=token, language=language)


# --- Codes, links, passwords ------------------------------------------------------------------------------------------


def verifying(town: Town, **proof: str) -> Ask:
    return asking(town, "POST /v1/email-verifications", {"password": PASSWORD, **proof})


BY_CODE = {"email": ANI.email, "code": ANI.email_code}
BY_LINK = {"token": ANI.link_token}


COUNTED = {"code": FAILURES, "token": set[str]()}
"""Typed codes are counted; a link's proof is not guessed."""


@pytest.mark.parametrize(("proof", "minutes", "field"), [(BY_CODE, 10.1, "code"), (BY_LINK, 24 * 60 + 1, "token")])
def test_a_code_lives_ten_minutes_and_a_link_a_day(
    town: Town, proof: dict[str, str], minutes: float, field: str
) -> None:
    with town.clock.later(minutes=minutes):
        assert_refused(town, verifying(town, **proof), (400, WRONG, field), COUNTED[field])
    with town.clock.later(minutes=minutes - 1):
        assert verifying(town, **proof)("en").status == 201


@pytest.mark.parametrize(("proof", "field"), [(BY_CODE, "code"), (BY_LINK, "token")])
def test_a_code_or_link_is_good_once(town: Town, proof: dict[str, str], field: str) -> None:
    assert verifying(town, **proof)("en").status == 201
    assert_refused(town, verifying(town, **proof), (400, WRONG, field), COUNTED[field])


def test_a_code_and_a_link_are_void_when_new_ones_were_sent(town: Town) -> None:
    town.tell("open_accounts", email=ANI.email, language="id", registration_id="noch-einmal")
    assert_refused(town, verifying(town, **BY_CODE), (400, WRONG, "code"), FAILURES)
    assert_refused(town, verifying(town, **BY_LINK), (400, WRONG, "token"))


def test_after_five_wrong_codes_even_the_right_one_has_to_wait(town: Town) -> None:
    for _ in range(5):
        assert verifying(town, email=ANI.email, code="000000")("en").status == 400
    assert_refused(town, verifying(town, **BY_CODE), (429, "too_many_attempts", None))
    with town.clock.later(minutes=15.1):
        assert_refused(town, verifying(town, **BY_CODE), (400, WRONG, "code"), FAILURES)


def test_five_wrong_codes_do_not_shut_out_the_link(town: Town) -> None:
    for _ in range(5):
        assert verifying(town, email=ANI.email, code="000000")("en").status == 400
    assert verifying(town, **BY_LINK)("en").status == 201


def test_after_ten_wrong_passwords_even_the_right_one_has_to_wait(town: Town) -> None:
    body = {"email": CAST["zahra"].email, "password": "bukan kata sandinya"}
    for _ in range(10):
        assert town.ask("POST", "/v1/sessions", body).status == 401
    signing_in = asking(town, "POST /v1/sessions", {**body, "password": PASSWORD})
    assert_refused(town, signing_in, (429, "too_many_attempts", None))


PROOFS: dict[str, tuple[dict[str, Any], Refusal, set[str]]] = {
    "another's code": ({"email": CAST["budi"].email, "code": ANI.email_code}, (400, WRONG, "code"), FAILURES),
    "half a token": ({"token": ANI.link_token[:-1]}, (400, WRONG, "token"), set()),
    "a token for nobody": ({"token": "ü~\0"}, (400, WRONG, "token"), set()),
    "arabic digits": ({"email": ANI.email, "code": ANI.email_code.translate(ARABIC)}, FORM, set()),
    "five digits": ({"email": ANI.email, "code": "12345"}, FORM, set()),
    "no proof": ({}, (400, "token_or_code_missing", "token"), set()),
    "a code for no address": ({"code": "123456"}, (400, "token_or_code_missing", "token"), set()),
    "no address": ({"email": "ani", "code": "123456"}, (400, "email_invalid", "email"), set()),
    "a short password": ({**BY_LINK, "password": "7 signs"}, (400, "password_length", "password"), set()),
    "a long password": ({**BY_LINK, "password": "x" * 129}, (400, "password_length", "password"), set()),
}


@pytest.mark.parametrize(("proof", "expected", "counted"), PROOFS.values(), ids=PROOFS)
def test_a_proof_that_is_none_is_refused(
    town: Town, proof: dict[str, Any], expected: Refusal, counted: set[str]
) -> None:
    assert_refused(town, verifying(town, **proof), expected, counted)


def test_an_empty_token_is_no_outage(town: Town) -> None:
    assert verifying(town, token="")("en").status == 400


# --- Steps of applicants and staff ------------------------------------------------------------------------------------

REGISTRATIONS, WAVES, COURSES = "POST /v1/registrations", "POST /v1/staff/waves", "PUT /v1/staff/courses/x"
JOIN, ACCOUNT, IDENTITY = f"PUT /v1/me/waves/{OPEN_WAVE}/entry", "PUT /v1/me/payout-account", "PUT /v1/me/identity"
VIDEO, APPROVAL = "PUT /v1/me/induction/videos/1", "PUT /v1/staff/payouts/1.x/release"
WAVE = {"number": 9, "opens_at": "2026-03-09T19:00:00Z", "quota": 10, "scheme": "2023"}
WAVE |= {"closes_at": "2026-03-13T16:00:00Z", "announces_at": "2026-03-14T16:00:00Z"}
FAR = {"closes_at": "9999-12-31T23:59:59Z", "announces_at": "9999-12-31T23:59:59Z"}
LISTED = {"title": "x", "platform": cast.PLATFORM, "provider": cast.PROVIDER, "price_rupiah": 1, "method": "online"}
BNI = {"bank": "bni", "account_no": "12345678"}
EKA, WULAN, STAFF = CAST["eka"], CAST["wulan"], cast.STAFF

STEPS: dict[str, tuple[str, object, str, str]] = {
    "an address with null": (REGISTRATIONS, {"email": "a\0@b.example"}, "", "400 email_invalid email"),
    "an address of two lines": (REGISTRATIONS, {"email": "a@b.id\nc@d.id"}, "", "400 email_invalid email"),
    "wave 3 in arabic": ("GET /v1/waves/%D9%A3", None, "", "400 number_expected number"),
    "a page of nowhere": ("GET /v1/waves?after=bnVs", None, "", "400 number_expected after"),
    "a wave that is not": ("PUT /v1/me/waves/77/entry", None, EKA.token, "404 wave_unknown wave"),
    "a wave that is closed": ("PUT /v1/me/waves/2/entry", None, EKA.token, "409 wave_closed wave"),
    "too early for a wave": (JOIN, None, CAST["budi"].token, "409 steps_missing"),
    "nobody's induction": (VIDEO, None, EKA.token, "404 not_a_recipient"),
    "nobody's account": (ACCOUNT, BNI, EKA.token, "404 not_a_recipient"),
    "an account in arabic": (
        ACCOUNT,
        {**BNI, "account_no": "١٢٣٤٥٦٧٨"},
        MAYA.token,
        "400 account_no_invalid account_no",
    ),
    "another account": (ACCOUNT, BNI, WULAN.token, "409 illegal_transition"),
    "another identity": (IDENTITY, EKA.identity(), EKA.token, "409 illegal_transition"),
    "a wave twice": (WAVES, WAVE | {"number": 1}, STAFF, "409 wave_already_planned number"),
    "a wave of the past": (WAVES, WAVE | {"opens_at": "2026-03-01T00:00:00Z"}, STAFF, "400 time_is_past opens_at"),
    "a wave of no zone": (WAVES, WAVE | {"closes_at": "2026-03-13T16:00:00"}, STAFF, "400 field_not_date closes_at"),
    "a scheme that is not": (WAVES, WAVE | {"scheme": "1999"}, STAFF, "400 scheme_unknown scheme"),
    "a platform that is not": (COURSES, LISTED | {"platform": "siapa"}, STAFF, "400 partner_unknown platform"),
    "a payout that is not": (APPROVAL, None, cast.FIRST_APPROVER, "404 payout_unknown payout_id"),
}


@pytest.mark.parametrize(("route", "body", "token", "expected"), STEPS.values(), ids=STEPS)
def test_a_step_that_may_not_be_is_refused(town: Town, route: str, body: object, token: str, expected: str) -> None:
    assert_refused(town, asking(town, route, body, token), refusal(expected))


def test_a_recipient_does_not_join_again_and_has_it_in_writing(town: Town) -> None:
    joining = asking(town, JOIN, token=MAYA.token)
    assert_refused(town, joining, (409, "earlier_recipient", None), {"receipt kept"})


def test_a_wave_is_joined_once(town: Town) -> None:
    joining = asking(town, JOIN, token=EKA.token)
    assert joining("en").status == 201
    assert_refused(town, joining, (409, "wave_already_joined", "wave"))


def test_whoever_comes_too_early_reads_what_is_missing_and_programs_get_its_codes(town: Town) -> None:
    joining = asking(town, JOIN, token=CAST["budi"].token)
    indonesian, english = joining("id").body, joining("en").body
    assert "photo_selfie" in indonesian["reasons"]
    assert indonesian["reasons"] == english["reasons"]
    assert ("Swafoto" in indonesian["message"], "Selfie" in english["message"]) == (True, True)
    assert not [code for code in indonesian["reasons"] if code in indonesian["message"] + english["message"]]


def test_a_wave_is_closed_by_its_time(town: Town) -> None:
    token = EKA.token
    with town.clock.later(seconds=-31):
        assert_refused(town, asking(town, JOIN, token=token), (409, "wave_closed", "wave"))


def test_a_training_is_reviewed_once(town: Town) -> None:
    review = {"redeem_code": redeem_code_of(CAST["oka"]), "stars": 4, "text": "Baik."}
    reviewing = asking(town, "POST /v1/me/reviews", review, CAST["oka"].token)
    assert reviewing("en").status == 204
    assert_refused(town, reviewing, (409, "review_already_written", None))


def test_a_training_is_reviewed_after_its_end(town: Town) -> None:
    review = {"redeem_code": redeem_code_of(MAYA), "stars": 4, "text": "Baik."}
    assert_refused(town, asking(town, "POST /v1/me/reviews", review, MAYA.token), (409, "training_not_completed", None))


def test_a_batch_of_payouts_is_approved_by_two_people(town: Town) -> None:
    path = f"/v1/staff/payout-batches/{WULAN.batch_id}"
    seen = {"checksum": town.ask("GET", path, token=STAFF).body["checksum"]}
    first, second = (
        asking(town, f"PUT {path}/approval", seen, each) for each in (cast.FIRST_APPROVER, cast.SECOND_APPROVER)
    )
    assert first("en").body["state"] == "approved_once"
    assert_refused(town, first, (403, "approver_must_differ", None))
    assert second("en").body["state"] == "approved"
    assert_refused(town, first, (409, "illegal_transition", None))
    assert_refused(town, second, (409, "illegal_transition", None))


def test_a_held_payout_is_let_go_by_two_people(town: Town) -> None:
    path = f"/v1/staff/payouts/{CAST['vivi'].payout_id}/release"
    first, second = (asking(town, f"PUT {path}", token=each) for each in (cast.FIRST_APPROVER, cast.SECOND_APPROVER))
    assert first("en").body["state"] == "held"
    assert_refused(town, first, (403, "approver_must_differ", None))
    assert second("en").body["state"] == "ready"


def test_the_end_of_time_is_no_bug(town: Town) -> None:
    assert town.ask("POST", "/v1/staff/waves", WAVE | FAR, token=STAFF).status == 400


def test_a_long_code_is_no_outage(town: Town) -> None:
    assert town.ask("PUT", f"/v1/staff/courses/{'x' * 1025}", LISTED, token=STAFF).status == 400
