"""Waves move by the clock, one step at a time; joining is a matter of the clock alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import Conflict, IllegalTransition
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.next_wave import next_closing
from chalicelib.domain.waves import (
    SETTLING_TIME,
    SHARDS,
    EntryEvent,
    EntryState,
    Wave,
    WaveEvent,
    WaveState,
    commitment_to,
    due_event,
    join_wave,
    move_entry,
    move_wave,
    shard_of,
)
from tests.builders import a_wave, an_applicant_id, an_entry
from tests.fakes import NOON

SECOND = timedelta(seconds=1)


def steps(wave: Wave, *, ticks: int = 10, **delay: float) -> list[WaveEvent]:
    """What a clock that ticks this long after the announcement makes of a wave."""
    now, taken = wave.announces_at + timedelta(**delay), []
    for _ in range(ticks):
        event = due_event(wave, now)
        if event is not None:
            wave = move_wave(wave, event)
            taken.append(event)
    return taken


@pytest.mark.parametrize(
    ("state", "event", "moment"),
    [
        (WaveState.APPROVED, WaveEvent.OPEN, a_wave().opens_at),
        (WaveState.OPEN, WaveEvent.CLOSE, a_wave().closes_at),
        (WaveState.CLOSED, WaveEvent.FREEZE, a_wave().closes_at + SETTLING_TIME),
        (WaveState.FROZEN, WaveEvent.DRAW, a_wave().drawn_from),
        (WaveState.DRAWN, WaveEvent.ANNOUNCE, a_wave().announces_at),
    ],
)
def test_each_step_is_due_at_its_moment_and_not_a_second_before(
    state: WaveState, event: WaveEvent, moment: datetime
) -> None:
    wave = a_wave(state=state)
    assert due_event(wave, moment) is event
    assert due_event(wave, moment - SECOND) is None


def test_missed_ticks_are_caught_up_one_step_at_a_time_and_in_order() -> None:
    in_order = [WaveEvent.OPEN, WaveEvent.CLOSE, WaveEvent.FREEZE, WaveEvent.DRAW, WaveEvent.ANNOUNCE]
    assert steps(a_wave(), days=30) == in_order


def test_nothing_follows_an_announcement() -> None:
    assert due_event(a_wave(state=WaveState.ANNOUNCED), NOON + timedelta(days=3650)) is None


def test_a_plan_that_nobody_approved_does_not_open() -> None:
    unapproved = a_wave(state=WaveState.PLANNED)
    assert not unapproved.is_open(NOON)
    assert due_event(unapproved, NOON + timedelta(days=3650)) is None


def test_whoever_is_verified_now_could_join_the_open_wave_or_else_the_next() -> None:
    unapproved = a_wave(1, state=WaveState.PLANNED)
    open_one = a_wave(2, closes_at=NOON + timedelta(days=4))
    next_one = a_wave(3, opens_at=NOON + timedelta(days=2), closes_at=NOON + timedelta(days=9))
    after = a_wave(4, opens_at=NOON + timedelta(days=3), closes_at=NOON + timedelta(days=5))
    assert next_closing([unapproved, open_one, next_one, after], now=NOON) == open_one.closes_at
    assert next_closing([after, next_one, unapproved], now=NOON) == next_one.closes_at
    assert next_closing([unapproved], now=NOON) is None


def test_the_list_is_read_only_when_the_last_request_can_be_over() -> None:
    assert timedelta(seconds=30) <= SETTLING_TIME


def test_a_wave_is_open_from_its_opening_to_just_before_its_closing() -> None:
    wave = a_wave()
    moments = [wave.opens_at - SECOND, wave.opens_at, wave.closes_at - SECOND, wave.closes_at]
    assert [wave.is_open(moment) for moment in moments] == [False, True, True, False]


def test_nobody_gains_or_loses_by_the_minute_in_which_the_state_follows_the_clock() -> None:
    assert a_wave(state=WaveState.APPROVED).is_open(NOON)
    assert not a_wave(state=WaveState.OPEN).is_open(a_wave().closes_at)


def test_joining_counts_by_its_own_moment() -> None:
    wave = a_wave()
    in_time = an_entry(joined_at=wave.closes_at - SECOND)
    assert join_wave(wave, in_time) is in_time
    for late in (wave.closes_at, wave.opens_at - SECOND):
        with pytest.raises(Conflict, match="wave_closed"):
            join_wave(wave, an_entry(joined_at=late))


def test_an_entry_is_chosen_or_passed_over_and_only_the_chosen_can_be_excluded() -> None:
    chosen = move_entry(an_entry(), EntryEvent.CHOOSE)
    passed_over = move_entry(an_entry(), EntryEvent.PASS_OVER, reason="not_drawn")
    excluded = move_entry(chosen, EntryEvent.EXCLUDE, reason="family_limit")
    assert [each.state for each in (chosen, passed_over, excluded)] == [
        EntryState.CHOSEN,
        EntryState.NOT_CHOSEN,
        EntryState.EXCLUDED,
    ]
    assert (passed_over.reason, excluded.reason) == ("not_drawn", "family_limit")
    with pytest.raises(IllegalTransition):
        move_entry(passed_over, EntryEvent.CHOOSE)
    with pytest.raises(IllegalTransition):
        move_entry(chosen, EntryEvent.PASS_OVER)


def test_a_commitment_binds_to_one_secret_and_anybody_can_check_it() -> None:
    """``printf %s secret | sha256sum``"""
    assert commitment_to("secret") == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"


def test_an_applicant_always_joins_into_the_same_shard() -> None:
    """Another one after an update would let them join twice: the numbers are pinned."""
    assert [shard_of(an_applicant_id(number)) for number in range(5)] == [39, 12, 27, 61, 34]
    assert {shard_of(ApplicantId(str(number))) for number in range(5_000)} == set(range(SHARDS))


def test_moving_a_wave_changes_nothing_but_its_state() -> None:
    assert move_wave(a_wave(), WaveEvent.OPEN) == replace(a_wave(), state=WaveState.OPEN)
