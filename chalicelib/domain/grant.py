"""What a scheme says of the training grant: the day of the year on which it ends, and the courses that it shares.

The grant pays for most courses whole. Of an expensive kind (certification in artificial intelligence, say) it pays a
share, and the buyer pays the rest to the platform: without that one course would take the whole balance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.money import NOTHING, Rupiah
from chalicelib.domain.time import WIB, wib_date

GENERAL = "general"
"""The category of a course for which no scheme has a rule."""
_LAST_SECOND = time(23, 59, 59)
_LEAPLESS_YEAR = 2001
_WHOLE = 1000
_COLUMNS = {"category": str, "grant_permille": int, "most_rupiah": int}


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The last day of the fiscal year on which a balance may be spent, in Jakarta."""

    month: int
    day: int

    def after(self, awarded_at: datetime, *, at_least: timedelta) -> datetime:
        """The last second of the first such day that leaves a recipient this much time."""
        earliest, year = awarded_at + at_least, wib_date(awarded_at).year
        ends = (self._of(each) for each in (year, year + 1, year + 2))
        return next(end for end in ends if end >= earliest)

    def _of(self, year: int) -> datetime:
        return datetime.combine(date(year, self.month, self.day), _LAST_SECOND, WIB)


@dataclass(frozen=True, slots=True)
class CoPayment:
    """Of a course in this category the grant pays so many thousandths, and never more than ``most``."""

    category: str
    grant_permille: int
    most: Rupiah


@dataclass(frozen=True, slots=True)
class Shares:
    """Who pays what of a price; together they are the price."""

    by_grant: Rupiah
    by_buyer: Rupiah


def shares_of(price: Rupiah, category: str, co_payments: Sequence[CoPayment]) -> Shares:
    for rule in co_payments:
        if rule.category == category:
            # Whole rupiah, rounded in favour of the fund; one at least, for a sale without a posting is none.
            by_grant = Rupiah(max(1, min(int(price) * rule.grant_permille // _WHOLE, int(rule.most))))
            return Shares(by_grant, price.minus(by_grant))
    return Shares(price, NOTHING)


def read_year_end(text: str) -> YearEnd:
    try:
        day = date.fromisoformat(f"{_LEAPLESS_YEAR}-{text}")
    except ValueError:
        raise Misconfigured("scheme_invalid", field=f"balance_ends: {text!r} is no day of every year (MM-DD)") from None
    return YearEnd(day.month, day.day)


def read_co_payments(rows: Sequence[Mapping[str, Any]]) -> tuple[CoPayment, ...]:
    read: list[CoPayment] = []
    for row in rows:
        flaw = _flaw_of(row, [each.category for each in read])
        if flaw:
            raise Misconfigured("scheme_invalid", field=f"co_payments: {flaw}")
        read.append(CoPayment(row["category"], row["grant_permille"], Rupiah(row["most_rupiah"])))
    return tuple(read)


def _flaw_of(row: Mapping[str, Any], before: Sequence[str]) -> str | None:
    if row.keys() != _COLUMNS.keys():
        return f"{sorted(row)} are not {sorted(_COLUMNS)}"
    wrong = [name for name, kind in _COLUMNS.items() if type(row[name]) is not kind]
    if wrong:
        return f"{wrong[0]}: {row[wrong[0]]!r} is not {_COLUMNS[wrong[0]].__name__}"
    if not 1 <= row["grant_permille"] < _WHOLE or row["most_rupiah"] < 1:
        return f"{row['category']}: the grant's share must be 1 to {_WHOLE - 1} permille, and a rupiah at least"
    if row["category"] in (GENERAL, *before):
        return f"{row['category']!r} is the general one, or stands there twice"
    return None
