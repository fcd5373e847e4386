"""Of whom money is asked back, for the samples: of nanda it is proposed, oka owes it, putri's is to be written off
unless a receipt that was stated is approved, and ratna's sixty days are over. Putri once repaid too much as well."""

from datetime import datetime, timedelta

from chalicelib import bootstrap
from chalicelib.domain.debts import Debt, DebtReason, DebtState, Repayment, WriteOffReason
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import owed_back
from chalicelib.domain.money import Rupiah
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.use_cases.debts.ask_write_off import ask_write_off
from chalicelib.use_cases.debts.demand_debt import demand_debt
from chalicelib.use_cases.debts.propose_debt import propose_debt
from chalicelib.use_cases.debts.state_receipt import state_receipt
from chalicelib.use_cases.support.casework import Casework
from tests.fakes import FakeAuditLog
from tests.integration.cast import CAST, NOON, Person
from tests.integration.founding import Told
from tests.integration.town import HandClock

PROPOSER, APPROVER = (Officer(StaffId(f"penyetuju-{number}"), Role.APPROVER) for number in (2, 1))
PROPOSED, OWED, TO_WRITE_OFF, PAST = "usulan-nanda", "utang-oka", "hapus-putri", "lewat-ratna"
OVERPAID = "lebih-putri"


def bring_debts() -> None:
    _propose(CAST["nanda"], PROPOSED, NOON)
    _demand(CAST["oka"], OWED, NOON)
    _demand(CAST["putri"], TO_WRITE_OFF, NOON)
    _demand(CAST["ratna"], PAST, NOON - timedelta(days=61))
    reason, casework = WriteOffReason.CANNOT_PAY, _casework(NOON)
    ask_write_off(TO_WRITE_OFF, PROPOSER, reason, debts=bootstrap.debts(), casework=casework)
    state_receipt(TO_WRITE_OFF, "Z" * 16, Rupiah(100_000), PROPOSER, debts=bootstrap.debts(), casework=casework)
    _overpaid(CAST["putri"])


def _overpaid(person: Person) -> None:
    amount, staff = Rupiah(50_000), PROPOSER.staff
    debt = Debt(
        id=OVERPAID,
        applicant_id=person.id,
        reference=person.reference,
        reason=DebtReason.NOT_ELIGIBLE,
        entitlements=("incentive-paid/sent-back/1",),
        amount=amount,
        proposed_by=staff,
        proposed_at=NOON,
        state=DebtState.OVERPAID,
        repayments=(Repayment(1, "Y" * 16, amount, staff, NOON, approved_by=APPROVER.staff),),
        owed_back=(amount,),
    )
    bootstrap.debts().add(debt)
    bootstrap.ledger().post(owed_back(person.id, OVERPAID, number=1, amount=amount, now=NOON))


def _propose(person: Person, id: str, at: datetime) -> None:
    propose_debt(
        person.reference,
        [f"purchase/{person.purchase_id}"],
        DebtReason.NOT_ELIGIBLE,
        PROPOSER,
        debts=bootstrap.debts(),
        ledger=bootstrap.ledger(),
        chance=Told(id),
        casework=_casework(at),
    )


def _demand(person: Person, id: str, at: datetime) -> None:
    _propose(person, id, at)
    demand_debt(id, APPROVER, debts=bootstrap.debts(), ledger=bootstrap.ledger(), casework=_casework(at))


def _casework(at: datetime) -> Casework:
    """What is done here is not on the record that tests look at."""
    return Casework(bootstrap.applicants(), FakeAuditLog(), HandClock(at))
