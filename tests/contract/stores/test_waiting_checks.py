"""What waits for a registry: in the order of whose wave closes first, in hand or free, and counted."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import SHARDS, Backlog, Landmark, WaitingCheck, ahead_of
from chalicelib.ports import WaitingChecks
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

_SECONDS = count()
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(stores: Stores) -> WaitingChecks:
    """Empty for the registry of these tests: what a test before this one left there is taken away."""
    for left in stores.waiting_checks.first_due(Registry.SOCIAL, now=NOON + timedelta(days=400), limit=1_000):
        stores.waiting_checks.remove(left)
    return stores.waiting_checks


def a_check(closes_in: timedelta | None = None, *, later: timedelta = timedelta()) -> WaitingCheck:
    closes_at = NOON + closes_in if closes_in is not None else None
    since = NOON + later + timedelta(milliseconds=next(_SECONDS))
    return WaitingCheck(Registry.SOCIAL, ApplicantId(f"1.{fresh()}"), 1, since, closes_at)


def due(waiting: WaitingChecks, limit: int = 100) -> list[WaitingCheck]:
    return list(waiting.first_due(Registry.SOCIAL, now=NOON, limit=limit))


def test_whose_wave_closes_first_is_first_and_then_who_came_first(waiting: WaitingChecks) -> None:
    tomorrow, late, soon = (*(a_check(timedelta(days=days)) for days in (1, 1)), a_check(A_MINUTE))
    waiting.add_each([late, tomorrow, soon])
    assert due(waiting) == [soon, tomorrow, late]
    assert due(waiting, 2) == [soon, tomorrow]


def test_all_shards_are_read_in_one_order(waiting: WaitingChecks) -> None:
    checks = [a_check(A_MINUTE) for _ in range(60)]
    assert {check.shard for check in checks} == set(range(SHARDS))
    waiting.add_each(list(reversed(checks)))
    assert due(waiting) == checks
    assert due(waiting, 7) == checks[:7]


def test_what_is_put_there_again_stays_as_it_is(waiting: WaitingChecks) -> None:
    check = a_check()
    waiting.add_each([check])
    waiting.save(replace(check, tries=3, said="unknown"))
    waiting.add_each([check])
    assert due(waiting) == [replace(check, tries=3, said="unknown")]


def test_what_is_in_hand_is_not_handed_out_until_its_time_is_over(waiting: WaitingChecks) -> None:
    first, second = a_check(), a_check()
    waiting.add_each([first, second])
    until = NOON + timedelta(minutes=10)
    assert waiting.take_in_hand([first], until=until) == [replace(first, not_before=until)]
    assert due(waiting) == [second]
    assert len(waiting.first_due(Registry.SOCIAL, now=until, limit=9)) == 2


def test_more_than_one_call_takes_are_taken_in_hand(waiting: WaitingChecks) -> None:
    checks = [a_check() for _ in range(57)]
    waiting.add_each(checks)
    assert len(waiting.take_in_hand(checks, until=NOON + A_MINUTE)) == 57
    assert due(waiting) == []


def test_what_is_done_waits_no_more_and_being_removed_twice_harms_nobody(waiting: WaitingChecks) -> None:
    check = a_check()
    waiting.add_each([check])
    waiting.remove(check)
    waiting.remove(check)
    assert due(waiting) == []


def test_registries_do_not_see_each_others_checks(waiting: WaitingChecks) -> None:
    check = replace(a_check(), registry=Registry.EDUCATION)
    waiting.add_each([check])
    assert due(waiting) == []
    assert check in waiting.first_due(Registry.EDUCATION, now=NOON, limit=100)
    waiting.remove(check)


def test_landmarks_count_all_and_tell_how_many_stand_ahead(waiting: WaitingChecks) -> None:
    checks = [a_check(A_MINUTE) for _ in range(80)]
    waiting.add_each(checks)
    landmarks = waiting.landmarks(Registry.SOCIAL, every=3)
    assert sum(landmark.count for landmark in landmarks) == 80
    assert max(landmark.count for landmark in landmarks) <= 3
    for place, check in enumerate(checks):
        assert abs(ahead_of(check.place, landmarks) - place) <= 2 * SHARDS


def test_a_picture_is_kept_and_moves_on_from_the_one_before(waiting: WaitingChecks) -> None:
    before = waiting.backlog(Registry.SOCIAL)
    version = before.version if before else 0
    picture = Backlog(Registry.SOCIAL, NOON, 12.5, 11.0, (Landmark(3, "~", 40),), 7, 100, 1_000, None, NOON, version)
    waiting.save_backlog(picture)
    assert waiting.backlog(Registry.SOCIAL) == replace(picture, version=version + 1)
