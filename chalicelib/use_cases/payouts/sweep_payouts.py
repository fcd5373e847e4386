"""Find payouts and batches that stand still without a message on its way, and send one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import BatchId, PayoutId
from chalicelib.domain.payout_batches import GROUP, BatchState, in_groups, lines_of, message_of
from chalicelib.domain.payouts import PayoutState
from chalicelib.ports import BatchFiles, Clock, Messages, PayoutBatches, Payouts

_PAGE = 100
_MOST_PAGES = 50
_TO_INQUIRE = (PayoutState.SUBMITTING, PayoutState.UNKNOWN, PayoutState.REJECTED, PayoutState.HELD)
_TO_MOVE = (BatchState.FILLING, BatchState.APPROVED, BatchState.REFUSED)


def sweep_payouts(
    *, payouts: Payouts, batches: PayoutBatches, files: BatchFiles, messages: Messages, clock: Clock
) -> None:
    """Harmless where a message is on its way after all: every step looks at the state first."""
    for state in _TO_INQUIRE:
        for ids in _due(state, payouts, clock):
            messages.send(Queue.PAYOUTS_TO_INQUIRE, *({"payout_id": id} for id in ids))
    for ids in _due(PayoutState.READY, payouts, clock):
        _send_again(ids, payouts, batches, files, messages)
    for standing in _TO_MOVE:
        found, _ = batches.page(standing, after=None, limit=_PAGE)
        messages.send(Queue.PAYOUT_BATCHES_TO_MOVE, *({"batch_id": id} for id in found))


def _due(state: PayoutState, payouts: Payouts, clock: Clock) -> Iterator[Sequence[PayoutId]]:
    after: str | None = None
    now = clock.now()
    for _ in range(_MOST_PAGES):
        ids, after = payouts.page(state, after=after, limit=_PAGE, until=now)
        yield ids
        if after is None:
            return


def _send_again(
    ids: Sequence[PayoutId], payouts: Payouts, batches: PayoutBatches, files: BatchFiles, messages: Messages
) -> None:
    """With what was approved, from the list that was approved."""
    by_batch: defaultdict[BatchId, set[PayoutId]] = defaultdict(set)
    for payout in payouts.get_each(ids).values():
        if payout.state is PayoutState.READY and payout.batch:
            by_batch[payout.batch].add(payout.id)
    for id, wanted in by_batch.items():
        batch = batches.get(id)
        if batch is None or not batch.is_approved:
            continue
        try:
            lines = [line for line in lines_of(files.read(id), batch) if line.payout_id in wanted]
        except Conflict:
            continue  # the list was altered since: nothing of it is sent any more
        groups = (message_of(id, group) for group in in_groups(lines, GROUP))
        messages.send(Queue.PAYOUTS_TO_SETTLE, *groups)
