"""What ``WaveLook`` promises, with a year and more planned ahead."""

from datetime import timedelta

from chalicelib.adapters.storage.wave_look import CachedWaveLook
from tests.builders import a_wave
from tests.fakes import NOON, FakeWaves


class Ticks:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def planned_ahead() -> FakeWaves:
    waves = FakeWaves()
    waves.add(a_wave(1, closes_at=NOON + timedelta(days=4)))
    for week in range(1, 105):
        opens_at = NOON + timedelta(weeks=week)
        waves.add(a_wave(week + 1, opens_at=opens_at, closes_at=opens_at + timedelta(days=4)))
    return waves


def test_the_open_wave_is_found_and_after_it_the_next_one() -> None:
    ticks, waves = Ticks(), planned_ahead()
    look = CachedWaveLook(waves, ticks)  # type: ignore[arg-type]
    assert look.next_closing(now=NOON) == NOON + timedelta(days=4)
    ticks.at = 31.0
    assert look.next_closing(now=NOON + timedelta(days=5)) == NOON + timedelta(days=11)


def test_it_looks_once_in_half_a_minute() -> None:
    ticks, waves = Ticks(), planned_ahead()
    look = CachedWaveLook(waves, ticks)  # type: ignore[arg-type]
    before = len(waves.trouble.calls)
    for _ in range(3):
        look.next_closing(now=NOON)
    assert waves.trouble.calls[before:] == ["waves.to_open", "waves.opened"]
    ticks.at = 31.0
    look.next_closing(now=NOON)
    assert len(waves.trouble.calls) == before + 4
