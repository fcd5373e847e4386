"""Waiting checks are handed out as the registry will bear, and everybody can be told when."""

from datetime import timedelta

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.registry_budget import MOST_FAILURES, Quota, after_last_of_the_day, after_trouble, first_budget
from chalicelib.domain.time import next_midnight
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import RELEASED_FOR, Backlog, Pause, WaitingCheck
from chalicelib.use_cases.verification.follow_applicant import follow_applicant
from chalicelib.use_cases.verification.release_checks import Releasing, draw_backlog, release_checks
from tests.builders import an_applicant_id
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

A_DAY = timedelta(days=1)
QUEUE = Queue.SOCIAL_CHECKS_TO_MAKE
SLOW = Quota(per_second=4, per_day=1_000)
"""For a start, a quarter of it: 180 checks at a look."""


def release(world: World, quota: Quota = SLOW) -> Backlog:
    releasing = Releasing(Registry.SOCIAL, QUEUE, quota)
    waiting, budgets, clock = world.waiting_checks, world.registry_budgets, world.clock
    release_checks(
        releasing, waiting=waiting, budgets=budgets, depths=world.depths, messages=world.messages, clock=clock
    )
    return draw_backlog(releasing, waiting=waiting, budgets=budgets, clock=clock)


def waiting(world: World, number: int, *, wave_closes_in: timedelta | None = None) -> None:
    closes_at = NOON + wave_closes_in if wave_closes_in else None
    since = NOON + timedelta(seconds=number)
    check = WaitingCheck(Registry.SOCIAL, an_applicant_id(number), 1, since, closes_at)
    world.waiting_checks.add_each([check])


def a_crowd(size: int = 300) -> World:
    world = World()
    for number in range(size):
        waiting(world, number, wave_closes_in=7 * A_DAY)
    return world


def handed_out(world: World) -> list[str]:
    return [body["applicant_id"] for body in world.messages.on(QUEUE)]


def test_as_many_go_as_will_be_asked_until_the_next_look_and_the_first_first() -> None:
    world = a_crowd()
    assert release(world).waiting == 300
    assert handed_out(world) == [an_applicant_id(number) for number in range(180)]


def test_whose_wave_closes_tomorrow_goes_before_those_who_came_before() -> None:
    world = a_crowd()
    waiting(world, 900, wave_closes_in=3 * A_DAY)
    waiting(world, 901, wave_closes_in=A_DAY)
    release(world)
    assert handed_out(world)[:3] == [an_applicant_id(901), an_applicant_id(900), an_applicant_id(0)]


def test_what_is_out_is_not_handed_out_again_until_it_must_be_lost() -> None:
    world = a_crowd(200)
    release(world)
    world.clock.passes(minutes=1)
    release(world)
    assert handed_out(world) == [an_applicant_id(number) for number in range(200)]
    world.clock.moves_to(NOON + RELEASED_FOR)
    release(world)
    assert handed_out(world)[200:] == [an_applicant_id(number) for number in range(180)]


def test_what_lies_on_the_queue_already_is_counted() -> None:
    world = a_crowd()
    world.depths.by_queue[QUEUE] = 175
    release(world)
    assert len(handed_out(world)) == 5


def test_nobody_is_handed_out_when_the_quota_is_used_up_and_all_goes_on_after_midnight_by_itself() -> None:
    world = a_crowd()
    world.registry_budgets.save(after_last_of_the_day(first_budget(Registry.SOCIAL, SLOW), now=NOON))
    assert release(world).pause(NOON) is Pause.USED_UP
    assert handed_out(world) == []
    world.clock.moves_to(next_midnight(NOON))
    assert release(world).pause(world.clock.now()) is None
    assert len(handed_out(world)) == 180


def test_a_registry_that_is_down_is_tried_with_one_check() -> None:
    world = a_crowd()
    budget = first_budget(Registry.SOCIAL, SLOW)
    for _ in range(MOST_FAILURES):
        budget = after_trouble(budget, now=NOON)
    world.registry_budgets.save(budget)
    assert release(world).pause(NOON) is Pause.DOWN
    assert handed_out(world) == []
    world.clock.passes(minutes=1)
    release(world)
    assert len(handed_out(world)) == 1


@pytest.mark.parametrize("size", [0, 1, 5_000])
def test_a_crowd_of_any_size_is_counted_whole(size: int) -> None:
    world = a_crowd(size)
    release(world)
    world.clock.passes(minutes=1)
    picture = release(world)
    assert picture.waiting == size
    assert len(picture.landmarks) <= 8 * 40


def look(world: World) -> object:
    resting = sorted(check.applicant_id for check in world.waiting_checks.all() if check.not_before)
    return resting, sorted(set(handed_out(world)))


def release_until_all_is_out(world: World) -> None:
    """A look that was cut off leaves its checks in hand for ten minutes."""
    for _ in range(2):
        release(world)
        world.clock.passes(minutes=11)


def test_a_look_that_is_cut_off_anywhere_loses_nobody() -> None:
    workflow = Workflow(lambda: a_crowd(30), release_until_all_is_out, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def follow(world: World, number: int) -> None:
    closes_at = (NOON + A_DAY).isoformat()
    facts: dict[str, str | int] = {"submission": 1, "checking_since": NOON.isoformat(), "wave_closes_at": closes_at}
    change = Change("applicant", an_applicant_id(number), "submitted", "checking", facts)
    follow_applicant(change, messages=world.messages, waiting=world.waiting_checks, clock=world.clock)


def test_in_calm_weather_a_check_is_in_hand_at_once_and_stays_known_to_the_table() -> None:
    world = World()
    follow(world, 1)
    assert handed_out(world) == [an_applicant_id(1)]
    assert {check.not_before for check in world.waiting_checks.all()} == {NOON + RELEASED_FOR}
    assert {check.closes_at for check in world.waiting_checks.all()} == {NOON + A_DAY}


def test_in_a_crowd_a_check_takes_its_place_and_no_message_goes() -> None:
    world = a_crowd()
    release(world)
    before = handed_out(world)
    follow(world, 1_000)
    assert handed_out(world) == before
    (social,) = (
        check
        for check in world.waiting_checks.all()
        if check.applicant_id == an_applicant_id(1_000) and check.registry is Registry.SOCIAL
    )
    assert social.not_before is None


def test_a_change_that_is_told_twice_takes_one_place() -> None:
    world = World()
    for _ in range(3):
        follow(world, 1)
    assert len(world.waiting_checks.all()) == 3
