"""Take a batch its next step: fill it, release what was approved, or let its payouts go again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import BatchId, PayoutId
from chalicelib.domain.payout_batches import (
    GROUP,
    TAKEN,
    Batch,
    BatchState,
    Line,
    begin_release,
    dissolve,
    end_release,
    fill,
    in_groups,
    is_as_stated,
    lines_of,
    message_of,
    object_to_list,
    refuse,
)
from chalicelib.domain.payouts import Payout, PayoutState, put_in_batch, release, take_out_of_batch
from chalicelib.ports import BatchFiles, Clock, Messages, PayoutBatches, Payouts

_TOGETHER = 100
_INTO_BATCH = 99
"""With their batch, what one transaction takes."""
_MOST_PAGES = 5_000
_RESTING = (BatchState.WAITING, BatchState.APPROVED_ONCE, BatchState.DISSOLVED)


def move_batch(
    id: BatchId, *, batches: PayoutBatches, files: BatchFiles, payouts: Payouts, messages: Messages, clock: Clock
) -> None:
    """Begun again after a crash, it passes over what is done. A list that is not the approved one moves no payout."""
    batch = batches.get(id)
    if batch is None or batch.state in _RESTING:
        return
    try:
        lines = lines_of(files.read(batch.id), batch)
    except Conflict as altered:
        return _move_without_list(batch, altered.code, batches, payouts)
    if batch.state is BatchState.FILLING:
        return batches.save(_filled(batch, lines, payouts))
    if batch.state is BatchState.REFUSED:
        return _dissolve(batch, lines, batches, payouts)
    if batch.is_approved and batch.state is not BatchState.RELEASED:
        _release(batch, lines, batches, payouts, messages, clock)


def _move_without_list(batch: Batch, why: str, batches: PayoutBatches, payouts: Payouts) -> None:
    if batch.state is BatchState.REFUSED:
        _dissolve_by_index(batch, batches, payouts)
    elif batch.reason != why:
        batches.save(object_to_list(batch, why))


def _filled(batch: Batch, lines: Sequence[Line], payouts: Payouts) -> Batch:
    """Whoever refuses the batch meanwhile ends it: no payout comes into a batch that was moved."""
    for some in in_groups(lines, _INTO_BATCH):
        found = payouts.get_each([line.payout_id for line in some])
        stated = [each for line in some if (each := found.get(line.payout_id)) and is_as_stated(each, line)]
        free = [each for each in stated if each.state is PayoutState.PREPARED]
        mine = [each for each in stated if each.batch == batch.id]
        if len(free) + len(mine) < len(some):
            return refuse(batch, TAKEN)
        if free:
            payouts.save_within(batch, [put_in_batch(each, batch.id) for each in free])
    return fill(batch)


def _release(
    batch: Batch, lines: Sequence[Line], batches: PayoutBatches, payouts: Payouts, messages: Messages, clock: Clock
) -> None:
    if batch.state is BatchState.APPROVED:
        batches.save(begin_release(batch))
        batch = replace(begin_release(batch), version=batch.version + 1)
    for some in in_groups(lines, _TOGETHER):
        _release_some(batch, some, payouts, messages, clock)
    batches.save(end_release(batch))


def _release_some(batch: Batch, lines: Sequence[Line], payouts: Payouts, messages: Messages, clock: Clock) -> None:
    """What was released before and has not been sent yet is asked for again: its message may never have left."""
    found = [each for each in payouts.get_each([line.payout_id for line in lines]).values() if each.batch == batch.id]
    waiting = [each for each in found if each.state is PayoutState.BATCHED]
    _save([release(each, now=clock.now()) for each in waiting], payouts)
    going = {each.id for each in found if each.state in (PayoutState.BATCHED, PayoutState.READY)}
    to_send = [line for line in lines if line.payout_id in going]
    messages.send(Queue.PAYOUTS_TO_SETTLE, *(message_of(batch.id, group) for group in in_groups(to_send, GROUP)))


def _dissolve(batch: Batch, lines: Sequence[Line], batches: PayoutBatches, payouts: Payouts) -> None:
    """By the list: the index may not know yet what came in last."""
    for some in in_groups(lines, _TOGETHER):
        _let_go(batch, payouts.get_each([line.payout_id for line in some]).values(), payouts)
    batches.save(dissolve(batch))


def _dissolve_by_index(batch: Batch, batches: PayoutBatches, payouts: Payouts) -> None:
    """Where the list is lost. The index lags, so the sweep has it looked through until nothing is found."""
    freed = sum(_let_go(batch, payouts.get_each(ids).values(), payouts) for ids in _batched(payouts))
    if not freed:
        batches.save(dissolve(batch))


def _let_go(batch: Batch, found: Iterable[Payout], payouts: Payouts) -> int:
    mine = [each for each in found if each.state is PayoutState.BATCHED and each.batch == batch.id]
    _save([take_out_of_batch(each) for each in mine], payouts)
    return len(mine)


def _batched(payouts: Payouts) -> Iterator[Sequence[PayoutId]]:
    after: str | None = None
    for _ in range(_MOST_PAGES):
        ids, after = payouts.page(PayoutState.BATCHED, after=after, limit=_TOGETHER)
        yield ids
        if after is None:
            return


def _save(moved: Sequence[Payout], payouts: Payouts) -> None:
    if moved:
        payouts.save_each([(each, ()) for each in moved])
