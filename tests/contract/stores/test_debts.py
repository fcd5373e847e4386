"""What ``Debts`` promises: nothing asked back twice, a receipt counted once, money and debt moved together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.debt_receipts import agree_to_receipt, owe_back, state_receipt
from chalicelib.domain.debts import Debt, DebtReason, DebtState, Repayment, amount_of, decline, demand, take_off
from chalicelib.domain.errors import AlreadyDone, Conflict, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, PayoutId, StaffId
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.money import Rupiah
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

BUDI = StaffId("budi")


def repay(debt: Debt, receipt: str) -> tuple[Debt, Repayment, Posting]:
    stated = state_receipt(debt, receipt, Rupiah(1_000), StaffId("ani"), now=NOON)
    return agree_to_receipt(stated, receipt, 1_000, BUDI, now=NOON)


def a_debt(stores: Stores, number: int = 0, id: str = "") -> Debt:
    """Of somebody who was paid."""
    number = number or fresh()
    person, payout = an_applicant_id(number), PayoutId(f"payout-{number}")
    if not stores.ledger.postings_of(person):
        due = ledger.incentive_due(person, payout, amount=Rupiah(600_000), now=NOON)
        paid = ledger.incentive_paid(person, payout, bank="bni", attempt=1, amount=Rupiah(600_000), now=NOON)
        for posting in (due, paid):
            stores.ledger.post(posting)
    entitlements = (f"incentive-paid/{payout}/1",)
    amount = amount_of(entitlements, stores.ledger.postings_of(person))
    made = id or f"debt-{fresh()}"
    return Debt(made, person, "5M6X14HJSP6D", DebtReason.OTHER_AID, entitlements, amount, StaffId("ani"), NOON)


def demanded(stores: Stores) -> Debt:
    debt = a_debt(stores)
    stores.debts.add(debt)
    moved = demand(now(stores, debt), BUDI, stores.ledger.postings_of(debt.applicant_id), now=NOON)
    stores.debts.save_with(*moved)
    return now(stores, debt)


def now(stores: Stores, debt: Debt) -> Debt:
    found = stores.debts.get(debt.id)
    assert found is not None
    return found


def owed(stores: Stores, person: ApplicantId) -> int:
    return stores.ledger.balance(person, OwnedAccount.REPAYMENT)


def test_a_debt_is_kept(stores: Stores) -> None:
    debt = a_debt(stores)
    stores.debts.add(debt)
    assert now(stores, debt) == replace(debt, version=1)
    assert list(stores.debts.of_applicant(debt.applicant_id)) == [replace(debt, version=1)]
    assert stores.debts.get("none") is None


def test_nothing_is_asked_back_twice(stores: Stores) -> None:
    number = fresh()
    stores.debts.add(a_debt(stores, number))
    with pytest.raises(Conflict, match="entitlement_reclaimed"):
        stores.debts.add(a_debt(stores, number))


def test_what_was_declined_is_free_again(stores: Stores) -> None:
    number = fresh()
    for _ in range(2):
        debt = a_debt(stores, number)
        stores.debts.add(debt)
        stores.debts.decline(decline(now(stores, debt), now=NOON))
    assert now(stores, debt).state is DebtState.DECLINED


def test_an_id_is_one_debt(stores: Stores) -> None:
    id = f"debt-{fresh()}"
    stores.debts.add(a_debt(stores, id=id))
    with pytest.raises(AlreadyDone):
        stores.debts.add(a_debt(stores, id=id))


def test_a_demand_is_owed(stores: Stores) -> None:
    debt = demanded(stores)
    assert (debt.due_at, owed(stores, debt.applicant_id)) == (NOON + timedelta(days=60), -600_000)


def test_a_demand_does_not_pass_a_posting_that_came_since(stores: Stores) -> None:
    debt = a_debt(stores)
    stores.debts.add(debt)
    entries = stores.ledger.entries_of(debt.applicant_id)
    moved, posting = demand(now(stores, debt), BUDI, stores.ledger.postings_of(debt.applicant_id), now=NOON)
    stores.ledger.post(ledger.grant(debt.applicant_id, wave=1, amount=Rupiah(1), now=NOON))
    with pytest.raises(StaleWrite):
        stores.debts.save_with(moved, posting, after=entries[-1].number)
    stores.debts.save_with(moved, posting, after=entries[-1].number + 1)
    assert owed(stores, debt.applicant_id) == -600_000


def test_what_came_back_is_kept_with_its_posting(stores: Stores) -> None:
    debt = demanded(stores)
    payout = PayoutId(debt.entitlements[0].split("/")[1])
    back = ledger.incentive_reversed(debt.applicant_id, payout, bank="bni", attempt=1, amount=debt.amount, now=NOON)
    stores.ledger.post(back)
    taken = take_off(debt, stores.ledger.postings_of(debt.applicant_id), now=NOON)
    assert taken is not None
    stores.debts.save_with(*taken)
    kept = now(stores, debt)
    assert (kept.came_back, kept.came_back_amount, kept.rest) == (debt.entitlements, 600_000, 0)
    assert owed(stores, debt.applicant_id) == 0


def test_a_receipt_counts_once_whatever_the_debt(stores: Stores) -> None:
    receipt = f"{fresh():016d}"
    first, second = demanded(stores), demanded(stores)
    paid, repayment, posting = repay(first, receipt)
    stores.debts.save_repayment(paid, repayment, posting)
    assert now(stores, first).repayments == paid.repayments
    other, repayment, posting = repay(second, receipt)
    with pytest.raises(AlreadyDone, match="receipt_counted"):
        stores.debts.save_repayment(other, repayment, posting)
    assert (owed(stores, first.applicant_id), owed(stores, second.applicant_id)) == (-599_000, -600_000)


def test_two_repayments_at_once_are_not_one(stores: Stores) -> None:
    debt = demanded(stores)
    for number in range(2):
        paid, repayment, posting = repay(debt, f"{fresh():016d}")
        if number:
            with pytest.raises(StaleWrite):
                stores.debts.save_repayment(paid, repayment, posting)
        else:
            stores.debts.save_repayment(paid, repayment, posting)
    assert owed(stores, debt.applicant_id) == -599_000


def test_a_lost_reply_is_no_second_repayment(stores: Stores) -> None:
    debt = demanded(stores)
    paid, repayment, posting = repay(debt, f"{fresh():016d}")
    with stores.one_reply_lost():
        stores.debts.save_repayment(paid, repayment, posting)
    assert owed(stores, debt.applicant_id) == -599_000


def test_debts_are_found_by_state_and_by_when_they_are_due(stores: Stores) -> None:
    debt = demanded(stores)
    assert debt.id in walked(stores, 61)
    assert debt.id not in walked(stores, 59)


def walked(stores: Stores, days: int) -> list[str]:
    met, after = list[str](), None
    while True:
        ids, after = stores.debts.page(DebtState.DEMANDED, after=after, limit=2, until=NOON + timedelta(days=days))
        met += ids
        if after is None:
            return met


def test_a_sweep_finds_where_it_stopped(stores: Stores) -> None:
    for after in ("debt#1|2026-05-01", None, "debt#2|2026-05-02"):
        stores.debts.keep_swept(DebtState.OVERDUE, after)
        assert stores.debts.swept_to(DebtState.OVERDUE) == after
    assert stores.debts.swept_to(DebtState.PROPOSED) is None


def test_a_stated_receipt_is_kept_until_somebody_agrees(stores: Stores) -> None:
    debt = demanded(stores)
    stated = state_receipt(debt, f"{fresh():016d}", Rupiah(1_000), BUDI, now=NOON)
    stores.debts.save(stated)
    assert now(stores, debt).stated == stated.stated
    assert owed(stores, debt.applicant_id) == -600_000


def test_what_was_repaid_is_still_looked_at_and_what_is_owed_back_is_kept(stores: Stores) -> None:
    debt = demanded(stores)
    receipt = f"{fresh():016d}"
    stated = state_receipt(debt, receipt, debt.amount, StaffId("ani"), now=NOON)
    stores.debts.save_repayment(*agree_to_receipt(stated, receipt, 600_000, BUDI, now=NOON))
    assert debt.id in stores.debts.page(DebtState.REPAID, after=None, limit=100)[0]
    payout = PayoutId(debt.entitlements[0].split("/")[1])
    back = ledger.incentive_reversed(debt.applicant_id, payout, bank="bni", attempt=1, amount=debt.amount, now=NOON)
    stores.ledger.post(back)
    owing = owe_back(now(stores, debt), stores.ledger.postings_of(debt.applicant_id), now=NOON)
    assert owing is not None
    stores.debts.save_with(*owing)
    assert (now(stores, debt).state, now(stores, debt).owed_back) == (DebtState.OVERPAID, (600_000,))
    assert stores.ledger.balance(debt.applicant_id, OwnedAccount.OVERPAID) == 600_000
