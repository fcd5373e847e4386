"""Agree to give up the rest of a debt."""

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import Debt, write_off
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.put_on_record import put_on_record


def write_off_debt(id: str, officer: Officer, amount: int, *, debts: Debts, casework: Casework) -> Debt:
    """``NotAllowed`` for whoever asked; ``Conflict`` when another amount is owed than they saw."""
    debt = found_debt(id, debts, officer)
    moved, posting = write_off(debt, officer.staff, amount, now=casework.clock.now())
    reason = debt.write_off_reason or ""
    put_on_record(officer, Act.WRITE_OFF_DEBT, debt.reference, ("payments",), reason, casework=casework)
    debts.save_with(moved, posting)
    return moved
