"""State what moved at the treasury, by its receipt. Somebody else must agree before it counts."""

from chalicelib.domain.audit import Act
from chalicelib.domain.debt_receipts import state_receipt as stated
from chalicelib.domain.debts import Debt
from chalicelib.domain.money import Rupiah
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.put_on_record import put_on_record


def state_receipt(
    id: str,
    receipt: str,
    amount: Rupiah,
    officer: Officer,
    *,
    gives_back: bool = False,
    debts: Debts,
    casework: Casework,
) -> Debt:
    now = casework.clock.now()
    debt = stated(found_debt(id, debts, officer), receipt, amount, officer.staff, gives_back=gives_back, now=now)
    put_on_record(officer, Act.STATE_RECEIPT, debt.reference, ("payments",), casework=casework)
    debts.save(debt)
    return debt
