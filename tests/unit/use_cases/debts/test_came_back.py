"""A debt does not outlive the money it is about."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.audit import Deed, Entry
from chalicelib.domain.debts import DebtState
from chalicelib.domain.errors import IllegalTransition, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import PayoutId, PurchaseId
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.debts.sweep_debts import sweep_debts
from tests.fakes import FakeAuditLog
from tests.unit.use_cases.debts.office import BOUGHT, PAID, Office


def bank_sends_back(office: Office) -> None:
    now, payout = office.world.clock.now(), PayoutId("payout-1")
    back = ledger.incentive_reversed(office.person, payout, bank="bni", attempt=1, amount=Rupiah(600_000), now=now)
    office.world.ledger.post(back)


def void(office: Office) -> None:
    now, bought = office.world.clock.now(), PurchaseId("purchase-1")
    office.world.ledger.post(
        ledger.purchase_voided(office.person, bought, partner="pijar", amount=Rupiah(400_000), now=now)
    )


def sweep(office: Office, most: int = 100) -> None:
    sweep_debts(debts=office.world.debts, ledger=office.world.ledger, clock=office.world.clock, most=most)


def test_what_the_bank_sent_back_is_owed_no_more_and_nobody_is_late_with_it() -> None:
    office = Office()
    debt = office.demand(office.propose(PAID))
    bank_sends_back(office)
    office.world.clock.passes(days=61)
    sweep(office)
    assert (office.now(debt).state, office.now(debt).rest, office.owed) == (DebtState.REPAID, 0, 0)


@pytest.mark.parametrize("days", [1, 61])
def test_the_rest_is_still_owed(days: int) -> None:
    office = Office()
    debt = office.repay(office.demand(office.propose(PAID, BOUGHT)), 100_000)
    if days > 60:
        office.world.clock.passes(days=days)
        sweep(office)
    void(office)
    for _ in range(2):
        sweep(office)
    assert (office.now(debt).rest, office.owed, office.now(debt).came_back) == (500_000, -500_000, (BOUGHT,))


def test_a_sweep_of_many_looks_at_each_once() -> None:
    office = Office()
    office.demand(office.propose(PAID))
    before = len(office.world.trouble.calls)
    sweep(office, most=2_000)
    assert office.world.trouble.calls[before:].count("debts.get") == 1


@pytest.mark.parametrize("days", [1, 61])
def test_a_sweep_of_few_goes_round_until_it_has_seen_all(days: int) -> None:
    office = Office()
    debts = [office.demand(office.propose(each)) for each in (PAID, BOUGHT)]
    office.world.clock.passes(days=days)
    sweep(office)
    bank_sends_back(office)
    void(office)
    for _ in debts:
        sweep(office, most=1)
    assert [office.now(each).state for each in debts] == [DebtState.REPAID] * 2
    sweep(office, most=1)
    assert office.world.debts.swept_to(DebtState.DEMANDED) is None


def test_those_that_are_due_do_not_wait_for_their_turn() -> None:
    office = Office()
    first = office.demand(office.propose(PAID))
    office.world.clock.passes(days=1)
    office.demand(office.propose(BOUGHT))
    sweep(office, most=1)
    office.world.clock.passes(days=59)
    sweep(office, most=1)
    assert office.now(first).state is DebtState.OVERDUE


BACK = "C" * 15


def excess(office: Office) -> int:
    return office.world.ledger.balance(office.person, OwnedAccount.OVERPAID)


@pytest.mark.parametrize("repaid", [500_000, 600_000])
def test_what_was_repaid_before_it_came_back_is_owed_to_the_person(repaid: int) -> None:
    office = Office()
    debt = office.repay(office.demand(office.propose(PAID)), repaid)
    bank_sends_back(office)
    for _ in range(3):
        sweep(office)
    assert (office.now(debt).state, office.owed, excess(office)) == (DebtState.OVERPAID, 0, repaid)
    assert office.now(debt).to_give_back == repaid


def test_of_what_was_repaid_in_part_only_what_is_beyond_the_rest_is_owed_back() -> None:
    office = Office()
    debt = office.repay(office.demand(office.propose(PAID, BOUGHT)), 700_000)
    bank_sends_back(office)
    for _ in range(2):
        sweep(office)
    assert (office.now(debt).rest, office.owed, excess(office)) == (0, 0, 300_000)
    void(office)
    sweep(office)
    assert (office.now(debt).to_give_back, excess(office)) == (700_000, 700_000)


def test_what_was_repaid_before_the_rest_was_written_off_is_owed_back_too() -> None:
    office = Office()
    debt = office.repay(office.demand(office.propose(PAID)), 200_000)
    office.ask_write_off(debt)
    office.write_off(debt, 400_000)
    bank_sends_back(office)
    sweep(office)
    assert (office.now(debt).state, excess(office)) == (DebtState.OVERPAID, 200_000)


def test_the_treasury_gives_it_back_and_two_people_say_so() -> None:
    office = Office()
    debt = office.repay(office.demand(office.propose(PAID)), 600_000)
    with pytest.raises(IllegalTransition):
        office.state(debt, 1_000, BACK, gives_back=True)
    bank_sends_back(office)
    sweep(office)
    with pytest.raises(IllegalTransition):
        office.state(debt, 1_000, BACK)
    with pytest.raises(InvalidInput, match="repayment_out_of_range"):
        office.state(debt, 600_001, BACK, gives_back=True)
    office.state(debt, 600_000, BACK, gives_back=True)
    assert excess(office) == 600_000
    given = office.agree(debt, 600_000, BACK)
    assert (given.state, given.to_give_back, excess(office)) == (DebtState.REPAID, 0, 0)
    sweep(office)
    assert (office.now(debt).state, excess(office)) == (DebtState.REPAID, 0)


class Meanwhile(FakeAuditLog):
    """The bank sends it back between the look at the ledger and the demand."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office = office

    def append(self, deed: Deed) -> Entry:
        bank_sends_back(self._office)
        return super().append(deed)


def test_a_demand_does_not_pass_a_reversal_that_comes_between() -> None:
    office = Office()
    proposed = office.propose(PAID)
    office.casework = replace(office.casework, audit_log=Meanwhile(office))
    with pytest.raises(StaleWrite):
        office.demand(proposed)
    assert (office.now(proposed).state, office.owed) == (DebtState.PROPOSED, 0)
