"""Scheduled functions run by the movable clock: late rather than never, and once for all that was missed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.clock import MovableClock
from infra.local.cron import parsed
from tests.integration.local import toys
from tests.integration.local.conftest import PumpMaker

NOON = datetime(2030, 3, 1, 12, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("expression", "last"),
    [
        ("cron(0 1 * * ? *)", datetime(2030, 3, 1, 1, tzinfo=UTC)),
        ("cron(0 13 * * ? *)", datetime(2030, 2, 28, 13, tzinfo=UTC)),
        ("cron(0/15 * * * ? *)", NOON),
        ("cron(5/15 10-11 * * ? *)", datetime(2030, 3, 1, 11, 50, tzinfo=UTC)),
        ("cron(0 6 ? * MON-THU *)", datetime(2030, 2, 28, 6, tzinfo=UTC)),
        ("cron(0 6 ? * 1,7 *)", datetime(2030, 2, 24, 6, tzinfo=UTC)),
        ("cron(30 23 1 JAN,FEB ? 2030)", datetime(2030, 2, 1, 23, 30, tzinfo=UTC)),
        ("cron(0 0 29 2 ? *)", datetime(2028, 2, 29, tzinfo=UTC)),
        ("cron(0 0 1 1 ? 2031)", None),
        ("rate(5 minutes)", NOON),
        ("rate(1 hour)", NOON),
        ("rate(3 days)", datetime(2030, 2, 28, 12, tzinfo=UTC)),
    ],
)
def test_the_last_tick_is_found(expression: str, last: datetime | None) -> None:
    after = datetime(2025, 1, 1, 12, tzinfo=UTC)
    assert parsed(expression).last_tick(after, NOON) == last


def test_a_tick_is_not_found_twice() -> None:
    assert parsed("cron(0 * * * ? *)").last_tick(NOON, NOON + timedelta(minutes=59)) is None
    assert parsed("rate(1 minute)").last_tick(NOON, NOON + timedelta(seconds=59)) is None


@pytest.mark.parametrize(
    "expression",
    [
        "every day",
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(5 minute)",
        "cron(0 1 * * *)",
        "cron(0 1 * * * *)",
        "cron(0 1 ? * ? *)",
        "cron(60 1 * * ? *)",
        "cron(0 1 L * ? *)",
        "cron(0/0 1 * * ? *)",
    ],
)
def test_what_amazon_would_refuse_is_refused(expression: str) -> None:
    with pytest.raises(ValueError):
        parsed(expression)


def _noting(ticks: list[str]) -> toys.Plan:
    return lambda event: ticks.append(event["time"])


def test_a_jump_over_several_ticks_runs_once_for_the_last(pump: PumpMaker, clock: MovableClock) -> None:
    sweeps: list[str] = []
    ticks: list[str] = []
    toys.plans.update(sweep=_noting(sweeps), tick=_noting(ticks))
    running = pump(toys.chores)
    clock.move_to(datetime(2030, 3, 5, 3, tzinfo=UTC))
    assert not running.idle()
    running.run_schedules()
    assert running.wait_until_idle(5)
    assert sweeps == ["2030-03-05T01:00:00Z"]
    assert len(ticks) == 1
    assert running.run_schedules() == []


def test_the_clock_is_watched_without_being_asked(pump: PumpMaker, clock: MovableClock) -> None:
    sweeps: list[str] = []
    toys.plans.update(sweep=_noting(sweeps), tick=lambda _: None)
    running = pump(toys.chores)
    clock.advance(timedelta(days=1))
    assert running.wait_until_idle(5)
    assert len(sweeps) == 1


def test_a_tick_missed_while_stopped_is_made_up_for(pump: PumpMaker, clock: MovableClock) -> None:
    sweeps: list[str] = []
    toys.plans.update(sweep=_noting(sweeps), tick=lambda _: None)
    first = pump(toys.chores)
    assert first.stop()
    clock.advance(timedelta(days=2))
    second = pump(toys.chores)
    assert second.wait_until_idle(5)
    assert sweeps == ["2030-03-03T01:00:00Z"]


def test_a_failing_schedule_is_tried_three_times(pump: PumpMaker, clock: MovableClock) -> None:
    calls: list[dict[str, Any]] = []

    def fail(event: dict[str, Any]) -> None:
        calls.append(event)
        raise ValueError

    toys.plans.update(sweep=fail, tick=lambda _: None)
    running = pump(toys.chores)
    clock.advance(timedelta(days=1))
    assert running.wait_until_idle(5)
    assert len(calls) == running.failures()["sweep"] == 3
    assert calls[0]["detail-type"] == "Scheduled Event"


def test_the_clock_keeps_its_offset_and_never_goes_back(tmp_path: Path) -> None:
    clock = MovableClock(tmp_path / "clock.json")
    clock.advance(timedelta(days=30))
    again = MovableClock(tmp_path / "clock.json")
    assert abs(again.now() - clock.now()) < timedelta(seconds=5)
    assert again.now() - datetime.now(UTC) > timedelta(days=29)
    with pytest.raises(ValueError, match="forward"):
        again.move_to(datetime.now(UTC))
    with pytest.raises(ValueError, match="forward"):
        again.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="zone"):
        again.move_to(datetime(2040, 1, 1))  # noqa: DTZ001
