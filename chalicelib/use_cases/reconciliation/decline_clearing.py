"""Do not agree whose money a difference is: it stands as before."""

from chalicelib.domain.reconciliation.differences import Difference, decline_to_clear
from chalicelib.ports import Reconciliations
from chalicelib.use_cases.reconciliation.found_difference import Which, found_difference


def decline_clearing(which: Which, *, reconciliations: Reconciliations) -> Difference:
    declined = decline_to_clear(found_difference(which, reconciliations))
    reconciliations.save_difference(reconciliations.day(which.bank, which.day), declined, ())
    return declined
