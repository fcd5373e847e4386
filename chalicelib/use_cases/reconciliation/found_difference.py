"""A difference by its name."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.errors import NotFound
from chalicelib.domain.reconciliation.differences import Difference
from chalicelib.ports import Reconciliations


@dataclass(frozen=True, slots=True)
class Which:
    bank: str
    day: date
    key: str
    """The movement."""


def found_difference(which: Which, reconciliations: Reconciliations) -> Difference:
    found = reconciliations.difference(which.bank, which.day, which.key)
    if found is None:
        raise NotFound("difference_unknown", field="reference")
    return found
