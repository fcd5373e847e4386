"""A debt by its id."""

from chalicelib.domain.debts import Debt
from chalicelib.domain.errors import NotFound
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts


def found_debt(id: str, debts: Debts, officer: Officer | None = None) -> Debt:
    """``officer``: who is to decide of it; ``NotAllowed`` where it is their own."""
    debt = debts.get(id)
    if debt is None:
        raise NotFound("debt_unknown", field="debt")
    if officer is not None:
        officer.check_not_own(debt.applicant_id)
    return debt
