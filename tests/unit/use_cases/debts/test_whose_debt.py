"""Nobody decides of their own debt, and every decision of one is on record."""

from collections.abc import Callable

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import Debt
from chalicelib.domain.errors import NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from tests.builders import an_applicant_id
from tests.unit.use_cases.debts.office import ANI, BUDI, PAID, Office

SITI = Officer(StaffId("siti"), Role.APPROVER, an_applicant_id())
"""Of the staff, and whom the debt is of."""
Step = Callable[[Office, Debt, Officer], Debt]


def write_off(office: Office, debt: Debt, by: Officer) -> Debt:
    if debt.write_off_asked_by is None:
        office.ask_write_off(debt, ANI)
    return office.write_off(debt, int(debt.rest), by)


STEPS: dict[Act, tuple[bool, Step]] = {
    Act.DEMAND_DEBT: (False, lambda office, debt, by: office.demand(debt, by)),
    Act.DECLINE_DEBT: (False, lambda office, debt, by: office.decline(debt, by)),
    Act.STATE_RECEIPT: (True, lambda office, debt, by: office.state(debt, 1_000, by=by)),
    Act.RECORD_REPAYMENT: (True, lambda office, debt, by: office.repay(debt, 1_000, by=by)),
    Act.ASK_WRITE_OFF: (True, lambda office, debt, by: office.ask_write_off(debt, by)),
    Act.WRITE_OFF_DEBT: (True, write_off),
}


@pytest.mark.parametrize("act", STEPS)
def test_nobody_decides_of_their_own_debt(act: Act) -> None:
    office = Office()
    is_demanded, step = STEPS[act]
    debt = office.propose(PAID)
    debt = office.demand(debt) if is_demanded else debt
    with pytest.raises(NotAllowed, match="own_case"):
        step(office, debt, SITI)
    assert all(entry.deed.staff != "siti" for entry in office.world.audit_log.all())
    step(office, debt, BUDI)


def test_nobody_proposes_their_own() -> None:
    with pytest.raises(NotAllowed, match="own_case"):
        Office().propose(PAID, by=SITI)


@pytest.mark.parametrize("act", STEPS)
def test_who_decided_is_on_record_by_name(act: Act) -> None:
    office = Office()
    is_demanded, step = STEPS[act]
    debt = office.propose(PAID)
    debt = office.demand(debt) if is_demanded else debt
    step(office, debt, BUDI)
    deeds = {(entry.deed.staff, entry.deed.act, entry.deed.subject) for entry in office.world.audit_log.all()}
    assert ("budi", act, debt.reference) in deeds
