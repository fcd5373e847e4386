"""One step of somebody's way, as the timeline tells it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.money import Rupiah


class StepState(StrEnum):
    DONE = "done"
    WAITING = "waiting"
    """On us or on a neighbour; the person need do nothing."""
    TO_DO = "to_do"
    FAILED = "failed"
    LATER = "later"
    """Not yet: an earlier step comes first."""


@dataclass(frozen=True, slots=True)
class Step:
    """``reason`` and ``next_action`` are stable codes; ``web/locale`` has their words. ``reasons``: all, where there
    are several. ``expected_at``: when what waits on us is expected to be done."""

    name: str
    state: StepState
    reason: str | None = None
    next_action: str | None = None
    at: datetime | None = None
    expected_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    amount: Rupiah | None = None
    due_on: date | None = None
    """Of an incentive: not paid before."""
