"""What ``Gates`` and ``QueueDepths`` promise, and that a look at the gate sees what was saved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import bootstrap
from chalicelib.adapters.aws_calls import boto_call
from chalicelib.adapters.aws_clients import aws_client
from chalicelib.adapters.gate_look import GateLook
from chalicelib.domain.admission import Gate, GateSetter, armed
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StaleWrite
from chalicelib.ports import Gates, QueueDepths
from tests.fakes import NOON, FakeDepths, FakeGates

Desk = tuple[QueueDepths, Callable[[], None]]


@pytest.fixture(params=["fake", "moto"])
def gates(request: pytest.FixtureRequest) -> Gates:
    if request.param == "fake":
        return FakeGates()
    request.getfixturevalue("deployed")
    return bootstrap.gates()


@pytest.fixture(params=["fake", "moto"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """Depths, and a way of letting one registration wait."""
    if request.param == "fake":
        fake = FakeDepths()
        queue = Queue.REGISTRATIONS_TO_OPEN
        return fake, lambda: fake.by_queue.update({queue: fake.by_queue.get(queue, 0) + 1})
    request.getfixturevalue("deployed")
    return bootstrap.queue_depths(), lambda: bootstrap.messages().send(Queue.REGISTRATIONS_TO_OPEN, {})


def set_anew(gates: Gates) -> Gate:
    plan = armed(gates.get(), begins_at=NOON, spread=timedelta(minutes=5), asks_proof=True, now=NOON)
    gates.save(plan)
    return plan


def test_a_gate_comes_back_as_it_was_set(gates: Gates) -> None:
    plan = replace(set_anew(gates), waiting=7, seen_at=NOON + timedelta(seconds=1.5))
    gates.save(replace(plan, version=gates.get().version))
    kept = gates.get()
    assert replace(kept, version=0) == replace(plan, version=0)
    assert kept.set_by is GateSetter.STAFF


def test_of_two_who_read_the_same_gate_one_sets_it(gates: Gates) -> None:
    set_anew(gates)
    read = gates.get()
    gates.save(replace(read, waiting=1))
    with pytest.raises(StaleWrite):
        gates.save(replace(read, waiting=2))
    assert gates.get().waiting == 1


def test_a_queue_s_depth_is_what_waits_there(desk: Desk) -> None:
    depths, wait = desk
    before = depths.waiting(Queue.REGISTRATIONS_TO_OPEN)
    wait()
    assert depths.waiting(Queue.REGISTRATIONS_TO_OPEN) == before + 1


def test_what_was_put_back_is_unfinished_and_does_not_wait(desk: Desk) -> None:
    depths, wait = desk
    queue = Queue.REGISTRATIONS_TO_OPEN
    wait()
    waiting, unfinished = depths.waiting(queue), depths.unfinished(queue)
    if isinstance(depths, FakeDepths):
        depths.put_back[queue] = 1
    else:
        bootstrap.messages().postpone(queue.value, "{}", delay_seconds=900)
    assert (depths.waiting(queue), depths.unfinished(queue)) == (waiting, unfinished + 1)


@pytest.mark.usefixtures("deployed")
def test_a_look_sees_what_was_set_until_it_is_over() -> None:
    plan, moment = set_anew(bootstrap.gates()), [NOON]
    look = GateLook(boto_call(aws_client("dynamodb")), lambda: moment[0])
    seen = look.gate()
    assert seen is not None
    assert (seen.opening, seen.began_at, seen.spread, seen.asks_proof) == (
        plan.opening,
        plan.began_at,
        plan.spread,
        plan.asks_proof,
    )
    moment[0] += plan.spread
    assert look.gate() is None
