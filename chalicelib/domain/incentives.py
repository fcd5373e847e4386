"""What a scheme pays for finishing a training and for answering surveys, how often, and when each part falls due."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.money import Rupiah

COMPLETION = "completion"
SURVEY = "survey"
PURPOSES = (COMPLETION, SURVEY)
FIRST = 1
MOST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Incentive:
    """``amount`` in each of ``periods``. ``every_months`` apart, or each when what it is for is done (0)."""

    purpose: str
    amount: Rupiah
    periods: int
    every_months: int = 0

    @property
    def numbers(self) -> range:
        return range(FIRST, self.periods + 1)

    @property
    def in_all(self) -> Rupiah:
        return Rupiah(self.periods * self.amount)

    def due_on(self, since: date, period: int) -> date:
        """The first is due on the day that it rests on, the next so many months later, on the month's last day where
        it has no such day."""
        return months_after(since, (period - FIRST) * self.every_months)


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_WHOLE = {"amount_rupiah": (1, 100_000_000), "periods": (1, MOST_PERIODS), "every_months": (0, 12)}


def read_incentives(rows: Sequence[Mapping[str, Any]]) -> tuple[Incentive, ...]:
    """Of a scheme's file; ``Misconfigured`` says what is wrong with it."""
    incentives = tuple(_incentive(row) for row in rows)
    purposes = [each.purpose for each in incentives]
    for purpose in purposes:
        if purposes.count(purpose) > 1:
            raise _wrong(f"{purpose!r} stands there twice")
    return incentives


def _incentive(row: Mapping[str, Any]) -> Incentive:
    for name in sorted(row.keys() - {"purpose", *_WHOLE}):
        raise _wrong(f"{name} is not known")
    if row.get("purpose") not in PURPOSES:
        raise _wrong(f"purpose is one of {', '.join(PURPOSES)}, not {row.get('purpose')!r}")
    amount, periods, every_months = (_whole(row, name) for name in _WHOLE)
    if row["purpose"] == COMPLETION and periods > 1 and not every_months:
        raise _wrong("every_months: more than one period of completion lies months apart")
    return Incentive(row["purpose"], Rupiah(amount), periods, every_months)


def _whole(row: Mapping[str, Any], name: str) -> int:
    (least, most), found = _WHOLE[name], row.get(name, 0 if name == "every_months" else None)
    if type(found) is not int or not least <= found <= most:
        raise _wrong(f"{name} is a whole number from {least} to {most}, not {found!r}")
    return found


def _wrong(flaw: str) -> Misconfigured:
    return Misconfigured("scheme_invalid", field=f"incentives: {flaw}")
