"""Who switches the gate: the queue, once a minute, and staff beforehand."""

from datetime import timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.admission import BUSY_WAITING, Gate, GateSetter
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StaleWrite, StoreUnavailable
from chalicelib.domain.mail_routes import Quota, first_plan
from chalicelib.use_cases.admission.arm_gate import arm_gate
from chalicelib.use_cases.admission.steer_gate import steer_gate
from tests.fakes import NOON, World


def looked(world: World, waiting: int) -> tuple[Gate, Gate]:
    world.depths.by_queue[Queue.REGISTRATIONS_TO_OPEN] = waiting
    return steer_gate(gates=world.gates, depths=world.depths, traffic=world.mail_traffic, clock=world.clock)


def armed(world: World, minutes: int) -> Gate:
    begins_at, spread = world.clock.now() + timedelta(minutes=minutes), timedelta(minutes=10)
    return arm_gate(begins_at, spread, asks_proof=False, gates=world.gates, clock=world.clock)


def test_the_gate_goes_on_when_many_registrations_wait(world: World) -> None:
    before, after = looked(world, BUSY_WAITING)
    assert (before.is_on(NOON), after.is_on(NOON)) == (False, True)
    assert world.gates.get().is_on(NOON)


def test_a_quiet_minute_changes_nothing_but_what_was_seen(world: World) -> None:
    looked(world, 3)
    world.clock.passes(minutes=1)
    _, after = looked(world, 5)
    kept = world.gates.get()
    assert (kept.waiting, kept.seen_at, kept.is_on(NOON)) == (5, world.clock.now(), False)
    assert after.began_at is None


def test_a_rush_of_some_minutes_comes_and_goes(world: World) -> None:
    seen = []
    for waiting in (0, 60_000, 90_000, 40_000, 1_000, *[0] * 30):
        _, gate = looked(world, waiting)
        seen.append(gate.is_on(world.clock.now()))
        world.clock.passes(minutes=1)
    assert seen[0] is False
    assert seen[1:5] == [True] * 4
    assert seen[-1] is False
    assert [before for before, after in pairwise(seen) if before is not after] == [False, True]


@pytest.mark.parametrize(("mails", "is_on"), [(8_399, False), (8_400, True)])
def test_the_gate_goes_on_when_the_last_mail_will_wait_ten_minutes(world: World, mails: int, is_on: bool) -> None:
    """At fourteen a second."""
    world.depths.by_queue[Queue.MAILS_TO_SEND] = mails
    assert looked(world, 0)[1].is_on(NOON) is is_on


def test_turns_are_spread_over_as_long_as_the_mails_will_take(world: World) -> None:
    world.depths.by_queue[Queue.MAILS_TO_SEND] = 30_000
    plan = first_plan({"ses": Quota(10, 10**6), "sendgrid": Quota(10, 10**6)}, now=NOON)
    world.mail_traffic.save_plan(plan)
    assert looked(world, 0)[1].spread == timedelta(seconds=1_500)


def test_the_gate_is_held_until_the_mails_are_nearly_gone(world: World) -> None:
    seen = []
    for mails in (10_000, 9_000, 6_000, 3_000, *[500] * 20):
        world.depths.by_queue[Queue.MAILS_TO_SEND] = mails
        seen.append(looked(world, 0)[1].is_on(world.clock.now()))
        world.clock.passes(minutes=1)
    assert seen[:4] == [True] * 4
    assert seen[-1] is False


def test_a_queue_that_cannot_be_asked_leaves_the_gate_alone(world: World) -> None:
    looked(world, BUSY_WAITING)
    kept = world.gates.get()
    world.depths.fails_before("waiting")
    with pytest.raises(StoreUnavailable):
        looked(world, 0)
    assert world.gates.get() == kept


def test_staff_arm_the_gate_for_an_opening_to_come(world: World) -> None:
    gate = armed(world, minutes=30)
    assert (gate.set_by, gate.is_on(NOON), gate.is_on(NOON + timedelta(minutes=30))) == (GateSetter.STAFF, False, True)
    looked(world, BUSY_WAITING)
    assert world.gates.get().began_at == NOON + timedelta(minutes=30)


def test_of_two_who_switch_at_once_the_later_is_told(world: World) -> None:
    world.gates.fails_before("save", StaleWrite())
    with pytest.raises(StaleWrite):
        armed(world, minutes=1)
