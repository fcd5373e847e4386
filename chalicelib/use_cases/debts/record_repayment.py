"""Record what somebody paid back to the treasury, by its receipt."""

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import Debt, repay
from chalicelib.domain.money import Rupiah
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.put_on_record import put_on_record


def record_repayment(
    id: str, receipt: str, amount: Rupiah, officer: Officer, *, debts: Debts, casework: Casework
) -> Debt:
    """``AlreadyDone`` when this receipt was counted, of this debt or another."""
    debt = found_debt(id, debts, officer)
    repaid, posting = repay(debt, receipt, amount, officer.staff, now=casework.clock.now())
    put_on_record(officer, Act.RECORD_REPAYMENT, debt.reference, ("payments",), casework=casework)
    debts.save_repayment(repaid, repaid.repayments[-1], posting)
    return repaid
