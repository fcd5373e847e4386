"""Record what somebody paid back to the treasury, by its receipt."""

from chalicelib.domain.debts import Debt, repay
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.money import Rupiah
from chalicelib.ports import Clock, Debts
from chalicelib.use_cases.debts.found_debt import found_debt


def record_repayment(id: str, receipt: str, amount: Rupiah, staff: StaffId, *, debts: Debts, clock: Clock) -> Debt:
    """``AlreadyDone`` when this receipt was counted, of this debt or another."""
    repaid, posting = repay(found_debt(id, debts), receipt, amount, staff, now=clock.now())
    debts.save_repayment(repaid, repaid.repayments[-1], posting)
    return repaid
