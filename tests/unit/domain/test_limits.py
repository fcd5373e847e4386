"""A bucket of tokens that fills with time."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.domain.limits import Allowance, after_taking, per_second
from tests.fakes import NOON

MINUTE = timedelta(minutes=1)
THREE = Allowance(most=3, one_per=10 * MINUTE)


def taken(full_at: datetime | None, *, times: int, now: timedelta = timedelta()) -> tuple[datetime | None, int]:
    """When the bucket is full afterwards, and how many were there to take."""
    got = 0
    for _ in range(times):
        after = after_taking(full_at, THREE, now=NOON + now)
        if after is not None:
            full_at, got = after.full_at, got + 1
    return full_at, got


def test_a_full_bucket_gives_what_it_holds_and_no_more() -> None:
    assert taken(None, times=5)[1] == 3


def test_one_token_comes_back_in_its_time_and_not_before() -> None:
    empty, _ = taken(None, times=3)
    assert taken(empty, times=2, now=10 * MINUTE - timedelta(seconds=1))[1] == 0
    assert taken(empty, times=2, now=10 * MINUTE)[1] == 1


def test_a_bucket_left_alone_is_full_again_and_not_fuller() -> None:
    empty, _ = taken(None, times=3)
    assert taken(empty, times=9, now=600 * MINUTE)[1] == 3


@given(some.lists(some.integers(0, 3_600), min_size=1, max_size=60))
def test_never_more_than_a_bucket_and_what_flowed_in(seconds: list[int]) -> None:
    full_at, got = None, 0
    for moment in sorted(seconds):
        full_at, more = taken(full_at, times=1, now=timedelta(seconds=moment))
        got += more
    assert got <= 3 + (max(seconds) - min(seconds)) / 600


@given(rate=some.integers(20, 2_000), booked=some.integers(1, 400))
def test_in_no_second_more_leave_than_a_quota_allows_however_far_ahead_they_book(rate: int, booked: int) -> None:
    pace = per_second(rate * 0.95, at_once=0.05)
    turns, full_at = [], None
    for _ in range(booked):
        after = after_taking(full_at, pace, now=NOON, ahead=timedelta(hours=1))
        assert after
        full_at = after.full_at
        turns.append(after.usable_at)
    for first in turns:
        assert sum(first <= turn < first + timedelta(seconds=1) for turn in turns) <= rate
