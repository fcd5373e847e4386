"""A registry is used as far as it can bear, an outage harms nobody, and what people are told comes true."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import median

import pytest

from chalicelib.domain.registry_budget import PROBE_EVERY, Quota
from chalicelib.domain.verification import IdentityState, Registry
from tests.fakes import NOON, Killed
from tests.simulation.registry_day import RegistryDay, could_bear, relative_errors

HOUR = timedelta(hours=1)
PLENTY = 10_000_000


@pytest.fixture
def begin() -> Iterator[Callable[..., RegistryDay]]:
    """Whoever began is told when it is over."""
    begun: list[RegistryDay] = []

    def day(*arguments: object, **options: object) -> RegistryDay:
        begun.append(RegistryDay(*arguments, **options))  # type: ignore[arg-type]
        return begun[-1]

    yield day
    for each in begun:
        each.is_over = True


def assert_nobody_was_harmed(day: RegistryDay) -> None:
    """Lost, rejected, or sent back to the start."""
    for id in day.people:
        applicant = day.world.applicants.get(id)
        assert (applicant.state, applicant.reasons, applicant.submission) == (IdentityState.VERIFIED, (), 1)
    left = [check for check in day.world.waiting_checks.all() if check.registry == Registry.POPULATION]
    assert left == []


def test_a_registry_whose_capacity_changes_is_used_and_hardly_ever_overrun(begin: Callable[..., RegistryDay]) -> None:
    def capacity(now: datetime) -> float:
        return (6.0, 11.0, 4.0)[int((now - NOON).total_seconds() // 900) % 3]

    day = begin(capacity, quota=Quota(40, PLENTY), workers=24)
    day.run(lambda second: 30 if second < 900 else 0, 2700)
    books = day.registry.books
    assert books.answered / could_bear(capacity, NOON, day.clock.at) >= 0.9
    assert books.turned_away / books.asked <= 0.005
    day.drain(2 * HOUR)
    assert_nobody_was_harmed(day)
    assert median(relative_errors(day.people.values())) <= 0.2


def test_an_outage_of_six_hours_harms_nobody_and_is_made_good_within_two(begin: Callable[..., RegistryDay]) -> None:
    """Afterwards the registry bears one and a half times its limit; people come at a third of it, day and night."""
    limit = 1.5
    begins, ends = NOON + HOUR / 2, NOON + 6.5 * HOUR

    def capacity(now: datetime) -> float:
        return 0.0 if begins <= now < ends else limit * 1.5

    day = begin(capacity, quota=Quota(limit * 1.5, PLENTY), workers=6, idle_seconds=4)
    day.run(lambda second: second % 2, int((ends - NOON).total_seconds()))
    was_waiting = day.waiting()
    assert was_waiting >= 6 * 1800
    assert day.endings.count(day.endings[0]) == len(day.people) - was_waiting
    promised = [person.promised_at for person in day.people.values() if person.done_at is None]
    assert all(moment is not None for moment in promised)
    day.run(lambda second: second % 2, 2 * 3600)
    assert day.waiting() <= 60
    day.drain(HOUR)
    assert_nobody_was_harmed(day)
    probes = day.registry.books.while_out[5:]
    assert len(probes) >= 6 * 30
    assert min(later - earlier for earlier, later in pairwise(probes)) >= PROBE_EVERY


def test_a_quota_that_does_not_reach_goes_on_the_next_day_by_itself(begin: Callable[..., RegistryDay]) -> None:
    day = begin(lambda _: 5.0, quota=Quota(5, 600), workers=6, idle_seconds=20)
    day.run(lambda second: second < 1000, 3600)
    assert sum(person.done_at is not None for person in day.people.values()) == 600
    asked = day.registry.books.asked
    assert asked <= 600 + 2 * 6
    day.drain(12 * HOUR)
    assert_nobody_was_harmed(day)


@pytest.mark.parametrize("seed", range(3))
def test_doubled_messages_and_functions_that_are_killed_anywhere_lose_nobody(
    begin: Callable[..., RegistryDay], seed: int
) -> None:
    day = begin(lambda _: 20.0, quota=Quota(20, PLENTY), workers=8, duplicates=0.5, seed=seed)
    chance = Random(seed)

    def killed(_call: str, _after: bool) -> BaseException | None:
        is_machine = threading.current_thread() is not threading.main_thread()
        return Killed() if is_machine and chance.random() < 0.01 else None

    day.world.trouble.stand(killed)
    day.run(lambda second: 15 if second < 40 else 0, 300)
    day.world.trouble.ends()
    day.drain(HOUR)
    assert_nobody_was_harmed(day)
    assert day.registry.books.answered <= 2 * len(day.people)
