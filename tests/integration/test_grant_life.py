"""The grant's life through the doors: warned, revoked, ended, shared; by the clock that the laptop lets one move."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ClientCode, WaveNumber
from chalicelib.domain.ledger import OwnedAccount, partner_account
from infra.local.mails import KeptMail
from tests.integration import cast
from tests.integration.cast import CAST, DRAWN_WAVE, NOON, PLATFORM, PROVIDER, SCHEDULE, Person
from tests.integration.samples import sample
from tests.integration.town import Town
from tests.integration.upbringing import partner

JULI, LESTARI, OKA = CAST["juli"], CAST["lestari"], CAST["oka"]
GRANT = 3_500_000


def time_passes(town: Town, **span: float) -> None:
    town.clock.at = NOON + timedelta(**span)
    town.call("sweep_memberships", sample("schedules", "sweep_memberships", "good"))
    town.settle()


def subjects(town: Town, person: Person) -> list[str]:
    kept = map(KeptMail, town.mails())
    return [each.mail.subject for each in kept if person.email in each.to]


def told(town: Town, person: Person) -> dict[str, Any]:
    """One's own page, signed in anew: months may have passed."""
    signed_in = town.ask("POST", "/v1/sessions", {"email": person.email, "password": cast.PASSWORD})
    reply = town.ask("GET", "/v1/me", token=str(signed_in.body["token"]))
    assert reply.status == 200
    return dict(reply.body)


def balance(person: Person) -> int:
    return bootstrap.ledger().balance(person.id, OwnedAccount.TRAINING_BALANCE)


def test_whoever_never_buys_is_warned_once_revoked_and_told_why(town: Town) -> None:
    lapsed = bootstrap.places().lapsed(WaveNumber(DRAWN_WAVE))
    before = subjects(town, JULI)
    time_passes(town, days=11)
    assert subjects(town, JULI) == before
    for hours in (1, 2):
        time_passes(town, days=12, hours=hours)
    assert subjects(town, JULI) == [*before, "Beli pelatihan pertama paling lambat 2026-03-17"]
    for hours in (1, 2):
        time_passes(town, days=15, hours=hours)
    assert subjects(town, JULI)[len(before) + 1 :] == ["Kepesertaan Prakerja Anda dicabut"]
    page = told(town, JULI)
    assert (page["card"]["state"], page["card"]["returned_rupiah"]) == ("revoked", GRANT)
    assert page["card"]["training_balance_rupiah"] == balance(JULI) == 0
    last = page["timeline"][-1]
    assert (last["step"], last["state"], last["reason"]) == ("purchase", "failed", "first_purchase_missed")
    assert "went back to the state" in last["reason_text"]
    assert last["who_can_mend"]
    assert bootstrap.places().lapsed(WaveNumber(DRAWN_WAVE)) > lapsed
    assert bootstrap.places().freed(WaveNumber(DRAWN_WAVE), JULI.id)


def test_the_years_end_takes_what_is_left_and_leaves_what_was_bought(town: Town) -> None:
    left = balance(OKA)
    before = len(subjects(town, OKA))
    time_passes(town, days=250)
    assert len(subjects(town, OKA)) == before
    assert told(town, OKA)["card"]["balance_ends_at"] == "2026-12-15T16:59:59Z"
    for _ in range(2):
        time_passes(town, days=280)
    assert subjects(town, OKA)[before:] == ["Saldo pelatihan Anda berakhir 2026-12-15"]
    for _ in range(2):
        time_passes(town, days=289)
    assert subjects(town, OKA)[before + 1 :] == ["Saldo pelatihan Anda sudah berakhir"]
    page = told(town, OKA)
    assert (page["card"]["state"], page["card"]["returned_rupiah"], balance(OKA)) == ("ended", left, 0)
    steps = {step["step"]: step for step in page["timeline"]}
    assert (steps["balance"]["reason"], steps["certificate"]["state"]) == ("balance_returned", "done")


def test_a_sale_that_is_voided_after_the_deadline_costs_the_membership(town: Town) -> None:
    town.clock.at = NOON + timedelta(days=40)
    partner(town, PLATFORM).got("payment/void", {"invoice_code": LESTARI.invoice})
    assert balance(LESTARI) == GRANT
    time_passes(town, days=40, minutes=5)
    assert (told(town, LESTARI)["card"]["state"], balance(LESTARI)) == ("revoked", 0)


COURSE, PRICE, BY_GRANT, BY_BUYER = "sertifikat-ai", 4_000_000, 2_000_000, 2_000_000


@pytest.fixture
def certified(town: Town) -> Town:
    """A certification is on the list."""
    listed = {"title": "Sertifikasi AI", "platform": PLATFORM, "provider": PROVIDER, "price_rupiah": PRICE}
    days = {"starts_on": "2026-03-10", "ends_on": "2026-03-20", "sessions": 1, "seats": 10}
    for path, body in (
        (f"/v1/staff/courses/{COURSE}", {**listed, "method": "online", "category": "ai_certification"}),
        (f"/v1/staff/courses/{COURSE}/schedules/{SCHEDULE}", days),
    ):
        assert town.ask("PUT", path, body, token=cast.STAFF).status == 204
    return town


def test_an_expensive_course_is_shared_and_everybody_is_told(certified: Town) -> None:
    town, platform = certified, partner(certified, PLATFORM)
    card = told(town, JULI)["card"]["number"]
    asked = {"course_code": COURSE, "schedule_code": SCHEDULE, "user_platform_id": "90", "amount": PRICE}
    token = platform.got("payment/send-otp", {**asked, "prakerja_id": card})["payment_token"]
    town.settle()
    mail = next(each.mail for each in map(KeptMail, reversed(town.mails())) if JULI.email in each.to)
    assert f"Rp {BY_GRANT} dari saldo pelatihan Anda, dan Rp {BY_BUYER} Anda bayar sendiri" in mail.text
    (otp,) = re.findall(r"^\d{6}$", mail.text, re.MULTILINE)
    paid = platform.got(
        "payment/authorize",
        {"otp": otp, "invoice_code": "INV-AI", "invoice_url": "https://pijar.example/"},
        payment_token=token,
    )
    assert (paid["amount_by_grant"], paid["amount_by_buyer"]) == (BY_GRANT, BY_BUYER)
    assert platform.got("payment/status", {"invoice_code": "INV-AI"})["amount_by_buyer"] == BY_BUYER
    (training,) = town.ask("GET", "/v1/me/trainings", token=JULI.token).body["trainings"]
    shares = (training["amount_rupiah"], training["by_grant_rupiah"], training["by_buyer_rupiah"])
    assert shares == (PRICE, BY_GRANT, BY_BUYER)
    assert balance(JULI) == GRANT - BY_GRANT
    posting = bootstrap.ledger().postings_of(JULI.id)[-1]
    assert (posting.against, posting.amount) == (partner_account(ClientCode(PLATFORM)), BY_GRANT)


def test_replies_about_a_course_that_the_grant_pays_whole_are_as_published(town: Town) -> None:
    told = partner(town, PLATFORM).got("payment/status", {"invoice_code": LESTARI.invoice})
    assert told.keys() == {"invoice_code", "transaction_code", "status"}


def test_a_mistyped_category_is_refused(town: Town) -> None:
    listed = {"title": "X", "platform": PLATFORM, "provider": PROVIDER, "price_rupiah": 1, "method": "online"}
    reply = town.ask("PUT", "/v1/staff/courses/x", {**listed, "category": "ai"}, token=cast.STAFF)
    assert (reply.status, reply.body["code"], reply.body["field"]) == (400, "category_unknown", "category")
