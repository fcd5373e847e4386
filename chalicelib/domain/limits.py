"""How often something may happen: a bucket of tokens that fills with time, kept as the one moment when it is full."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """``most`` at once, and then one in every ``one_per``."""

    most: int
    one_per: timedelta

    @property
    def fills_in(self) -> timedelta:
        return self.most * self.one_per


def per_second(rate: float, *, at_once: float = 1) -> Allowance:
    """``rate`` a second, and no more than ``at_once`` seconds' worth of it in a heap."""
    return Allowance(most=max(1, round(rate * at_once)), one_per=timedelta(seconds=1 / rate))


@dataclass(frozen=True, slots=True)
class Taken:
    """``usable_at``: when what was taken may be used; ``full_at``: when the bucket is full again."""

    usable_at: datetime
    full_at: datetime


NONE_AHEAD = timedelta()
CLOCK_STEPPED_BACK = timedelta(minutes=10)
"""A bucket that is this much emptier than anybody may make it was used by a clock that has been put back since. Clocks
that merely differ differ by less."""


def after_taking(
    full_at: datetime | None,
    allowance: Allowance,
    *,
    now: datetime,
    count: int = 1,
    ahead: timedelta = NONE_AHEAD,
) -> Taken | None:
    """``count`` tokens less. Where they are not there yet they may be taken up to ``ahead`` beforehand, to be used when
    they are; None when even that is too early. ``full_at``: None and all that is past mean a full bucket."""
    filled = max(full_at or now, now) + count * allowance.one_per
    if filled - now > allowance.fills_in + ahead:
        if full_at and full_at - now > allowance.fills_in + ahead + CLOCK_STEPPED_BACK:
            return after_taking(None, allowance, now=now, count=count, ahead=ahead)
        return None
    return Taken(usable_at=max(now, filled - allowance.fills_in), full_at=filled)
