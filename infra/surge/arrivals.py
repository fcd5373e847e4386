"""When people come. Two figures are known of the launch, its busiest minute and its day; the curve between is ours."""

import math
from collections.abc import Iterator

MINUTE = 60
DAY = 86_400


def arrivals(minute_total: int, day_total: int, seconds: int) -> Iterator[int]:
    """How many come in each second: the busiest minute evenly, then fewer and fewer, as interest wanes after an opening
    (the rate falls as 1 / time). Whole people, and over a day exactly ``day_total``."""
    scale = _scale(minute_total, day_total)
    come = 0
    for second in range(1, seconds + 1):
        upto = _upto(second, minute_total, day_total, scale)
        yield upto - come
        come = upto


def _upto(second: int, minute_total: int, day_total: int, scale: float) -> int:
    if second >= DAY:
        return day_total
    if second <= MINUTE:
        return minute_total * second // MINUTE
    return minute_total + math.floor(_tail(second - MINUTE, minute_total / MINUTE, scale))


def _tail(seconds: float, rate: float, scale: float) -> float:
    return rate * scale * math.log1p(seconds / scale)


def _scale(minute_total: int, day_total: int) -> float:
    """The time in which the rate halves at first, such that the day comes out right; found by halving."""
    low, high = 1e-3, 1e6
    for _ in range(100):
        middle = (low + high) / 2
        if _tail(DAY - MINUTE, minute_total / MINUTE, middle) < day_total - minute_total:
            low = middle
        else:
            high = middle
    return low
