"""Amazon's schedule expressions: ``rate(5 minutes)`` and ``cron(0 18 ? * MON-FRI *)``, in UTC."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NAMES = {name: place for names in (_MONTHS, _DAYS) for place, name in enumerate(names, start=1)}
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))


class Schedule(Protocol):
    def last_tick(self, after: datetime, until: datetime) -> datetime | None:
        """The latest tick later than ``after`` and not later than ``until``."""


def parsed(expression: str) -> Schedule:
    match = re.fullmatch(r"(rate|cron)\((.+)\)", expression.strip())
    if match is None:
        raise ValueError(f"neither rate(...) nor cron(...): {expression}")
    return _rate(match.group(2)) if match.group(1) == "rate" else _cron(match.group(2))


@dataclass(frozen=True)
class _Rate:
    period: timedelta

    def last_tick(self, after: datetime, until: datetime) -> datetime | None:
        periods = (until - after) // self.period
        return after + periods * self.period if periods >= 1 else None


def _rate(text: str) -> _Rate:
    match = re.fullmatch(r"(\d+) (minute|hour|day)(s?)", text.strip())
    if match is None or int(match.group(1)) < 1:
        raise ValueError(f"not a rate: {text}")
    number, unit, plural = int(match.group(1)), match.group(2), bool(match.group(3))
    if plural == (number == 1):
        raise ValueError(f"Amazon wants the singular for one only: rate({text})")
    return _Rate(number * _UNITS[unit])


@dataclass(frozen=True)
class _Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    days_of_month: frozenset[int]
    months: frozenset[int]
    days_of_week: frozenset[int]
    years: frozenset[int]

    def last_tick(self, after: datetime, until: datetime) -> datetime | None:
        for day in _days_back(until, after):
            if self._falls_on(day):
                for tick in self._ticks_back(day):
                    if tick <= until:
                        return tick if tick > after else None
        return None

    def _falls_on(self, day: datetime) -> bool:
        return (
            day.day in self.days_of_month
            and day.month in self.months
            and day.isoweekday() % 7 + 1 in self.days_of_week
            and day.year in self.years
        )

    def _ticks_back(self, day: datetime) -> Iterator[datetime]:
        for hour in sorted(self.hours, reverse=True):
            for minute in sorted(self.minutes, reverse=True):
                yield datetime.combine(day, time(hour, minute), UTC)


def _days_back(until: datetime, after: datetime) -> Iterator[datetime]:
    day, first = until.astimezone(UTC), after.astimezone(UTC).date()
    while day.date() >= first:
        yield day
        day -= timedelta(days=1)


def _cron(text: str) -> _Cron:
    fields = text.split()
    if len(fields) != 6:
        raise ValueError(f"cron needs six fields, it has {len(fields)}: {text}")
    if (fields[2] == "?") == (fields[4] == "?"):
        raise ValueError(f"one of day of month and day of week must be '?', and only one: {text}")
    try:
        return _Cron(*(_values(field, *bounds) for field, bounds in zip(fields, _BOUNDS, strict=True)))
    except ValueError as error:
        raise ValueError(f"{error} in cron({text})") from None


def _values(field: str, low: int, high: int) -> frozenset[int]:
    return frozenset(value for part in field.split(",") for value in _part(part, low, high))


def _part(part: str, low: int, high: int) -> range:
    span, _, step = part.partition("/")
    if span in ("*", "?"):
        first, last = low, high
    else:
        begin, dash, end = span.partition("-")
        first = _number(begin)
        # "5/15" starts at 5 and goes on to the end; "5" alone is only 5.
        last = _number(end) if dash else (high if step else first)
    if not low <= first <= last <= high or (step and _number(step) < 1):
        raise ValueError(f"{part!r} is out of bounds")
    return range(first, last + 1, _number(step) if step else 1)


def _number(text: str) -> int:
    if text.upper() in _NAMES:
        return _NAMES[text.upper()]
    if not text.isdigit():
        raise ValueError(f"{text!r} is not understood here (L, W and # are not)")
    return int(text)
