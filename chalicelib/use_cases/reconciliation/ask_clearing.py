"""Say whose money a difference is. Somebody else must agree."""

from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.reconciliation.differences import ClearingReason, Difference, ask_to_clear
from chalicelib.ports import Reconciliations
from chalicelib.use_cases.reconciliation.found_difference import Which, found_difference


def ask_clearing(
    which: Which, staff: StaffId, against: str, reason: ClearingReason, *, reconciliations: Reconciliations
) -> Difference:
    asked = ask_to_clear(found_difference(which, reconciliations), staff, against, reason)
    reconciliations.save_difference(reconciliations.day(which.bank, which.day), asked, ())
    return asked
