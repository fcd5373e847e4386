"""Whatever befalls whoever builds, fills, releases or dissolves a batch, it comes out the same."""

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.payout_batches import BatchState
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.refuse_batch import refuse_batch
from tests.builders import MAKER
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import (
    approve,
    build,
    built,
    move,
    paid,
    payout,
    prepared,
    states,
    work_off,
)

S, B = PayoutState, BatchState


def look(world: World) -> object:
    """Once the clock has come by again."""
    for _ in range(2):
        build(world)
        for batch in world.payout_batches.all():
            move(world, batch.id)
        world.clock.passes(hours=3)
        cashier.sweep(world)
        work_off(world)
    return states(world), sorted(paid(world)), sorted(each.state for each in world.payout_batches.all())


def _approved() -> World:
    world = built()
    (batch,) = world.payout_batches.all()
    approve(world, batch)
    return world


def _refused() -> World:
    world = built()
    (batch,) = world.payout_batches.all()
    refuse_batch(batch.id, MAKER, batches=world.payout_batches)
    return world


def _move_all(world: World) -> None:
    for batch in world.payout_batches.all():
        move(world, batch.id)


def _filling() -> World:
    world = prepared(3)
    build(world)
    return world


@pytest.mark.parametrize("prepare", [_filling, _approved, _refused])
def test_a_batch_survives_every_accident_on_its_way(prepare) -> None:  # type: ignore[no-untyped-def]
    workflow = Workflow(prepare, _move_all, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def test_building_survives_every_accident() -> None:
    def step(world: World) -> None:
        build(world)

    assert_survives_every_accident(Workflow(lambda: prepared(3), step, look))


def test_nothing_is_sent_before_two_approved(world: World) -> None:
    world = built()
    move(world, world.payout_batches.all()[0].id)
    cashier.sweep(world)
    assert not world.messages.on(Queue.PAYOUTS_TO_SETTLE)
    assert payout(world).state is S.BATCHED
