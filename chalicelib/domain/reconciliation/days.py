"""A day of one channel, compared: by which statement, how often, how far its differences are entered, how many stand.

It is compared anew whenever a statement comes, and every night while something stands. A comparison is a walk: COMPARE
once, ENTER what was found, then REVIEW what stood before and was not found any more; each in bounded steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.reconciliation.verdicts import Tally, Verdict
from chalicelib.domain.statements import Statement, StatementUpload, is_seconded

STEP = 50
"""Differences a step: each is a transaction of its own."""
MOST_DIFFERENCES = 20_000
"""Of more, the file is wrong and not the money: nothing is entered."""
OLD_AFTER = timedelta(days=5)
COMPARED_FOR = timedelta(days=400)


class Phase(StrEnum):
    NONE = "none"
    """No statement was compared yet."""
    ENTER = "enter"
    REVIEW = "review"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Day:
    """``open``: differences that stand. ``file``: where those of the last comparison lie."""

    bank: str
    day: date
    newest: int = 0
    newest_tag: str = ""
    in_force: int = 0
    run: int = 0
    state: Phase = Phase.NONE
    step: int = 0
    after: str = ""
    """Up to which difference those of earlier comparisons were reviewed."""
    file: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    theirs: int = 0
    booked: int = 0
    open: int = 0
    compared_at: datetime | None = None
    version: int = 0

    def stands_at(self, run: int, phase: Phase, step: int) -> bool:
        return (self.run, self.state, self.step) == (run, phase, step)

    def is_old(self, today: date) -> bool:
        return self.open > 0 and today - self.day > OLD_AFTER


def receive(
    day: Day, upload: StatementUpload, last: Statement | None, *, now: datetime
) -> tuple[Day, Statement] | None:
    """The next statement of the day; None when it is the one that came last, again, and nobody waits for it."""
    if day.newest and day.newest_tag == upload.tag and not is_seconded(upload, last):
        return None
    statement = Statement(day.bank, day.day, day.newest + 1, upload, now)
    return replace(day, newest=statement.number, newest_tag=upload.tag), statement


def compared(day: Day, statement: Statement, tally: Tally, file: str, *, now: datetime) -> Day:
    """From here on what was found is entered."""
    return replace(
        day,
        in_force=statement.number,
        run=day.run + 1,
        state=Phase.ENTER,
        step=0,
        after="",
        file=file,
        counts={verdict.value: tally.counts[verdict] for verdict in Verdict if tally.counts[verdict]},
        theirs=tally.theirs,
        booked=tally.booked,
        compared_at=now,
    )


def entered(day: Day, *, is_all: bool) -> Day:
    return replace(day, state=Phase.REVIEW, step=0) if is_all else replace(day, step=day.step + 1)


def reviewed(day: Day, after: str | None) -> Day:
    """``after``: the last difference that was looked at; None when none is left."""
    return (
        replace(day, state=Phase.DONE, step=0, after="")
        if after is None
        else replace(day, step=day.step + 1, after=after)
    )
