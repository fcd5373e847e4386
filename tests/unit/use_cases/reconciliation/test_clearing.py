"""What the books never explain, two people do; and what both explain is noticed."""

from collections.abc import Callable

import pytest

from chalicelib.domain.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed, NotFound
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.differences import ClearingReason, Difference, DifferenceState
from chalicelib.domain.reconciliation.movements import Kind, movement
from chalicelib.use_cases.reconciliation.approve_clearing import approve_clearing
from chalicelib.use_cases.reconciliation.ask_clearing import ask_clearing
from chalicelib.use_cases.reconciliation.decline_clearing import decline_clearing
from chalicelib.use_cases.reconciliation.follow_reconciliation import follow_reconciliation
from chalicelib.use_cases.reconciliation.found_difference import Which
from tests.fakes import World
from tests.unit.use_cases.reconciliation.office import BANK, Office, a_change

ANI, BUDI = StaffId("ani"), StaffId("budi")


@pytest.fixture
def office() -> Office:
    office = Office(World())
    office.we_ask("ani", "unknown")
    office.statement_comes(office.paid("ani"))
    return office


def which(office: Office, payout: str = "ani") -> Which:
    return Which(BANK, office.day, movement(Kind.PAYMENT, reference_of(payout, 1)))


def asked(office: Office, by: StaffId = ANI, against: str = "treasury") -> Difference:
    reconciliations = office.world.reconciliations
    return ask_clearing(which(office), by, against, ClearingReason.BANK_MISTAKE, reconciliations=reconciliations)


def approved(office: Office, by: StaffId = BUDI, amount: int = 600_000) -> Difference:
    world = office.world
    return approve_clearing(which(office), by, amount, reconciliations=world.reconciliations, clock=world.clock)


def declined(office: Office) -> Difference:
    return decline_clearing(which(office), reconciliations=office.world.reconciliations)


def test_two_people_clear_what_the_books_cannot(office: Office) -> None:
    asked(office)
    assert (office.suspense, office.known.open) == (-600_000, 1)
    assert approved(office).state is DifferenceState.CLEARED
    assert (office.suspense, office.known.open) == (0, 0)
    assert office.world.ledger.all()[-1].against == "treasury"


def test_it_stays_cleared_however_often_the_day_is_compared(office: Office) -> None:
    asked(office)
    approved(office)
    office.compare_again()
    assert (office.suspense, office.standing) == (0, [])


def test_what_the_books_explain_as_well_stands_again_the_other_way_round(office: Office) -> None:
    asked(office)
    approved(office)
    office.we_ask("ani", "settled", version=4)
    office.ledger_has("ani")
    for _ in range(2):
        office.compare_again()
    assert (office.suspense, office.known.open) == (600_000, 1)


def test_whoever_asks_may_not_approve(office: Office) -> None:
    asked(office)
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        approved(office, by=ANI)
    assert office.suspense == -600_000


def test_another_amount_than_the_approver_saw_is_not_cleared(office: Office) -> None:
    asked(office)
    with pytest.raises(Conflict, match="difference_moved"):
        approved(office, amount=500_000)


def test_what_was_declined_stands_and_the_bank_is_not_asked_again(office: Office) -> None:
    asked(office)
    follow_reconciliation(a_change(declined(office), before="asked"), messages=office.world.messages)
    assert (office.suspense, office.standing[0].state) == (-600_000, DifferenceState.OPEN)
    assert office.world.messages.sent == []


def test_what_changes_while_somebody_is_asked_must_be_asked_anew(office: Office) -> None:
    asked(office)
    office.statement_replaces(office.paid("ani", 700_000))
    with pytest.raises(IllegalTransition):
        approved(office)


@pytest.mark.parametrize("against", ["bank:bni", "suspense", "grant_fund", ""])
def test_only_some_accounts_can_own_a_difference(office: Office, against: str) -> None:
    with pytest.raises(InvalidInput, match="account_unknown"):
        asked(office, against=against)


@pytest.mark.parametrize("step", [approved, declined])
def test_nothing_is_approved_or_declined_that_nobody_asked(office: Office, step: Callable[[Office], object]) -> None:
    with pytest.raises(IllegalTransition):
        step(office)


def test_what_does_not_differ_cannot_be_cleared(office: Office) -> None:
    reconciliations = office.world.reconciliations
    with pytest.raises(NotFound):
        decline_clearing(which(office, "nobody"), reconciliations=reconciliations)
