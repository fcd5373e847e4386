"""Find payouts and batches that stand still without a message on its way, and send one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import BatchId, PayoutId
from chalicelib.domain.payout_batches import GROUP, BatchState, in_groups, lines_of, message_of
from chalicelib.domain.payouts import PayoutState
from chalicelib.ports import BatchFiles, Clock, Messages, PayoutBatches, Payouts

_PAGE = 100
MOST_IN_SWEEP = 5_000
"""Of each state in one sweep."""
_TO_INQUIRE = (PayoutState.SUBMITTING, PayoutState.UNKNOWN, PayoutState.REJECTED, PayoutState.HELD)
_TO_MOVE = (BatchState.FILLING, BatchState.APPROVED, BatchState.RELEASING, BatchState.REFUSED)


def sweep_payouts(
    *,
    payouts: Payouts,
    batches: PayoutBatches,
    files: BatchFiles,
    messages: Messages,
    clock: Clock,
    most: int = MOST_IN_SWEEP,
) -> None:
    """Harmless where a message is on its way after all: every step looks at the state first. Where more stand than a
    sweep takes, those go first who wait longest, so that everybody's turn comes."""
    now = clock.now()
    for state in _TO_INQUIRE:
        for ids in _in_pages(payouts.due(state, at=now, most=most)):
            messages.send(Queue.PAYOUTS_TO_INQUIRE, *({"payout_id": id} for id in ids))
    _send_again(payouts.due(PayoutState.READY, at=now, most=most), payouts, batches, files, messages)
    for standing in _TO_MOVE:
        found, _ = batches.page(standing, after=None, limit=_PAGE)
        messages.send(Queue.PAYOUT_BATCHES_TO_MOVE, *({"batch_id": id} for id in found))


def _send_again(
    ids: Sequence[PayoutId], payouts: Payouts, batches: PayoutBatches, files: BatchFiles, messages: Messages
) -> None:
    by_batch: defaultdict[BatchId, set[PayoutId]] = defaultdict(set)
    for some in _in_pages(ids):
        for payout in payouts.get_each(some).values():
            if payout.state is PayoutState.READY and payout.batch:
                by_batch[payout.batch].add(payout.id)
    for id, wanted in by_batch.items():
        _send_of(id, wanted, batches, files, messages)


def _send_of(id: BatchId, wanted: Set[PayoutId], batches: PayoutBatches, files: BatchFiles, messages: Messages) -> None:
    """With what was approved, from the list that was approved."""
    batch = batches.get(id)
    if batch is None or not batch.is_approved:
        return
    try:
        lines = [line for line in lines_of(files.read(id), batch) if line.payout_id in wanted]
    except Conflict:  # altered since: nothing of it is sent any more, and people must know
        return messages.send(Queue.PAYOUT_BATCHES_TO_MOVE, {"batch_id": id})
    messages.send(Queue.PAYOUTS_TO_SETTLE, *(message_of(id, group) for group in in_groups(lines, GROUP)))


def _in_pages(ids: Sequence[PayoutId]) -> Iterator[Sequence[PayoutId]]:
    return (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
