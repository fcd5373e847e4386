"""Agree whose money a difference is: it leaves suspense."""

from dataclasses import replace

from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.reconciliation.differences import Difference, approve_to_clear
from chalicelib.ports import Clock, Reconciliations
from chalicelib.use_cases.reconciliation.found_difference import Which, found_difference


def approve_clearing(
    which: Which, staff: StaffId, amount: int, *, reconciliations: Reconciliations, clock: Clock
) -> Difference:
    """``NotAllowed`` for whoever asked; ``Conflict`` when another amount is in suspense than they saw."""
    cleared, postings = approve_to_clear(found_difference(which, reconciliations), staff, amount, now=clock.now())
    day = reconciliations.day(which.bank, which.day)
    reconciliations.save_difference(replace(day, open=day.open - 1), cleared, postings)
    return cleared
