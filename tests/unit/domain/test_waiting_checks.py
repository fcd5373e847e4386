"""Whose turn is first, and when one's own will come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.registry_budget import PROBE_EVERY, USED_UP_PROBE_EVERY, Budget
from chalicelib.domain.time import WIB
from chalicelib.domain.waiting_checks import (
    LONGEST_RETRY,
    Backlog,
    Landmark,
    Pause,
    WaitingCheck,
    ahead_of,
    is_reached_at_once,
    most_to_release,
    page_sizes,
    promise_for,
    rest_after,
)
from tests.fakes import NOON

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 3, 2, 17, tzinfo=UTC)


def a_check(**changes: object) -> WaitingCheck:
    check = WaitingCheck("population", ApplicantId("0.a"), 1, NOON)
    return replace(check, **changes)  # type: ignore[arg-type]


def a_backlog(ahead: int, **changes: object) -> Backlog:
    """``ahead`` stand before all others."""
    landmarks = (Landmark(0, "0", ahead), Landmark(0, "~", 0))
    known = Backlog("population", NOON, 10.0, 10.0, landmarks, quota_left=10**6, quota_per_day=10**6)
    return replace(known, **changes)  # type: ignore[arg-type]


def minutes(backlog: Backlog | None) -> float:
    """From now until the check is expected to be done."""
    return (promise_for(a_check(), backlog, now=NOON).expected_at - NOON) / timedelta(minutes=1)


def test_whose_wave_closes_first_goes_first() -> None:
    soon, late = a_check(closes_at=NOON + HOUR), a_check(closes_at=NOON + 2 * HOUR, since=NOON - HOUR)
    assert soon.place < late.place


def test_who_came_before_any_wave_was_planned_goes_before_those_who_came_when_one_was() -> None:
    assert a_check().place < a_check(closes_at=NOON + HOUR, since=NOON + timedelta(minutes=1)).place


def test_moments_are_compared_and_not_their_zones() -> None:
    in_jakarta = (NOON + HOUR).astimezone(WIB)
    assert a_check(closes_at=in_jakarta).place < a_check(closes_at=NOON + 2 * HOUR).place


def test_who_came_first_goes_first_where_all_else_is_equal() -> None:
    assert a_check(since=NOON - timedelta(milliseconds=1)).place < a_check().place


def test_half_of_the_stretch_that_one_lies_in_counts_as_ahead() -> None:
    marks = [Landmark(0, "b", 10), Landmark(0, "d", 10), Landmark(1, "c", 7)]
    assert [ahead_of(place, marks) for place in ("a", "c", "x")] == [5 + 3, 10 + 5 + 3, 20 + 7]


def test_a_promise_is_what_stands_ahead_by_the_pace() -> None:
    assert minutes(a_backlog(6_000)) == 11
    assert minutes(a_backlog(0)) == minutes(None) == 1


def test_a_pace_of_now_is_not_believed_to_last() -> None:
    """900 s at 5 a second, and the rest at 20."""
    assert minutes(a_backlog(4_500 + 24_000, per_second=5.0, usual_per_second=20.0)) == 15 + 20 + 1


def test_what_was_answered_since_the_picture_no_longer_stands_ahead() -> None:
    backlog = a_backlog(6_000, as_of=NOON - timedelta(minutes=5))
    assert minutes(backlog) == 6


def test_what_todays_quota_does_not_reach_waits_for_the_next_days() -> None:
    backlog = a_backlog(6_000, quota_left=1_000, quota_per_day=2_000)
    promise = promise_for(a_check(), backlog, now=NOON)
    assert promise.expected_at == MIDNIGHT + timedelta(days=2, minutes=2)


def test_a_used_up_quota_goes_on_at_midnight_and_says_so() -> None:
    backlog = a_backlog(600, used_up_until=MIDNIGHT, quota_left=0)
    promise = promise_for(a_check(), backlog, now=NOON)
    assert (promise.expected_at, promise.because) == (MIDNIGHT + timedelta(minutes=2), Pause.USED_UP)


def test_an_outage_is_taken_to_last_as_long_again() -> None:
    promise = promise_for(a_check(), a_backlog(600, down_since=NOON - HOUR), now=NOON)
    assert (promise.expected_at, promise.because) == (NOON + HOUR + timedelta(minutes=2), Pause.DOWN)


def test_rests_grow_and_end() -> None:
    rests = [rest_after(tries) for tries in range(1, 20)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(minutes=1), LONGEST_RETRY)


def a_budget(**changes: object) -> Budget:
    return replace(Budget("population", 40, 10.0), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "on_queue", "most"),
    [
        ({}, 0, 1_800),
        ({}, 1_750, 50),
        ({}, 1_900, 0),
        ({"quota_left": 60}, 10, 50),
        ({"used_up_until": NOON + HOUR, "probed_at": NOON - PROBE_EVERY}, 0, 0),
        ({"used_up_until": NOON + HOUR, "probed_at": NOON - USED_UP_PROBE_EVERY}, 0, 1),
        ({"used_up_until": NOON}, 0, 1_800),
        ({"down_since": NOON - HOUR, "probed_at": NOON}, 0, 0),
        ({"down_since": NOON - HOUR, "probed_at": NOON - PROBE_EVERY}, 0, 1),
        ({"down_since": NOON - HOUR, "probed_at": NOON - PROBE_EVERY}, 1, 0),
    ],
)
def test_as_many_are_handed_out_as_will_be_asked_until_the_next_look(
    changes: dict[str, object], on_queue: int, most: int
) -> None:
    assert most_to_release(a_budget(**changes), on_queue, now=NOON) == most


def test_who_comes_in_calm_weather_is_asked_about_at_once() -> None:
    assert is_reached_at_once(None)
    assert is_reached_at_once(a_backlog(1_700))
    assert not is_reached_at_once(a_backlog(1_900))
    assert not is_reached_at_once(a_backlog(0, down_since=NOON))
    assert not is_reached_at_once(a_backlog(0, used_up_until=NOON + HOUR))


def test_stretches_are_short_at_the_front_and_few_in_all() -> None:
    sizes = list(islice(page_sizes(25), 100))
    assert sizes[:9] == [25] * 8 + [50]
    assert all(size <= max(25, sum(sizes[:place]) / 4) for place, size in enumerate(sizes))
    assert sum(sizes) > 1_000_000
