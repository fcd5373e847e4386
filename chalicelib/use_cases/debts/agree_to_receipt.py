"""Agree to a receipt that somebody else stated: it counts, once, of whatever debt."""

from chalicelib.domain.audit import Act
from chalicelib.domain.debt_receipts import agree_to_receipt as agreed
from chalicelib.domain.debts import Debt
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.put_on_record import put_on_record


def agree_to_receipt(id: str, receipt: str, amount: int, officer: Officer, *, debts: Debts, casework: Casework) -> Debt:
    """``NotAllowed`` for whoever stated it; ``AlreadyDone`` when this receipt was counted, of this debt or another."""
    debt = found_debt(id, debts, officer)
    moved, repayment, posting = agreed(debt, receipt, amount, officer.staff, now=casework.clock.now())
    put_on_record(officer, Act.RECORD_REPAYMENT, debt.reference, ("payments",), casework=casework)
    debts.save_repayment(moved, repayment, posting)
    return moved
