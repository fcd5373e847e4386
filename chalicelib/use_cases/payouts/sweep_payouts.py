"""Find payouts and batches that stand still without a message on its way, and send one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict, StaleWrite, Unavailable
from chalicelib.domain.identifiers import BatchId, PayoutId
from chalicelib.domain.payout_batches import GROUP, BatchState, in_groups, lines_of, message_of
from chalicelib.domain.payout_turns import wait
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.ports import BatchFiles, Clock, Messages, PayoutBatches, Payouts

_PAGE = 100
MOST_IN_SWEEP = 5_000
"""Of each state in one sweep."""
LIST_WAITS = timedelta(hours=1)
"""Payouts whose list is not there, or not the approved one: others come before them."""
_TO_INQUIRE = (PayoutState.SUBMITTING, PayoutState.UNKNOWN, PayoutState.HELD)
_TO_ASK_OR_RESUME = (PayoutState.REJECTED, PayoutState.REVERSED, PayoutState.CLOSED)
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
    for state in _TO_ASK_OR_RESUME:
        _ask_or_resume(payouts.due(state, at=now, most=most), payouts, messages)
    _send_again(payouts.due(PayoutState.READY, at=now, most=most), payouts, batches, files, messages, clock)
    for standing in _TO_MOVE:
        found, _ = batches.page(standing, after=None, limit=_PAGE)
        messages.send(Queue.PAYOUT_BATCHES_TO_MOVE, *({"batch_id": id} for id in found))


def _ask_or_resume(ids: Sequence[PayoutId], payouts: Payouts, messages: Messages) -> None:
    """Of what rests the bank has nothing more to say; it is looked whether the person has another account by now."""
    for some in _in_pages(ids):
        found = payouts.get_each(some).values()
        people = sorted({each.applicant_id for each in found if each.rests})
        messages.send(Queue.PAYOUTS_TO_INQUIRE, *({"payout_id": each.id} for each in found if not each.rests))
        messages.send(Queue.PAYOUTS_TO_RESUME, *({"applicant_id": id} for id in people))


def _send_again(
    ids: Sequence[PayoutId],
    payouts: Payouts,
    batches: PayoutBatches,
    files: BatchFiles,
    messages: Messages,
    clock: Clock,
) -> None:
    by_batch: defaultdict[BatchId, dict[PayoutId, Payout]] = defaultdict(dict)
    for some in _in_pages(ids):
        for payout in payouts.get_each(some).values():
            if payout.state is PayoutState.READY and payout.batch:
                by_batch[payout.batch][payout.id] = payout
    for id, wanted in by_batch.items():
        why = _send_of(id, wanted, batches, files, messages)
        if why:
            _put_off(list(wanted.values()), why, payouts, clock)


def _send_of(
    id: BatchId, wanted: Mapping[PayoutId, Payout], batches: PayoutBatches, files: BatchFiles, messages: Messages
) -> str | None:
    """With what was approved, from the list that was approved; or why not: then people must know."""
    batch = batches.get(id)
    if batch is None or not batch.is_approved:
        return "batch_not_approved"
    try:
        lines = [line for line in lines_of(files.read(id), batch) if line.payout_id in wanted]
    except (Conflict, Unavailable) as missing:
        messages.send(Queue.PAYOUT_BATCHES_TO_MOVE, {"batch_id": id})
        return missing.code
    messages.send(Queue.PAYOUTS_TO_SETTLE, *(message_of(id, group) for group in in_groups(lines, GROUP)))
    return None


def _put_off(waiting: Sequence[Payout], why: str, payouts: Payouts, clock: Clock) -> None:
    """Else they would stand first for ever. Who moved meanwhile has their turn with the next sweep."""
    until = clock.now() + LIST_WAITS
    for start in range(0, len(waiting), _PAGE):
        try:
            payouts.save_each([(wait(each, why, until=until), ()) for each in waiting[start : start + _PAGE]])
        except StaleWrite:
            continue


def _in_pages(ids: Sequence[PayoutId]) -> Iterator[Sequence[PayoutId]]:
    return (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
