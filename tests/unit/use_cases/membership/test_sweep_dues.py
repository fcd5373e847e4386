"""Find memberships for which time has come to something."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.membership import MembershipState
from chalicelib.use_cases.membership.sweep_dues import PAGE, sweep_dues
from tests.fakes import World
from tests.unit.use_cases.membership.dues import DEADLINE, INSTANT, WAVE, held, meet, welcome


def sweep(world: World) -> None:
    sweep_dues(memberships=world.memberships, messages=world.messages, depths=world.depths, clock=world.clock)


def swept(world: World) -> Counter[str]:
    return Counter(str(body["applicant_id"]) for body in world.messages.on(Queue.DUES_TO_MEET))


def test_whoever_is_due_is_sent_on_and_nobody_else(world: World) -> None:
    welcome(world)
    sweep(world)
    assert not world.messages.sent
    world.clock.moves_to(DEADLINE - timedelta(days=3) + INSTANT)
    sweep(world)
    assert world.messages.sent == [(Queue.DUES_TO_MEET, {"applicant_id": held(world).applicant_id})]


def test_thousands_due_in_one_second_are_all_found_once_by_bounded_pages(world: World) -> None:
    many = 3 * PAGE + 7
    for number in range(1, many + 1):
        welcome(world, number)
    world.clock.moves_to(DEADLINE + INSTANT)
    before = len(world.trouble.calls)
    sweep(world)
    calls = Counter(world.trouble.calls[before:])
    assert calls == {"depths.unfinished": 1, "memberships.due": 4, "messages.send": 4}
    found = swept(world)
    assert len(found) == many
    assert set(found.values()) == {1}
    for number in range(1, many + 1):
        meet(world, number)
    assert world.places.lapsed(WAVE) == many
    assert {each.state for each in world.memberships.all()} == {MembershipState.REVOKED}


def test_while_messages_wait_or_were_put_back_no_more_are_sent(world: World) -> None:
    welcome(world)
    world.clock.moves_to(DEADLINE + INSTANT)
    for lying in (world.depths.by_queue, world.depths.put_back):
        lying[Queue.DUES_TO_MEET] = 1
        sweep(world)
        assert not world.messages.sent
        lying.clear()
    sweep(world)
    assert len(world.messages.sent) == 1


@pytest.mark.parametrize("call", ["depths.unfinished", "memberships.due", "messages.send"])
@pytest.mark.parametrize("after", [False, True])
def test_a_sweep_that_is_cut_off_is_made_good_by_the_next(world: World, call: str, after: bool) -> None:
    welcome(world)
    world.clock.moves_to(DEADLINE + INSTANT)
    world.trouble.fail(call, StoreUnavailable(), after=after)
    with pytest.raises(StoreUnavailable):
        sweep(world)
    sweep(world)
    for _ in world.messages.on(Queue.DUES_TO_MEET):
        meet(world)
    assert held(world).state is MembershipState.REVOKED
    assert world.places.lapsed(WAVE) == 1
