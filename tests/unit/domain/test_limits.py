"""A bucket of tokens that fills with time."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.domain.limits import Allowance, Bucket, without_one
from tests.fakes import NOON

MINUTE = timedelta(minutes=1)
THREE = Allowance(most=3, one_per=10 * MINUTE)


def taken(bucket: Bucket, *, times: int, now: timedelta = timedelta()) -> tuple[Bucket, int]:
    """The bucket afterwards, and how many were there to take."""
    got = 0
    for _ in range(times):
        left = without_one(bucket, THREE, now=NOON + now)
        if left is not None:
            bucket, got = left, got + 1
    return bucket, got


def test_a_full_bucket_gives_what_it_holds_and_no_more() -> None:
    assert taken(Bucket("b"), times=5)[1] == 3


def test_one_token_comes_back_in_its_time_and_not_before() -> None:
    empty, _ = taken(Bucket("b"), times=3)
    assert taken(empty, times=2, now=10 * MINUTE - timedelta(seconds=1))[1] == 0
    assert taken(empty, times=2, now=10 * MINUTE)[1] == 1


def test_a_bucket_left_alone_is_full_again_and_not_fuller() -> None:
    empty, _ = taken(Bucket("b"), times=3)
    assert taken(empty, times=9, now=600 * MINUTE)[1] == 3


@given(some.lists(some.integers(0, 3_600), min_size=1, max_size=60))
def test_never_more_than_a_bucket_and_what_flowed_in(seconds: list[int]) -> None:
    bucket, got = Bucket("b"), 0
    for moment in sorted(seconds):
        bucket, more = taken(bucket, times=1, now=timedelta(seconds=moment))
        got += more
    assert got <= 3 + (max(seconds) - min(seconds)) / 600
