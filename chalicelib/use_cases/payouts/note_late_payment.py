"""Note that a bank has paid an attempt after all that was given up for another. The stream of it rings."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.errors import Conflict
from chalicelib.domain.former_attempts import FormerAttempt, after_late_payment, is_news, pay_late
from chalicelib.domain.payouts import Payout
from chalicelib.ports import Payouts


def note_late_payment(former: FormerAttempt, payout: Payout, *, payouts: Payouts, now: datetime) -> None:
    """Together with what it means for the payout, which is stopped where it has not left. Should the books not owe it,
    it is noted all the same, and nothing more is sent."""
    if not is_news(former):
        return
    moved, postings = after_late_payment(payout, former, now=now)
    try:
        payouts.save_with_former(moved, pay_late(former, now=now), *postings)
    except Conflict:
        payouts.save_with_former(replace(payout, paid_before=former.number), pay_late(former, now=now))
