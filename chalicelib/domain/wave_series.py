"""A series: waves alike, one after the other, numbered on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.wave_plans import WavePlan
from chalicelib.domain.waves import LONGEST_AHEAD

MOST_WAVES = 104
"""Two years of weeks."""


@dataclass(frozen=True, slots=True)
class Series:
    first: int
    count: int
    opens_at: datetime
    open_for: timedelta
    announced_after: timedelta
    """Closing."""
    every: timedelta
    quota: int
    scheme: str
    basis: str | None = None


def plans_of(series: Series) -> Sequence[WavePlan]:
    if not 1 <= series.count <= MOST_WAVES:
        raise InvalidInput("series_out_of_range", field="count", most=MOST_WAVES)
    if series.every <= timedelta(0):
        raise InvalidInput("number_not_positive", field="every_days")
    try:
        return [_plan(series, place) for place in range(series.count)]
    except OverflowError:
        raise InvalidInput("time_too_far", field="opens_at", years=LONGEST_AHEAD.days // 365) from None


def _plan(series: Series, place: int) -> WavePlan:
    opens_at = series.opens_at + place * series.every
    closes_at = opens_at + series.open_for
    return WavePlan(
        number=series.first + place,
        opens_at=opens_at,
        closes_at=closes_at,
        announces_at=closes_at + series.announced_after,
        quota=series.quota,
        scheme=series.scheme,
        basis=series.basis,
    )
