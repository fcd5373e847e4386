"""Do not agree to ask money back: what it was about may be proposed again."""

from chalicelib.domain.debts import Debt, decline
from chalicelib.ports import Clock, Debts
from chalicelib.use_cases.debts.found_debt import found_debt


def decline_debt(id: str, *, debts: Debts, clock: Clock) -> Debt:
    declined = decline(found_debt(id, debts), now=clock.now())
    debts.decline(declined)
    return declined
