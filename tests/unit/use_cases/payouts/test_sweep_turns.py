"""The sweep: whoever stands still is found, however many others stand there too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import BatchId, PayoutId
from chalicelib.domain.payout_batches import content_of, line_of, lines_in
from chalicelib.domain.payout_channels import pause
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.sweep_payouts import LIST_WAITS
from tests.fakes import NOON, World
from tests.money import BATCH, a_batch, a_ready_payout, a_sent_payout, due_by
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import payout, ready, sweep

MOST = 8
OTHER = BatchId("2026-03-02-bni-111111111111-1")
QUARTER = timedelta(minutes=15)


def sent_by_a_sweep(world: World, most: int = MOST) -> set[PayoutId]:
    before = len(world.messages.on(Queue.PAYOUTS_TO_SETTLE))
    sweep(world, most=most)
    bodies = world.messages.on(Queue.PAYOUTS_TO_SETTLE)[before:]
    return {line.payout_id for body in bodies for line in lines_in(body["lines"])}


def test_payouts_that_come_back_keep_nobody_else_from_their_turn() -> None:
    """All of them come back after a quarter of an hour, sooner than the sweep is through."""
    world = ready(40)
    seen: set[PayoutId] = set()
    for _ in range(24):
        world.clock.passes(minutes=5)
        ids = sent_by_a_sweep(world)
        for found in world.payouts.get_each(sorted(ids)).values():
            world.payouts.save(replace(found, reason="channel_paused", retry_at=world.clock.now() + QUARTER))
        seen |= ids
    assert len(seen) == 40


def test_nobody_is_left_unasked_because_others_are_asked_again() -> None:
    unknown = [a_sent_payout(number, state=PayoutState.UNKNOWN) for number in range(1, 41)]
    world = cashier.with_payouts(*unknown)
    for _ in range(24):
        world.clock.passes(minutes=5)
        sweep(world, most=MOST)
        while world.messages.on(Queue.PAYOUTS_TO_INQUIRE):
            id = PayoutId(world.messages.take(Queue.PAYOUTS_TO_INQUIRE)["payout_id"])
            found = world.payouts.get(id)
            assert found
            world.payouts.save(replace(found, retry_at=world.clock.now() + QUARTER, reason="asked"))
    assert {each.reason for each in world.payouts.all()} == {"asked"}


def test_a_list_is_read_once_in_a_sweep() -> None:
    world = ready(150)
    world.clock.passes(hours=3)
    before = len(world.trouble.calls)
    assert len(sent_by_a_sweep(world, most=1_000)) == 150
    assert world.trouble.calls[before:].count("batch_files.read") == 1


def two_batches(first: int, second: int) -> tuple[World, set[PayoutId]]:
    """The second waits behind the first."""
    world = ready(first)
    behind = [a_ready_payout(first + n, batch=OTHER, prepared_at=NOON + QUARTER) for n in range(1, second + 1)]
    for each in behind:
        world.payouts.add(each, due_by(each))
    world.payout_batches.add(a_batch(behind, id=OTHER))
    world.batch_files.write(OTHER, content_of(map(line_of, behind)))
    world.clock.passes(hours=1)
    return world, {each.id for each in behind}


def altered(world: World) -> None:
    world.batch_files.contents[BATCH] += b" "


def removed(world: World) -> None:
    del world.batch_files.contents[BATCH]


def disapproved(world: World) -> None:
    batch = world.payout_batches.get(BATCH)
    assert batch
    world.payout_batches.save(replace(batch, second_approver=None))


@pytest.mark.parametrize("happens", [altered, removed, disapproved])
def test_a_batch_that_cannot_be_sent_lets_others_by(happens: Callable[[World], None]) -> None:
    world, behind = two_batches(40, 8)
    happens(world)
    sent: set[PayoutId] = set()
    for _ in range(11):
        sent |= sent_by_a_sweep(world)
        cashier.work_off(world)
        world.clock.passes(minutes=5)
    assert sent == behind


def test_a_list_that_was_put_back_is_sent_within_the_hour() -> None:
    world = ready(3)
    approved = world.batch_files.contents[BATCH]
    altered(world)
    assert not sent_by_a_sweep(world)
    world.batch_files.contents[BATCH] = approved
    world.clock.moves_to(world.clock.now() + LIST_WAITS)
    assert len(sent_by_a_sweep(world)) == 3
    cashier.work_off(world)
    assert cashier.states(world) == [PayoutState.SETTLED] * 3


@pytest.mark.parametrize(
    ("paused_for", "waits"),
    [
        (timedelta(0), QUARTER),
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(days=2), timedelta(hours=2)),
    ],
)
def test_the_longer_a_channel_is_paused_the_longer_its_payouts_wait(paused_for: timedelta, waits: timedelta) -> None:
    world = ready()
    world.payout_channels.save(pause(world.payout_channels.get("bni"), "insufficient_funds", now=NOON - paused_for))
    world.clock.moves_to(NOON)
    cashier.settle(world)
    assert (payout(world).reason, payout(world).retry_at) == ("channel_paused", NOON + waits)
