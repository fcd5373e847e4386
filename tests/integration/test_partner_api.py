"""The published partner API, as existing clients speak it: a sale from offer to certificate, and one that is undone."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ClientCode
from chalicelib.use_cases.training.enrol_partner import enrol_partner
from chalicelib.use_cases.training.find_partner import SignedRequest, signature_of
from infra.local.mails import KeptMail
from tests.integration import cast, signing
from tests.integration.cast import CAST, COURSE, PLATFORM, PRICE, PROVIDER, SANDBOX_CODE, SCHEDULE, Person
from tests.integration.founding import Told
from tests.integration.partner_client import PartnerClient
from tests.integration.town import Town
from tests.integration.upbringing import partner, redeem_code_of

JULI, LESTARI, MAYA = CAST["juli"], CAST["lestari"], CAST["maya"]
GRANT = 3_500_000
STATUS_FIELDS = {
    *("redeem_code", "course_code", "invoice_code", "schedule_code", "status", "attendance_status", "redeem_at"),
    *("dp_platform", "schedule_start_end", "course_type", "course_type_label", "course_learning_method"),
    *("is_online_attendance", "sequence"),
}

VECTOR_KEY = "my_sign_key"
VECTOR_PATH, VECTOR_BODY = "/api/v1/integration/payment/redeem-code/commit", b'{"redeem_code":"code"}'
VECTOR_SIGNATURE = "943c20a8e36b6243f576404b00fffdc86411ce1f"
VECTOR_HEADERS = {"client_code": "myclient_code", "timestamp": "1516239022", "signature": VECTOR_SIGNATURE}


@pytest.fixture
def platform(town: Town) -> PartnerClient:
    return partner(town, PLATFORM)


@pytest.fixture
def provider(town: Town) -> PartnerClient:
    return partner(town, PROVIDER)


# --- Signatures -------------------------------------------------------------------------------------------------------


def test_both_sides_sign_as_the_published_example() -> None:
    client, timestamp = VECTOR_HEADERS["client_code"], VECTOR_HEADERS["timestamp"]
    theirs = signing.signature_of(client, VECTOR_KEY, timestamp, VECTOR_PATH, VECTOR_BODY)
    ours = signature_of(SignedRequest(client, timestamp, "", VECTOR_PATH, VECTOR_BODY), VECTOR_KEY)
    assert ours == theirs == VECTOR_SIGNATURE


def test_the_published_example_is_let_in_at_its_time(town: Town) -> None:
    enrol_partner(ClientCode("myclient_code"), "Contoh", courses=bootstrap.courses(), chance=Told(VECTOR_KEY))
    town.clock.at = datetime.fromtimestamp(1516239022, UTC)
    reply = town.ask("POST", VECTOR_PATH, VECTOR_BODY, **VECTOR_HEADERS)
    assert (reply.status, reply.body["reason"]) == (404, "redeem_code_unknown")
    forged = VECTOR_HEADERS | {"signature": VECTOR_SIGNATURE.replace("943", "944")}
    assert town.ask("POST", VECTOR_PATH, VECTOR_BODY, **forged).status == 401


def test_header_names_may_be_written_with_a_hyphen_and_in_capitals(town: Town) -> None:
    """Proxies on the way change both."""
    enrol_partner(ClientCode("myclient_code"), "Contoh", courses=bootstrap.courses(), chance=Told(VECTOR_KEY))
    town.clock.at = datetime.fromtimestamp(1516239022, UTC)
    sent = {"Client-Code": "myclient_code", "TIMESTAMP": "1516239022", "Signature": VECTOR_SIGNATURE}
    assert town.ask("POST", VECTOR_PATH, VECTOR_BODY, **sent).status == 404


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(town: Town, platform: PartnerClient, seconds: int) -> None:
    timestamp = str(int(cast.NOON.timestamp()) + seconds)
    assert platform.ask("payment/status", {"invoice_code": LESTARI.invoice}, timestamp=timestamp).status == 200


def test_fields_that_we_do_not_know_are_ignored(platform: PartnerClient) -> None:
    told = platform.got("payment/status", {"invoice_code": LESTARI.invoice, "versi_klien": 7})
    assert told["status"] == "SUCCESS"


# --- A sale -----------------------------------------------------------------------------------------------------------


def offered(town: Town, platform: PartnerClient, person: Person) -> tuple[str, str]:
    """(payment token, the code in the holder's mail)."""
    card = town.ask("GET", "/v1/me", token=person.token).body["card"]["number"]
    asked = {"course_code": COURSE, "schedule_code": SCHEDULE, "user_platform_id": "pengguna-10"}
    token = platform.got("payment/send-otp", {**asked, "prakerja_id": card, "amount": PRICE})["payment_token"]
    town.settle()
    return str(token), mailed_code(town, person)


def mailed_code(town: Town, person: Person) -> str:
    newest = [kept.mail.text for kept in map(KeptMail, town.mails()) if person.email in kept.to][-1]
    return str(re.findall(r"^\d{6}$", newest, re.MULTILINE)[0])


def balance(town: Town, person: Person) -> Any:
    return town.ask("GET", "/v1/me", token=person.token).body["card"]["training_balance_rupiah"]


def seats(platform: PartnerClient) -> Any:
    return platform.got("payment/quota-schedule", {"course_code": COURSE, "schedule_code": SCHEDULE})["quota"]


def bought(town: Town, platform: PartnerClient, person: Person) -> dict[str, Any]:
    token, otp = offered(town, platform, person)
    paid = {"otp": otp, "invoice_code": person.invoice, "invoice_url": "https://pijar.example/i"}
    first, again = (platform.got("payment/authorize", paid, payment_token=token) for _ in range(2))
    assert first == again
    return first


def test_a_course_is_bought_with_the_holders_code(town: Town, platform: PartnerClient) -> None:
    seats_before = seats(platform)
    assert balance(town, JULI) == GRANT
    sale = bought(town, platform, JULI)
    assert (sale["status"], sale["transaction_code"][:4]) == ("SUCCESS", "TRX-")
    assert (balance(town, JULI), seats(platform)) == (GRANT - PRICE, seats_before - 1)
    told = platform.got("payment/status", {"invoice_code": JULI.invoice})
    assert told == {"invoice_code": JULI.invoice, "transaction_code": sale["transaction_code"], "status": "SUCCESS"}


def test_a_sale_is_undone_once(town: Town, platform: PartnerClient, provider: PartnerClient) -> None:
    before, seats_before, invoice = balance(town, LESTARI), seats(platform), {"invoice_code": LESTARI.invoice}
    assert platform.got("payment/void", invoice) == {**invoice, "status": "VOID"}
    assert (balance(town, LESTARI), seats(platform)) == (before + PRICE, seats_before + 1)
    assert platform.got("payment/status", invoice)["status"] == "VOID"
    assert provider.got("payment/redeem-code/status", {"redeem_code": redeem_code_of(LESTARI)})["status"] == "VOID"
    again = platform.ask("payment/void", invoice)
    assert (again.status, again.body["success"], again.body["code"]) == (409, False, "ERRPLT40028")
    assert balance(town, LESTARI) == before + PRICE


@pytest.mark.parametrize("verb", ["payment/void", "payment/status"])
def test_an_unknown_invoice_has_the_published_code(platform: PartnerClient, verb: str) -> None:
    reply = platform.ask(verb, {"invoice_code": "INV-9999"})
    assert (reply.status, reply.body["success"], reply.body["code"]) == (404, False, "ERRVOD40001")
    assert reply.body["message"]


# --- A training -------------------------------------------------------------------------------------------------------


def test_a_code_is_redeemed_once(provider: PartnerClient, platform: PartnerClient) -> None:
    asked = {"redeem_code": redeem_code_of(LESTARI)}
    told = provider.got("payment/redeem-code/status", asked)
    assert told.keys() == STATUS_FIELDS
    assert (told["status"], told["redeem_at"], told["attendance_status"]) == ("UNREDEEMED", None, "ABSENT")
    first, again = (provider.got("payment/redeem-code/commit", asked) for _ in range(2))
    assert first == again == {**asked, "course_code": COURSE, "status": "REDEEMED"}
    told = platform.got("payment/redeem-code/status", asked)
    assert (told["status"], told["invoice_code"], told["dp_platform"]) == ("REDEEMED", LESTARI.invoice, PLATFORM)


def test_a_redemption_is_told_by_jakartas_clock(town: Town, provider: PartnerClient) -> None:
    asked = {"redeem_code": redeem_code_of(LESTARI)}
    provider.got("payment/redeem-code/commit", asked)
    assert town.clock.now().hour == 5, "by UTC"
    assert provider.got("payment/redeem-code/status", asked)["redeem_at"] == "2026-03-02 12:00:00"


def test_a_training_is_attended_by_signing_in_and_ends_in_a_certificate(town: Town, provider: PartnerClient) -> None:
    code = redeem_code_of(MAYA)
    for sequence in cast.SEQUENCES:
        asked = {"redeem_code": code, "sequence": sequence}
        assert provider.got("payment/redeem-code/status", asked)["attendance_status"] == "ABSENT"
        invited = provider.got("oauth/url-generate", {**asked, "redirect_uri": "https://lembaga.example/kelas"})
        assert invited["url"].endswith(f"/attend#{invited['state']}")
        assert invited["course"]["learning_method"] == "online"
        attended = town.ask("POST", "/v1/me/attendances", {"state": invited["state"]}, token=MAYA.token)
        assert (attended.status, attended.body["attended"][-1]) == (201, sequence)
        assert provider.got("payment/redeem-code/status", asked)["attendance_status"] == "PRESENT"
    assert provider.got("payment/redeem-code/status", {"redeem_code": code})["attendance_status"] == "PRESENT"
    town.settle()
    (training,) = town.ask("GET", "/v1/me/trainings", token=MAYA.token).body["trainings"]
    assert (training["state"], training["certificate_no"][:14]) == ("certified", "PRAKERJA-2026-")


def test_who_attends_twice_attends_once(town: Town, provider: PartnerClient) -> None:
    asked = {"redeem_code": redeem_code_of(MAYA), "sequence": 1, "redirect_uri": "https://lembaga.example/"}
    state = {"state": provider.got("oauth/url-generate", asked)["state"]}
    replies = [town.ask("POST", "/v1/me/attendances", state, token=MAYA.token) for _ in range(2)]
    assert [(reply.status, reply.body["attended"]) for reply in replies] == [(201, [1])] * 2


def test_a_code_of_the_sandbox_is_reset(provider: PartnerClient) -> None:
    asked = {"redeem_code": SANDBOX_CODE}
    assert provider.got("payment/redeem-code/status", asked)["status"] == "REDEEMED"
    assert provider.got("payment/redeem-code/reset", asked) == {}
    assert provider.got("payment/redeem-code/status", asked)["status"] == "UNREDEEMED"
