"""Double entry: what one account gains another loses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import ledger
from chalicelib.domain.errors import InvalidInput, Misconfigured
from chalicelib.domain.identifiers import ApplicantId, PayoutId, PurchaseId
from chalicelib.domain.ledger import (
    GRANT_FUND,
    INCENTIVE_FUND,
    RECOVERIES,
    TREASURY,
    CorrectionReason,
    GrantReturn,
    OwnedAccount,
    Posting,
)
from chalicelib.domain.money import Rupiah
from tests.fakes import NOON

SITI, DAY = ApplicantId("siti"), date(2026, 11, 22)
BALANCE, DUE = f"{OwnedAccount.TRAINING_BALANCE}:siti", f"{OwnedAccount.INCENTIVE_DUE}:siti"
OWED, PENDING = f"{OwnedAccount.REPAYMENT}:siti", f"{OwnedAccount.SUSPENSE}:channel/bni/2026-11-22"
SALE = PurchaseId("p")
SENT: dict[str, Any] = {"bank": "bni", "attempt": 2, "now": NOON}
LINE: dict[str, Any] = {"bank": "bni", "now": NOON}
MISSED = GrantReturn.FIRST_PURCHASE_MISSED

EVENTS: dict[str, Callable[[Rupiah], Posting]] = {
    "grant": lambda amount: ledger.grant(SITI, wave=7, amount=amount, now=NOON),
    "sale": lambda amount: ledger.purchase(SITI, SALE, partner="belajar", amount=amount, now=NOON),
    "void": lambda amount: ledger.purchase_voided(SITI, SALE, partner="belajar", amount=amount, now=NOON),
    "return": lambda amount: ledger.grant_returned(SITI, wave=7, reason=MISSED, amount=amount, now=NOON),
    "due": lambda amount: ledger.incentive_due(SITI, PayoutId("i"), amount=amount, now=NOON),
    "cancel": lambda amount: ledger.incentive_cancelled(SITI, PayoutId("i"), amount=amount, now=NOON),
    "paid": lambda amount: ledger.incentive_paid(SITI, PayoutId("i"), amount=amount, **SENT),
    "reverse": lambda amount: ledger.incentive_reversed(SITI, PayoutId("i"), amount=amount, **SENT),
    "demand": lambda amount: ledger.repayment_demanded(SITI, "d", amount=amount, now=NOON),
    "repay": lambda amount: ledger.repaid(SITI, "d", number=1, amount=amount, now=NOON),
    "owe back": lambda amount: ledger.owed_back(SITI, "d", number=1, amount=amount, now=NOON),
    "give back": lambda amount: ledger.given_back(SITI, "d", number=2, amount=amount, now=NOON),
    "forgive": lambda amount: ledger.written_off(SITI, "d", amount=amount, now=NOON),
    "suspend": lambda amount: ledger.suspended(DAY, "l", adds=False, amount=amount, **LINE),
    "clear": lambda amount: ledger.cleared(DAY, "l", adds=True, amount=amount, **LINE),
    "clear elsewhere": lambda amount: ledger.cleared(DAY, "m", adds=True, amount=amount, against=TREASURY, **LINE),
}

MEANING = {
    "grant": ("grant/7", BALANCE, 5, GRANT_FUND),
    "sale": ("purchase/p", BALANCE, -5, "partner:belajar"),
    "void": ("purchase-voided/p", BALANCE, 5, "partner:belajar"),
    "return": ("grant-returned/7/first_purchase_missed", BALANCE, -5, TREASURY),
    "due": ("incentive-due/i", DUE, 5, INCENTIVE_FUND),
    "cancel": ("incentive-cancelled/i", DUE, -5, INCENTIVE_FUND),
    "paid": ("incentive-paid/i/2", DUE, -5, "bank:bni"),
    "reverse": ("incentive-reversed/i/2", DUE, 5, "bank:bni"),
    "demand": ("repayment-demanded/d", OWED, -5, RECOVERIES),
    "repay": ("repaid/d/1", OWED, 5, TREASURY),
    "owe back": ("owed-back/d/1", "overpaid:siti", 5, RECOVERIES),
    "give back": ("given-back/d/2", "overpaid:siti", -5, TREASURY),
    "forgive": ("written-off/d", OWED, 5, RECOVERIES),
    "suspend": ("suspended/l", PENDING, -5, "bank:bni"),
    "clear": ("cleared/l", PENDING, 5, "bank:bni"),
    "clear elsewhere": ("cleared/m", PENDING, 5, TREASURY),
}


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_has_a_name_and_moves_money_between_two_accounts(event: str) -> None:
    key, account, signed, against = MEANING[event]
    posting = EVENTS[event](Rupiah(5))
    assert (posting.key, posting.lines()) == (key, ((account, signed), (against, -signed)))


@pytest.mark.parametrize("event", EVENTS)
@given(amount=st.integers(1, 10**12))
def test_every_posting_sums_to_zero(event: str, amount: int) -> None:
    assert sum(signed for _, signed in EVENTS[event](Rupiah(amount)).lines()) == 0


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_is_not_posted(event: str) -> None:
    with pytest.raises(Misconfigured, match="posting_of_nothing"):
        EVENTS[event](Rupiah(0))


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("amount", [-1, 0.5, 600_000.0, True, "600000", None])
def test_what_is_no_whole_amount_is_refused(event: str, amount: Any) -> None:
    with pytest.raises(InvalidInput, match="amount_invalid") as refused:
        EVENTS[event](amount)
    assert refused.value.field == "amount"


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_is_worth_more_than_a_million_million(event: str) -> None:
    with pytest.raises(InvalidInput, match="amount_too_large") as refused:
        EVENTS[event](Rupiah(10**12 + 1))
    assert refused.value.details == {"most": 10**12}


@pytest.mark.parametrize("event", EVENTS)
def test_a_posting_is_named_by_what_happened_and_not_by_when(event: str) -> None:
    assert EVENTS[event](Rupiah(5)).key == EVENTS[event](Rupiah(7)).key


def test_different_events_have_different_names() -> None:
    keys = {make(Rupiah(5)).key for make in EVENTS.values()}
    assert len(keys) == len(EVENTS)
    assert ledger.grant(SITI, wave=8, amount=Rupiah(5), now=NOON).key not in keys


def test_a_sale_and_its_undoing_leave_nothing() -> None:
    lines = [line for event in ("sale", "void") for line in EVENTS[event](Rupiah(5)).lines()]
    assert sum(amount for account, amount in lines if account == BALANCE) == 0


@pytest.mark.parametrize("event", EVENTS)
def test_a_correction_is_the_same_the_other_way_round(event: str) -> None:
    wrong = EVENTS[event](Rupiah(5))
    right = ledger.correction(wrong, reason=CorrectionReason.WRONG_AMOUNT, now=NOON)
    assert (right.key, right.reason) == (f"correction/{wrong.key}", "wrong_amount")
    assert right.lines() == tuple((account, -amount) for account, amount in wrong.lines())


def test_a_person_has_no_suspense_and_a_banks_day_nothing_else() -> None:
    nobody = ApplicantId(ledger.channel_owner("bni", DAY))
    with pytest.raises(Misconfigured, match="account_not_of_owner"):
        ledger.grant(nobody, wave=7, amount=Rupiah(5), now=NOON)
