"""What goes wrong between a function and the outside, drawn anew for every seed: a tenth of all seeds is calm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from chalicelib.domain.errors import (
    BankUnavailable,
    BeaconUnavailable,
    MailUnavailable,
    RegistryUnavailable,
    StaleWrite,
    StoreUnavailable,
    Unavailable,
)
from tests.fakes.trouble import Killed, Trouble

_HOUR = timedelta(hours=1)
_OUTAGES: dict[str, type[Unavailable]] = {
    "population_registry": RegistryUnavailable,
    "list_registry": RegistryUnavailable,
    "face_registry": RegistryUnavailable,
    "bank": BankUnavailable,
    "ses": MailUnavailable,
    "sendgrid": MailUnavailable,
    "beacon": BeaconUnavailable,
}
"""What the caller sees of each neighbour when it is out; of all else, ``StoreUnavailable``."""
NEVER_RAISES = frozenset({"bank.transfer"})
"""Doubt is its answer: see ``ports.py``."""
Shelter = tuple[bool, int, bool]
_MOST_NESTED = 2
_USUAL_CALLS, _NEVER = 8, 1 << 62


@dataclass(frozen=True)
class Weather:
    """Shares of functions' runs: ``killed`` at a call, before or after it; ``throttled``: a call is without effect;
    ``unsure``: it has its effect, and nobody hears of it; ``contended``: its transaction meets another; ``skewed``: the
    clock is wrong. Of calls: ``overtaken``: before which somebody else does something whole. Of writes: ``lost``: the
    reply is lost, and the SDK writes again. Of deliveries: ``duplicates``. Of messages: ``delayed`` by up to
    ``longest_delay``, ``poison``, ``of_another_version``. Of transfers: ``bank``. Of officers' deeds:
    ``operators``. Of people: ``turning``: found on the blocklist after they joined.
    ``ends`` ends it all.
    """

    ends: timedelta
    killed: float = 0.0
    throttled: float = 0.0
    unsure: float = 0.0
    contended: float = 0.0
    lost: float = 0.0
    overtaken: float = 0.0
    duplicates: float = 0.0
    delayed: float = 0.0
    longest_delay: timedelta = timedelta()
    poison: float = 0.0
    of_another_version: float = 0.0
    skewed: float = 0.0
    outages: tuple[tuple[str, timedelta, timedelta], ...] = ()
    bank: float = 0.0
    operators: float = 0.0
    turning: float = 0.0


def weather_of(chance: Random) -> Weather:
    ends = timedelta(days=chance.uniform(1, 14))
    if chance.random() < 0.1:
        return Weather(ends)

    def some(most: float) -> float:
        """Often nothing at all, so that one fault is met alone as well."""
        return most * chance.random() ** 2 if chance.random() < 0.6 else 0.0

    return Weather(
        ends,
        killed=some(0.2),
        throttled=some(0.2),
        unsure=some(0.15),
        contended=some(0.15),
        lost=some(0.3),
        overtaken=some(0.15),
        duplicates=some(0.5),
        delayed=some(0.3),
        longest_delay=timedelta(hours=12 * chance.random() ** 4),
        poison=some(0.02),
        of_another_version=some(0.3),
        skewed=some(0.4),
        outages=tuple(_outage(chance, ends) for _ in range(chance.randrange(3))),
        bank=chance.random() if chance.random() < 0.7 else 0.0,
        operators=some(0.8),
        turning=some(0.6),
    )


def _outage(chance: Random, before: timedelta) -> tuple[str, timedelta, timedelta]:
    whose = chance.choice([*_OUTAGES, "accounts", "applicants", "waves", "ledger", "payouts", "purchases", "messages"])
    begins = before * chance.random() if chance.random() < 0.5 else timedelta(hours=12) * chance.random()
    return whose, begins, begins + timedelta(hours=6) * chance.random()


class Storm(Trouble):
    """The trouble of one seed. ``overtake`` lets another event happen now, in the midst of this one."""

    def __init__(self, weather: Weather, chance: Random, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.overtake: Callable[[], object]
        self.weather, self.overtake = weather, _nothing
        self.is_sheltered = True
        self.accident: Callable[[str, int, bool], None] | None = None
        self.kills = 0
        self._chance, self._now, self._began = chance, now, now()
        self._has_passed = False
        self._nested, self._calls_left, self._rages = 0, _NEVER, False
        thresholds = (weather.killed, weather.throttled, weather.unsure, weather.contended)
        self._any = sum(thresholds)

    @property
    def has_passed(self) -> bool:
        """Once is for ever, and it is asked before every call."""
        if not self._has_passed:
            self._has_passed = self._now() - self._began >= self.weather.ends
        return self._has_passed

    def is_reply_lost(self) -> bool:
        return self._rages and not self.is_sheltered and self._chance.random() < self.weather.lost

    def comes(self, name: str, number: int, *, after: bool) -> None:
        if self.accident is not None and not self.is_sheltered:
            self.accident(name, number, after)
        if not self._rages or self.is_sheltered:
            return
        if not after:
            self._before_a_call(name)
        self._calls_left -= 1
        if self._calls_left == 0:
            self._calls_left = self._next_strike()
            self._strike(name, after)

    def step_out(self) -> Shelter:
        """Somebody's turn, in which no time passes: from here on things may go wrong for them. ``step_in`` ends it,
        with what this answers."""
        kept = self.is_sheltered, self._calls_left, self._rages
        self.is_sheltered, self._rages = False, not self.has_passed
        self._calls_left = self._next_strike()
        return kept

    def step_in(self, kept: Shelter) -> None:
        self.is_sheltered, self._calls_left, self._rages = kept

    def _next_strike(self) -> int:
        """At which of the moments before and after calls, counted from now."""
        if not self._any:
            return _NEVER
        chance = self._chance
        return 1 + int(chance.expovariate(1 / _USUAL_CALLS)) if chance.random() < self._any else _NEVER

    def _before_a_call(self, name: str) -> None:
        weather = self.weather
        if weather.overtaken and self._nested < _MOST_NESTED and self._chance.random() < weather.overtaken:
            self._let_others_go_first()
        if weather.outages:
            self._look_for_outage(name)

    def _let_others_go_first(self) -> None:
        self._nested += 1
        try:
            self.overtake()
        finally:
            self._nested -= 1

    def _look_for_outage(self, name: str) -> None:
        since, whose = self._now() - self._began, name.partition(".")[0]
        for out, begins, ends in self.weather.outages:
            if out == whose and begins <= since < ends and name not in NEVER_RAISES:
                raise unavailable(name)

    def _strike(self, name: str, after: bool) -> None:
        """One of the kinds, each as likely as the weather has it; most are only either before a call or after it."""
        weather, roll = self.weather, self._chance.random() * self._any
        if roll < weather.killed:
            self.kills += 1
            raise Killed
        if name in NEVER_RAISES:
            return
        if roll < weather.killed + weather.throttled + weather.contended:
            self._before(name, after, is_contended=roll >= weather.killed + weather.throttled)
        elif after:
            raise unavailable(name)

    def _before(self, name: str, after: bool, *, is_contended: bool) -> None:
        """A transaction that meets another fails as a whole; only writes do."""
        if after:
            return
        if is_contended and "save" in name:
            raise StaleWrite
        raise unavailable(name)


def _nothing() -> None:
    """Happens."""


def unavailable(name: str) -> Unavailable:
    return _OUTAGES.get(name.partition(".")[0], StoreUnavailable)()
