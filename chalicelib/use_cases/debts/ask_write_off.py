"""Ask that the rest of a debt be given up. Somebody else must agree."""

from chalicelib.domain.debts import Debt, WriteOffReason
from chalicelib.domain.debts import ask_write_off as asked
from chalicelib.domain.identifiers import StaffId
from chalicelib.ports import Debts
from chalicelib.use_cases.debts.found_debt import found_debt


def ask_write_off(id: str, staff: StaffId, reason: WriteOffReason, *, debts: Debts) -> Debt:
    debt = asked(found_debt(id, debts), staff, reason)
    debts.save(debt)
    return debt
