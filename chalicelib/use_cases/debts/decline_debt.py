"""Do not agree to ask money back: what it was about may be proposed again."""

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import Debt, decline
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.put_on_record import put_on_record


def decline_debt(id: str, officer: Officer, *, debts: Debts, casework: Casework) -> Debt:
    declined = decline(found_debt(id, debts, officer), now=casework.clock.now())
    put_on_record(officer, Act.DECLINE_DEBT, declined.reference, ("payments",), casework=casework)
    debts.decline(declined)
    return declined
