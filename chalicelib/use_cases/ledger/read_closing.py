"""How all accounts stood at the end of a day."""

from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib.domain.errors import NotFound
from chalicelib.domain.ledger_journal import Closing, closing_in, closing_name
from chalicelib.domain.time import wib_date
from chalicelib.ports import Clock, Journal

_LOOK_BACK_DAYS = 7


def read_closing(day: date | None, *, journal: Journal, clock: Clock) -> tuple[Closing, bool]:
    """Of that day, or the newest of a week; and whether it stands for ever."""
    for name in map(closing_name, [day] if day else _last_days(wib_date(clock.now()))):
        settled = journal.read(name)
        content = settled or journal.sketched(name)
        if content:
            return closing_in(content), settled is not None
    raise NotFound("day_not_closed", field="day")


def _last_days(today: date) -> Sequence[date]:
    return [today - timedelta(days=number) for number in range(1, _LOOK_BACK_DAYS + 1)]
