"""Two who move one batch at the same time, and lists that are lost on the way: no payout is left behind."""

from collections.abc import Callable

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import IllegalTransition, StaleWrite
from chalicelib.domain.identifiers import BatchId
from chalicelib.domain.payout_batches import Batch, BatchState
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.refuse_batch import refuse_batch
from tests.builders import MAKER
from tests.fakes import Killed, World
from tests.unit.use_cases.payouts.cashier import (
    approve,
    batch_states,
    build,
    move,
    paid,
    prepared,
    states,
    sweep,
    work_off,
)

S, B = PayoutState, BatchState
MANY = 150
"""More than are moved together."""


def approved(many: int = MANY) -> tuple[World, Batch]:
    world = prepared(many)
    (batch,) = build(world)
    return world, approve(world, move(world, batch.id))


def at_second(world: World, call: str, happens: Callable[[], BaseException | None]) -> None:
    """Before the second call of this name."""
    seen: list[str] = []

    def rule(name: str, after: bool) -> BaseException | None:
        if name != call or after:
            return None
        seen.append(name)
        return happens() if len(seen) == 2 else None

    world.trouble.stand(rule)


def cut_off_in_release() -> tuple[World, Batch]:
    """The first hundred are on their way, the others are not."""
    world, batch = approved()
    at_second(world, "payouts.save_each", Killed)
    with pytest.raises(Killed):
        move(world, batch.id)
    world.trouble.ends()
    assert set(states(world)) == {S.READY, S.BATCHED}
    return world, batch


def altered(world: World, id: BatchId) -> bytes:
    content = world.batch_files.contents[id]
    world.batch_files.contents[id] = content.replace(b"600000", b"900000", 1)
    return content


def moves_asked(world: World) -> list[object]:
    """By the sweep: everything that came before is taken away."""
    return [body["batch_id"] for body in world.messages.on(Queue.PAYOUT_BATCHES_TO_MOVE)]


def test_a_batch_that_pays_already_cannot_be_refused() -> None:
    world, batch = cut_off_in_release()
    assert batch_states(world) == [B.RELEASING]
    with pytest.raises(IllegalTransition):
        refuse_batch(batch.id, MAKER, batches=world.payout_batches)
    assert move(world, batch.id).state is B.RELEASED
    work_off(world)
    assert states(world) == [S.SETTLED] * MANY


def test_the_sweep_ends_a_release_whose_message_is_lost() -> None:
    world, batch = cut_off_in_release()
    sweep(world)
    assert moves_asked(world) == [batch.id]


def test_of_a_list_altered_during_release_nothing_more_goes_until_it_is_put_back() -> None:
    world, batch = cut_off_in_release()
    content = altered(world, batch.id)
    stopped = [move(world, batch.id) for _ in range(2)][-1]
    assert (stopped.state, stopped.reason) == (B.RELEASING, "batch_file_altered")
    assert S.BATCHED in states(world)
    world.batch_files.contents[batch.id] = content
    assert (move(world, batch.id).state, move(world, batch.id).reason) == (B.RELEASED, None)
    work_off(world)
    assert len(paid(world)) == MANY


def test_a_list_altered_after_release_is_told_of() -> None:
    world, batch = approved(1)
    move(world, batch.id)
    altered(world, batch.id)
    world.clock.passes(hours=3)
    sweep(world)
    assert moves_asked(world) == [batch.id]
    told = move(world, batch.id)
    assert (told.state, told.reason) == (B.RELEASED, "batch_file_altered")


def test_nobody_fills_a_batch_that_was_dissolved_meanwhile() -> None:
    """Refused and dissolved by others between the first hundred and the second."""
    world = prepared(MANY)
    (batch,) = build(world)

    def dissolved() -> None:
        refuse_batch(batch.id, MAKER, batches=world.payout_batches)
        assert move(world, batch.id).state is B.DISSOLVED

    at_second(world, "payouts.save_within", dissolved)
    with pytest.raises(StaleWrite):
        move(world, batch.id)
    assert states(world) == [S.PREPARED] * MANY


def test_what_the_index_does_not_know_yet_is_let_go_by_the_list() -> None:
    world = prepared(3)
    (batch,) = build(world)
    move(world, batch.id)
    refuse_batch(batch.id, MAKER, batches=world.payout_batches)
    world.payouts.is_index_behind = True
    assert move(world, batch.id).state is B.DISSOLVED
    assert states(world) == [S.PREPARED] * 3


def test_without_its_list_a_batch_is_dissolved_when_the_index_has_no_more_of_it() -> None:
    world = prepared(3)
    (batch,) = build(world)
    move(world, batch.id)
    altered(world, batch.id)
    refuse_batch(batch.id, MAKER, batches=world.payout_batches)
    assert (move(world, batch.id).state, states(world)) == (B.REFUSED, [S.PREPARED] * 3)
    assert move(world, batch.id).state is B.DISSOLVED
