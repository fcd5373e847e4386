"""A partner's request that may not be is refused with its own code, field and words, and changes nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.use_cases.registration.proofs import code_of
from tests.integration import cast
from tests.integration.cast import (
    CAST,
    COURSE,
    OTHER_PARTNER,
    PLATFORM,
    PRICE,
    PROVIDER,
    SANDBOX_CODE,
    SCHEDULE,
    Person,
)
from tests.integration.effects import Watch
from tests.integration.partner_client import BASE
from tests.integration.refusals import Ask, assert_refused, refusal
from tests.integration.signing import signature_of
from tests.integration.town import Reply, Town
from tests.integration.upbringing import partner, redeem_code_of

KARTIKA, LESTARI, MAYA, VINA = (CAST[name] for name in ("kartika", "lestari", "maya", "vina"))


def asking(town: Town, client: str, verb: str, body: object, **more: Any) -> Ask:
    return lambda language: partner(town, client).ask(verb, body, language=language, **more)


def card_of(person: Person) -> str:
    membership = bootstrap.memberships().get(person.id)
    assert membership is not None
    return membership.card_number


def offer(person: Person, **other: object) -> dict[str, object]:
    stated = {"course_code": COURSE, "schedule_code": SCHEDULE, "user_platform_id": "pengguna", "amount": PRICE}
    return {**stated, "prakerja_id": card_of(person), **other}


def payment(person: Person, **other: object) -> dict[str, object]:
    return {"otp": person.otp, "invoice_code": person.invoice, "invoice_url": "", **other}


# --- Whose request is this? -------------------------------------------------------------------------------------------

SIGNATURES: dict[str, tuple[Mapping[str, str], str]] = {
    "forged": ({"signature": "0" * 40}, "401 signature_wrong signature"),
    "missing": ({"signature": ""}, "401 signature_wrong signature"),
    "in capitals": ({"signature": "943C20A8E36B6243F576404B00FFFDC86411CE1F"}, "401 signature_wrong signature"),
    "of no letters": ({"signature": "tanda tangan é"}, "401 signature_wrong signature"),
    "of another partner": ({"client_code": PROVIDER}, "401 signature_wrong signature"),
    "of nobody": ({"client_code": "siapa-ini"}, "401 signature_wrong signature"),
    "of six minutes ago": ({"timestamp": str(int(cast.NOON.timestamp()) - 301)}, "401 timestamp_stale timestamp"),
    "of six minutes hence": ({"timestamp": str(int(cast.NOON.timestamp()) + 301)}, "401 timestamp_stale timestamp"),
    "of no time": ({"timestamp": "kemarin"}, "401 timestamp_wrong timestamp"),
    "of arabic time": ({"timestamp": "١٧٧٢٤٢٧٦٠٠"}, "401 timestamp_wrong timestamp"),
    "of the end of time": ({"timestamp": "9" * 40}, "401 timestamp_wrong timestamp"),
}


@pytest.mark.parametrize(("headers", "expected"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_request_of_nobody_is_refused(town: Town, headers: dict[str, str], expected: str) -> None:
    body = {"invoice_code": LESTARI.invoice}
    assert_refused(town, asking(town, PLATFORM, "payment/void", body, **headers), refusal(expected))


def test_a_signature_is_good_for_its_own_body_and_path(town: Town) -> None:
    body = b'{"invoice_code": "INV-0012"}'
    signed = sent_headers(town, "payment/status", body)
    for path, content in (("payment/void", body), ("payment/status", body + b" ")):
        reply = town.ask("POST", f"/api/v1/integration/{path}", content, **signed)
        assert (reply.status, reply.body["reason"]) == (401, "signature_wrong")
    assert town.ask("POST", "/api/v1/integration/payment/status", body, **signed).status == 200


def sent_headers(town: Town, verb: str, body: bytes) -> dict[str, str]:
    timestamp = str(int(town.clock.now().timestamp()))
    signature = signature_of(PLATFORM, cast.SIGN_KEYS[PLATFORM], timestamp, f"{BASE}/{verb}", body)
    return {"client_code": PLATFORM, "timestamp": timestamp, "signature": signature}


# --- What is asked ----------------------------------------------------------------------------------------------------

OFFERS: dict[str, tuple[str, dict[str, object], str]] = {
    "another's course": (OTHER_PARTNER, {}, "400 course_not_of_partner course_code"),
    "a course that is not": (PLATFORM, {"course_code": "terbang"}, "404 course_unknown course_code"),
    "a schedule that is not": (PLATFORM, {"schedule_code": "kelak"}, "404 schedule_unknown schedule_code"),
    "another price": (PLATFORM, {"amount": PRICE + 1}, "400 amount_not_the_price amount"),
    "half a rupiah": (PLATFORM, {"amount": PRICE + 0.5}, "400 field_not_number amount"),
    "a mistyped card": (PLATFORM, {"prakerja_id": "8403620585795711"}, "400 card_number_invalid prakerja_id"),
    "a card in arabic": (PLATFORM, {"prakerja_id": "٨٤٠٣٦٢٠٥٨٥٧٩٥٧١٠"}, "400 card_number_invalid prakerja_id"),
    "nobody's card": (PLATFORM, {"prakerja_id": "8000000000000003"}, "404 card_unknown prakerja_id"),
}


@pytest.mark.parametrize(("client", "stated", "expected"), OFFERS.values(), ids=OFFERS)
def test_an_offer_that_cannot_be_is_refused(town: Town, client: str, stated: dict[str, object], expected: str) -> None:
    body = offer(CAST["juli"], **stated)
    assert_refused(town, asking(town, client, "payment/send-otp", body), refusal(expected))


def test_a_course_is_bought_after_the_induction_and_in_time(town: Town) -> None:
    early = asking(town, PLATFORM, "payment/send-otp", offer(CAST["indah"]))
    assert_refused(town, early, (409, "induction_missing", "prakerja_id"))
    with town.clock.later(days=15, minutes=1):
        late = asking(town, PLATFORM, "payment/send-otp", offer(CAST["juli"]))
        assert_refused(town, late, (409, "first_purchase_too_late", "prakerja_id"))


def test_a_balance_is_spent_once(town: Town) -> None:
    """3,500,000 less four times 750,000."""
    for _ in range(4):
        buy(town, CAST["juli"])
    fifth = asking(town, PLATFORM, "payment/send-otp", offer(CAST["juli"]))
    assert_refused(town, fifth, (409, "balance_too_small", "amount"))


def buy(town: Town, person: Person) -> Reply:
    token = partner(town, PLATFORM).got("payment/send-otp", offer(person))["payment_token"]
    otp = code_of("purchase", cast.INDEXER.index("payment_token", token), cast.INDEXER)
    body = {"otp": otp, "invoice_code": f"INV-{token[:8]}", "invoice_url": ""}
    return partner(town, PLATFORM).ask("payment/authorize", body, payment_token=token)


PAYMENTS: dict[str, tuple[dict[str, object], str, str]] = {
    "no token": ({}, "", "401 payment_token_missing Authorization"),
    "nobody's token": ({}, "bayar-siapa", "404 payment_token_unknown Authorization"),
    "a used invoice": (
        {"invoice_code": LESTARI.invoice},
        KARTIKA.payment_token,
        "409 invoice_already_used invoice_code",
    ),
    "no invoice": ({"invoice_code": ""}, KARTIKA.payment_token, "400 field_too_short invoice_code"),
    "no code": ({"otp": "12345"}, KARTIKA.payment_token, "400 field_of_another_form otp"),
    "a paid sale anew": ({"otp": LESTARI.otp}, LESTARI.payment_token, "409 illegal_transition"),
}


@pytest.mark.parametrize(("stated", "token", "expected"), PAYMENTS.values(), ids=PAYMENTS)
def test_a_payment_that_cannot_be_is_refused(town: Town, stated: dict[str, object], token: str, expected: str) -> None:
    paying = asking(town, PLATFORM, "payment/authorize", payment(KARTIKA, **stated), payment_token=token)
    assert_refused(town, paying, refusal(expected))


def test_anothers_token_pays_nothing(town: Town) -> None:
    paying = asking(town, OTHER_PARTNER, "payment/authorize", payment(KARTIKA), payment_token=KARTIKA.payment_token)
    assert_refused(town, paying, (404, "payment_token_unknown", "Authorization"))


def test_a_wrong_code_is_counted_and_nothing_else(town: Town) -> None:
    watch, wrong = Watch(town.memory), payment(KARTIKA, otp="000000")
    paying = asking(town, PLATFORM, "payment/authorize", wrong, payment_token=KARTIKA.payment_token)
    assert_refused(town, paying, (400, "code_wrong_or_expired", "otp"), {"purchase offered"})
    ((before, after),) = watch.changed()
    differing = {name for name in before | after if before.get(name) != after.get(name)}
    assert differing == {"code_failures", "version", "attempt", "correlation_id"}


def test_five_wrong_codes_end_an_offer(town: Town) -> None:
    for _ in range(5):
        wrong = payment(KARTIKA, otp="000000")
        assert (
            partner(town, PLATFORM).ask("payment/authorize", wrong, payment_token=KARTIKA.payment_token).status == 400
        )
    right = asking(town, PLATFORM, "payment/authorize", payment(KARTIKA), payment_token=KARTIKA.payment_token)
    assert_refused(town, right, (429, "code_attempts_used_up", "otp"))


def test_a_code_is_good_for_ten_minutes(town: Town) -> None:
    paying = asking(town, PLATFORM, "payment/authorize", payment(KARTIKA), payment_token=KARTIKA.payment_token)
    with town.clock.later(minutes=10.1):
        assert_refused(town, paying, (400, "code_wrong_or_expired", "otp"), {"purchase offered"})


def test_after_the_sale(town: Town) -> None:
    """Each by the partner who would be the right one but for this."""
    code, paid_code = redeem_code_of(MAYA), redeem_code_of(LESTARI)
    invited = {"redeem_code": code, "sequence": 3, "redirect_uri": "https://lembaga.example/"}
    for client, verb, body, expected in (
        (PLATFORM, "payment/void", {"invoice_code": "INV-9999"}, "404 invoice_unknown invoice_code"),
        (PLATFORM, "payment/void", {"invoice_code": VINA.invoice}, "409 invoice_already_voided invoice_code"),
        (PLATFORM, "payment/void", {"invoice_code": MAYA.invoice}, "409 illegal_transition"),
        (PROVIDER, "payment/void", {"invoice_code": LESTARI.invoice}, "404 invoice_unknown invoice_code"),
        (
            OTHER_PARTNER,
            "payment/redeem-code/commit",
            {"redeem_code": paid_code},
            "404 redeem_code_unknown redeem_code",
        ),
        (PROVIDER, "payment/redeem-code/commit", {"redeem_code": redeem_code_of(VINA)}, "409 illegal_transition"),
        (PROVIDER, "payment/redeem-code/reset", {"redeem_code": code}, "409 reset_only_in_sandbox redeem_code"),
        (
            OTHER_PARTNER,
            "payment/redeem-code/reset",
            {"redeem_code": SANDBOX_CODE},
            "404 redeem_code_unknown redeem_code",
        ),
        (PROVIDER, "oauth/url-generate", invited, "400 sequence_unknown sequence"),
        (
            PROVIDER,
            "oauth/url-generate",
            {**invited, "redeem_code": paid_code, "sequence": 1},
            "409 redeem_code_not_redeemed redeem_code",
        ),
    ):
        assert_refused(town, asking(town, client, verb, body), refusal(expected))


def test_a_voided_sale_is_no_success(town: Town) -> None:
    reply = partner(town, PLATFORM).ask("payment/authorize", payment(VINA), payment_token=VINA.payment_token)
    assert reply.status == 409


@pytest.mark.parametrize("empty", ["course_code", "schedule_code"])
def test_an_empty_code_is_no_outage(town: Town, empty: str) -> None:
    body = {"course_code": COURSE, "schedule_code": SCHEDULE, empty: ""}
    assert partner(town, PLATFORM).ask("payment/quota-schedule", body).status in (400, 404)
