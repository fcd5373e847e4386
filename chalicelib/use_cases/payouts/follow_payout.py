"""What follows when a payout has moved."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_batches import BatchState
from chalicelib.domain.payout_channels import ChannelState
from chalicelib.domain.payouts import PayoutState
from chalicelib.ports import Messages

_BATCHES_TO_MOVE = (BatchState.FILLING, BatchState.APPROVED, BatchState.REFUSED)
_MAY_BE_TRIED_AGAIN = (PayoutState.REVERSED, PayoutState.CLOSED)
_MAILS = {
    PayoutState.SETTLED: Template.INCENTIVE_PAID,
    PayoutState.REJECTED: Template.INCENTIVE_REFUSED,
    PayoutState.REVERSED: Template.INCENTIVE_REFUSED,
}


def follow_payout(change: Change, *, messages: Messages) -> None:
    """What is ready is sent by whoever released its batch, or by the sweep."""
    if change.kind == "payout":
        _follow(change, messages)
    if not change.is_move:
        return
    if change.kind == "payout_batch" and BatchState(change.after) in _BATCHES_TO_MOVE:
        messages.send(Queue.PAYOUT_BATCHES_TO_MOVE, {"batch_id": change.id})
    if change.kind == "payout_channel" and change.after == ChannelState.OPEN:
        messages.send(Queue.PAYOUTS_TO_RESUME, {"bank": change.id})


def _follow(change: Change, messages: Messages) -> None:
    if change.has_new("confirmed_at") or (change.is_move and change.after in _MAY_BE_TRIED_AGAIN):
        messages.send(Queue.PAYOUTS_TO_RESUME, {"applicant_id": change.facts["applicant_id"]})
    if change.is_move:
        _follow_move(change, messages)


def _follow_move(change: Change, messages: Messages) -> None:
    state = PayoutState(change.after)
    if state is PayoutState.UNKNOWN:
        messages.send(Queue.PAYOUTS_TO_INQUIRE, {"payout_id": change.id})
    if state in _MAILS:
        blanks = {"amount": str(Rupiah(int(change.facts["amount"]))), "reason": str(change.facts.get("reason", ""))}
        order = {
            "send_key": f"{_MAILS[state]}/{change.id}{_attempt(change)}",
            "template": _MAILS[state].value,
            "applicant_id": str(change.facts["applicant_id"]),
            "blanks": blanks,
        }
        messages.send(queue_for(_MAILS[state]), order)


def _attempt(change: Change) -> str:
    """Each attempt is told, and what came back is told beside what was paid."""
    number, back = int(change.facts.get("payment_attempt", 1)), "/back" if change.after == PayoutState.REVERSED else ""
    return (f"/{number}" if number > 1 else "") + back
