"""The waves that somebody could join, as they were seen a while ago."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.adapters.storage.waves import WaveTable
from chalicelib.domain.next_wave import next_closing
from chalicelib.domain.waves import Wave

_LOOK_SECONDS = 30.0
_MOST_OPEN = 12
"""At once: more than were ever open together."""


class CachedWaveLook:
    """Two short queries in half a minute for each environment at most: thousands are verified in that time."""

    def __init__(self, waves: WaveTable, ticks: Callable[[], float] = time.monotonic) -> None:
        self._waves, self._ticks = waves, ticks
        self._next_look = float("-inf")
        self._seen: Sequence[Wave] = ()

    def next_closing(self, *, now: datetime) -> datetime | None:
        if self._ticks() >= self._next_look:
            next_ones = self._waves.to_open(now=now, limit=1)
            self._seen = [*self._waves.opened(now=now, limit=_MOST_OPEN), *next_ones]
            self._next_look = self._ticks() + _LOOK_SECONDS
        return next_closing(self._seen, now=now)
