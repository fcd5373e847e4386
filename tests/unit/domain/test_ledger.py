"""Double entry: what one account gains another loses."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import ledger
from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import ApplicantId, PayoutId, PurchaseId
from chalicelib.domain.ledger import GRANT_FUND, INCENTIVE_FUND, TREASURY, PersonAccount, Posting
from chalicelib.domain.money import Rupiah
from tests.fakes import NOON

SITI = ApplicantId("siti")
BALANCE, DUE = f"{PersonAccount.TRAINING_BALANCE}:siti", f"{PersonAccount.INCENTIVE_DUE}:siti"

EVENTS: dict[str, Callable[[Rupiah], Posting]] = {
    "grant": lambda amount: ledger.grant(SITI, wave=7, amount=amount, now=NOON),
    "sale": lambda amount: ledger.purchase(SITI, PurchaseId("p"), partner="belajar", amount=amount, now=NOON),
    "void": lambda amount: ledger.purchase_voided(SITI, PurchaseId("p"), partner="belajar", amount=amount, now=NOON),
    "due": lambda amount: ledger.incentive_due(SITI, PayoutId("i"), amount=amount, now=NOON),
    "paid": lambda amount: ledger.incentive_paid(SITI, PayoutId("i"), amount=amount, now=NOON),
}


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        ("grant", ((BALANCE, 5), (GRANT_FUND, -5))),
        ("sale", ((BALANCE, -5), ("partner:belajar", 5))),
        ("void", ((BALANCE, 5), ("partner:belajar", -5))),
        ("due", ((DUE, 5), (INCENTIVE_FUND, -5))),
        ("paid", ((DUE, -5), (TREASURY, 5))),
    ],
)
def test_each_event_moves_money_between_these_accounts(event: str, lines: tuple[tuple[str, int], ...]) -> None:
    assert EVENTS[event](Rupiah(5)).lines() == lines


@pytest.mark.parametrize("event", EVENTS)
@given(amount=st.integers(1, 10**13))
def test_every_posting_sums_to_zero(event: str, amount: int) -> None:
    assert sum(signed for _, signed in EVENTS[event](Rupiah(amount)).lines()) == 0


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_is_not_posted(event: str) -> None:
    with pytest.raises(Misconfigured, match="posting_of_nothing"):
        EVENTS[event](Rupiah(0))


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
