"""A debt by its id."""

from chalicelib.domain.debts import Debt
from chalicelib.domain.errors import NotFound
from chalicelib.ports import Debts


def found_debt(id: str, debts: Debts) -> Debt:
    debt = debts.get(id)
    if debt is None:
        raise NotFound("debt_unknown", field="debt")
    return debt
