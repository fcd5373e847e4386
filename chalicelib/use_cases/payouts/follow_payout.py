"""What follows when a payout has moved."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import PayoutState
from chalicelib.ports import Messages

_PAYOUT_QUEUES = {
    PayoutState.READY: Queue.PAYOUTS_TO_SETTLE,
    PayoutState.UNKNOWN: Queue.PAYOUTS_TO_INQUIRE,
}
_MAILS = {PayoutState.SETTLED: Template.INCENTIVE_PAID, PayoutState.REJECTED: Template.INCENTIVE_REFUSED}


def follow_payout(change: Change, *, messages: Messages) -> None:
    if not change.is_move:
        return
    if change.kind == "payout":
        _follow(change, messages)


def _follow(change: Change, messages: Messages) -> None:
    state = PayoutState(change.after)
    is_put_back = state is PayoutState.READY and change.before == PayoutState.SUBMITTING
    if state in _PAYOUT_QUEUES and not is_put_back:  # what the bank did not take waits for the sweep
        messages.send(_PAYOUT_QUEUES[state], {"payout_id": change.id})
    if state in _MAILS:
        blanks = {"amount": str(Rupiah(int(change.facts["amount"]))), "reason": str(change.facts.get("reason", ""))}
        order = {
            "send_key": f"{_MAILS[state]}/{change.id}",
            "template": _MAILS[state].value,
            "applicant_id": str(change.facts["applicant_id"]),
            "blanks": blanks,
        }
        messages.send(queue_for(_MAILS[state]), order)
