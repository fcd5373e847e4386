"""Every night: compare again those days of which something stands, because the other books may have caught up."""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.commands import Queue
from chalicelib.domain.reconciliation.days import COMPARED_FOR, Day, Phase
from chalicelib.domain.time import wib_date
from chalicelib.ports import Clock, Messages, Reconciliations

_PAGE = 100
_MOST_PAGES = 100


def reconcile_again(*, reconciliations: Reconciliations, messages: Messages, clock: Clock) -> int:
    """How many days have had differences for too long. One that is being compared is left to it."""
    today, old = wib_date(clock.now()), 0
    for bank, name in _open_days(reconciliations):
        day = reconciliations.day(bank, name)
        old += day.is_old(today)
        if day.in_force and day.state is Phase.DONE and today - day.day < COMPARED_FOR:
            messages.send(Queue.STATEMENTS_TO_RECONCILE, _again(day))
    return old


def _open_days(reconciliations: Reconciliations) -> Iterator[tuple[str, date]]:
    after: str | None = None
    for _ in range(_MOST_PAGES):
        days, after = reconciliations.open_days(after=after, limit=_PAGE)
        yield from days
        if after is None:
            return


def _again(day: Day) -> dict[str, object]:
    return {"bank": day.bank, "day": day.day.isoformat(), "number": day.in_force, "run": day.run + 1}
