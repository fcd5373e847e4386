"""Note what a bank's word did to a payout, with what it means for the books."""

from datetime import datetime

from chalicelib.domain.errors import Conflict
from chalicelib.domain.payout_answers import postings_of, unposted
from chalicelib.domain.payouts import Payout
from chalicelib.ports import Payouts


def note_word(before: Payout, after: Payout, *, payouts: Payouts, now: datetime) -> None:
    """Where the books refuse what the bank has done, the payout is held, which rings; the bank is asked about it again
    and again, so that it is posted as soon as the books are put right."""
    try:
        payouts.save_with(after, *postings_of(before, after, now=now))
    except Conflict:
        payouts.save(unposted(before, now=now))
