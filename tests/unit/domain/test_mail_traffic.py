"""Whether a provider is slow, and when mail to strangers must stop."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from statistics import fmean

import pytest

from chalicelib.domain.mail_traffic import (
    LEAST_KNOWN,
    Slot,
    is_slow,
    may_leave_unproven,
    slot_of,
    slow_share,
)
from tests.fakes import NOON

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def ago(minutes: float, **counts: int) -> Slot:
    return Slot(slot_of(NOON - minutes * MINUTE), **counts)


# --- Health -----------------------------------------------------------------------------------------------------------


def test_a_slot_is_ten_seconds() -> None:
    assert slot_of(NOON + 19 * SECOND) == NOON + 10 * SECOND


def test_what_is_delivered_within_five_minutes_is_quick() -> None:
    assert slow_share([ago(7, taken=100, quick=90, late=10)], now=NOON) == 0.1


def test_silence_is_slow_once_five_minutes_have_passed() -> None:
    assert slow_share([ago(7, taken=100, quick=80)], now=NOON) == 0.2
    assert slow_share([ago(2, taken=100, quick=80)], now=NOON) == 0


def test_what_is_not_taken_is_slow_at_once() -> None:
    assert slow_share([ago(0, taken=80, quick=80, failed=20)], now=NOON) == 0.2


def test_a_bounce_is_the_addresses_fault() -> None:
    assert slow_share([ago(7, taken=100, quick=70, bounced=30)], now=NOON) == 0


def test_what_was_a_quarter_of_an_hour_ago_is_forgiven() -> None:
    assert slow_share([ago(16, taken=100), ago(7, taken=100, quick=100)], now=NOON) == 0


def test_of_a_handful_nothing_can_be_said() -> None:
    assert slow_share([ago(7, taken=LEAST_KNOWN - 1)], now=NOON) is None
    assert not is_slow(None)


@pytest.mark.parametrize(("quick", "slow"), [(85, True), (86, False)])
def test_fifteen_in_a_hundred_are_slow(quick: int, slow: bool) -> None:
    assert is_slow(slow_share([ago(7, taken=100, quick=quick, late=100 - quick)], now=NOON)) is slow


# --- The brake --------------------------------------------------------------------------------------------------------


@dataclass
class Sending:
    """A provider that takes ``rate`` mails a second, whose verdicts come ``delay`` seconds later."""

    share: Callable[[float], float]
    rate: int
    delay: float
    slots: dict[datetime, Slot] = field(default_factory=dict)
    verdicts: list[bool] = field(default_factory=list)
    sent: int = 0

    def runs(self, seconds: int, seed: int = 1) -> None:
        chance, coming, now = Random(seed), deque[tuple[datetime, datetime, bool]](), NOON
        for step in range(seconds * self.rate):
            now = NOON + step / self.rate * SECOND
            self._hear(coming, now)
            if may_leave_unproven(self.newest(), now=now):
                bounces = chance.random() < self.share((now - NOON) / SECOND)
                coming.append((now + self.delay * SECOND, now, bounces))
                self._note(now, taken=1)
                self.sent += 1
        self._hear(coming, now + timedelta(days=1))

    def newest(self) -> list[Slot]:
        return list(self.slots.values())[::-1]

    def _hear(self, coming: "deque[tuple[datetime, datetime, bool]]", now: datetime) -> None:
        while coming and coming[0][0] <= now:
            _, left, bounced = coming.popleft()
            self.verdicts.append(bounced)
            self._note(left, **({"bounced": 1} if bounced else {"quick": 1}))

    def _note(self, moment: datetime, **counts: int) -> None:
        at = slot_of(moment)
        self.slots[at] = self.slots.get(at, Slot(at)).plus(**counts)

    def worst_of_a_thousand(self) -> float:
        """The highest share of bounces among any thousand in a row; fewer count as part of a thousand."""
        return max(sum(self.verdicts[start : start + 1000]) for start in _starts(len(self.verdicts))) / 1000


def _starts(count: int) -> Iterator[int]:
    yield from range(0, max(1, count - 999), 10)


@pytest.mark.parametrize(("rate", "delay"), [(14, 5), (14, 30), (100, 2)])
def test_a_storm_from_the_first_mail_on_is_stopped_at_four_in_a_hundred(rate: int, delay: float) -> None:
    """SES looks closer at five."""
    storms = [Sending(lambda _: 0.3, rate, delay) for _ in range(5)]
    for seed, storm in enumerate(storms):
        storm.runs(50, seed)
    worst = [storm.worst_of_a_thousand() for storm in storms]
    assert fmean(worst) <= 0.04
    assert max(worst) <= 0.045
    assert min(worst) > 0.02, "strangers are not shut out"


def test_usual_mail_is_not_held_up() -> None:
    """Two in a hundred mistype their address; mail leaves as fast as the provider allows, but for the first seconds."""
    sending = Sending(lambda _: 0.02, 100, 2)
    sending.runs(60)
    assert sending.sent > 0.85 * 60 * 100


def test_slow_verdicts_cost_a_slow_start_and_nothing_later() -> None:
    sending = Sending(lambda _: 0.01, 100, 20)
    sending.runs(120)
    assert sending.sent > 0.65 * 120 * 100


def test_a_storm_in_the_midst_of_calm_is_stopped() -> None:
    """Those on their way when it begins cannot be called back: three seconds' worth here."""
    sending = Sending(lambda second: 0.3 if second > 60 else 0.01, 14, 3)
    sending.runs(180)
    assert sending.worst_of_a_thousand() <= 0.05
    assert sending.sent < 0.5 * 180 * 14, "most of what came after was held back"


def test_mail_without_word_holds_back_further_strangers() -> None:
    assert may_leave_unproven([ago(1, taken=60)], now=NOON)
    assert not may_leave_unproven([ago(1, taken=140)], now=NOON)
    assert may_leave_unproven([ago(11, taken=140)], now=NOON)
