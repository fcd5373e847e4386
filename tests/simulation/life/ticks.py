"""When each function of the clock comes: rarely, as there would be little else in a month of minutes, and soon when it
has something to do."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from tests.simulation.clock import SteppingClock
from tests.simulation.life.functions import Schedule
from tests.simulation.life.storm import Storm

_RARELY = timedelta(days=3)
_MOST_IDLE, _LONGEST_IDLE, _IDLE_IN_A_STORM = 6, timedelta(hours=1), timedelta(hours=4)
"""Within two hours after the last fault all is known."""


class Ticks:
    def __init__(self, schedules: Mapping[str, Schedule], clock: SteppingClock, storm: Storm, chance: Random) -> None:
        self._by_name, self._clock, self._storm, self._chance = schedules, clock, storm, chance
        self._at = dict.fromkeys(schedules.values(), clock.at)
        self._idle = dict.fromkeys(schedules.values(), 0)
        self.next_at = clock.at

    def due(self) -> Schedule | None:
        if self.next_at > self._clock.at:
            return None
        return next(each for each, moment in self._at.items() if moment <= self._clock.at)

    def put_off(self, schedule: Schedule) -> None:
        """It comes now."""
        rarely = _RARELY * (2 if self._storm.has_passed else 1)
        self._at[schedule] = self._clock.at + rarely * self._chance.uniform(0.5, 1.5)
        self.next_at = min(self._at.values())

    def note(self, schedule: Schedule, *, did_something: bool) -> None:
        """Whether it had any effect, now that it was there."""
        self._idle[schedule] = 0 if did_something else min(self._idle[schedule] + 1, _MOST_IDLE)

    def hurry(self, name: str) -> None:
        """It has something to do: it comes within some minutes of its own rate, and more rarely when it found nothing
        the last times."""
        schedule = self._by_name[name]
        rate = timedelta(minutes=schedule.minutes)
        if self._at[schedule] <= self._clock.at + rate:
            return
        pause = rate * self._chance.uniform(1, 6) * 2 ** self._idle[schedule]
        longest = _LONGEST_IDLE if self._storm.has_passed else _IDLE_IN_A_STORM
        soon = self._clock.at + min(pause, max(longest, rate))
        if soon < self._at[schedule]:
            self._at[schedule] = soon
            self.next_at = min(self.next_at, soon)

    def wake(self) -> None:
        """All come within the hour."""
        for schedule, moment in self._at.items():
            self._at[schedule] = min(moment, self._clock.at + _LONGEST_IDLE * self._chance.random())
        self.next_at = min(self._at.values())
