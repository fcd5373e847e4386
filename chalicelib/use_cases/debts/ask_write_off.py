"""Ask that the rest of a debt be given up. Somebody else must agree."""

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import Debt, WriteOffReason
from chalicelib.domain.debts import ask_write_off as asked
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.put_on_record import put_on_record


def ask_write_off(id: str, officer: Officer, reason: WriteOffReason, *, debts: Debts, casework: Casework) -> Debt:
    debt = asked(found_debt(id, debts, officer), officer.staff, reason)
    put_on_record(officer, Act.ASK_WRITE_OFF, debt.reference, ("payments",), reason, casework=casework)
    debts.save(debt)
    return debt
