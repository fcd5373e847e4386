"""What ``Buckets`` promises: the same as the rule says, whoever asks at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from chalicelib.domain.limits import Allowance, after_taking
from chalicelib.ports import Buckets
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

SECOND = timedelta(seconds=1)
THREE = Allowance(most=3, one_per=10 * SECOND)


def take(buckets: Buckets, key: str, seconds: float = 0, count: int = 1, ahead: timedelta = 0 * SECOND) -> float | None:
    """When what was taken may be used, in seconds from noon."""
    turn = buckets.take(key, THREE, now=NOON + seconds * SECOND, count=count, ahead=ahead)
    return (turn - NOON) / SECOND if turn else None


def test_a_bucket_gives_what_it_holds_and_then_nothing(buckets: Buckets) -> None:
    key = f"test/{fresh()}"
    assert [take(buckets, key) for _ in range(4)] == [0, 0, 0, None]


def test_what_was_refused_costs_nothing(buckets: Buckets) -> None:
    key = f"test/{fresh()}"
    assert take(buckets, key, count=4) is None
    assert take(buckets, key, count=3) == 0


def test_a_token_comes_back_in_its_time(buckets: Buckets) -> None:
    key = f"test/{fresh()}"
    take(buckets, key, count=3)
    assert take(buckets, key, 9.99) is None
    assert take(buckets, key, 10) == 10


def test_a_turn_can_be_booked_ahead(buckets: Buckets) -> None:
    key = f"test/{fresh()}"
    take(buckets, key, count=3)
    assert [take(buckets, key, ahead=20 * SECOND) for _ in range(3)] == [10, 20, None]


def test_a_clock_that_is_put_back_an_hour_holds_nobody_up_for_an_hour(buckets: Buckets) -> None:
    key = f"test/{fresh()}"
    take(buckets, key, 3_600, count=3)
    assert take(buckets, key, 0) == 0


def test_clocks_that_differ_by_minutes_give_nothing_away(buckets: Buckets) -> None:
    key = f"test/{fresh()}"
    take(buckets, key, 300, count=3)
    assert take(buckets, key, 0) is None


def test_whoever_took_last_may_try_again_and_nobody_else(buckets: Buckets) -> None:
    key = f"test/{fresh()}"
    assert [buckets.take(key, THREE, now=NOON, by="siti") for _ in range(5)] == [NOON] * 5
    assert buckets.take(key, THREE, now=NOON, by="budi") is None
    assert take(buckets, key) is None


def test_buckets_are_apart(buckets: Buckets) -> None:
    one, other = f"test/{fresh()}", f"test/{fresh()}"
    take(buckets, one, count=3)
    assert take(buckets, other, count=3) == 0


asked = some.tuples(some.sampled_from([0, 1, 5, 10, 30, -4_000]), some.integers(1, 4), some.sampled_from([0, 5, 25]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asks=some.lists(asked, min_size=1, max_size=12))
def test_every_store_keeps_the_rule(buckets: Buckets, asks: list[tuple[int, int, int]]) -> None:
    key, now = f"test/{fresh()}", NOON
    full_at: datetime | None = None
    for passed, count, ahead in asks:
        now += passed * SECOND
        taken = after_taking(full_at, THREE, now=now, count=count, ahead=ahead * SECOND)
        full_at = taken.full_at if taken else full_at
        turn = buckets.take(key, THREE, now=now, count=count, ahead=ahead * SECOND)
        assert turn == (taken.usable_at if taken else None)


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_of_many_who_take_at_once_no_more_get_something_than_there_is(stores: Stores) -> None:
    key = f"test/{fresh()}"
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: take(stores.buckets, key), range(16)))
    assert sum(turn is not None for turn in got) == 3
