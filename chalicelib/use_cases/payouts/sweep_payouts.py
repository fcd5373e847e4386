"""Find payouts that stand still without a message on its way, and send one."""

from chalicelib.domain.commands import Queue
from chalicelib.domain.payouts import PayoutState
from chalicelib.ports import Messages, Payouts

_PAGE = 100
_MOST_PAGES = 50
_QUEUES = {
    PayoutState.READY: Queue.PAYOUTS_TO_SETTLE,
    PayoutState.SUBMITTING: Queue.PAYOUTS_TO_SETTLE,
    PayoutState.UNKNOWN: Queue.PAYOUTS_TO_INQUIRE,
}


def sweep_payouts(*, payouts: Payouts, messages: Messages) -> None:
    """Harmless where a message is on its way after all: both steps look at the payout's state first."""
    for state, queue in _QUEUES.items():
        after: str | None = None
        for _ in range(_MOST_PAGES):
            ids, after = payouts.page(state, after=after, limit=_PAGE)
            messages.send(queue, *({"payout_id": id} for id in ids))
            if after is None:
                break
