"""Write a payout's new attempt, and keep the one that was given up for it."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.former_attempts import former_of
from chalicelib.domain.payouts import Payout
from chalicelib.ports import Payouts


def begin_attempt(before: Payout, after: Payout, *, payouts: Payouts, now: datetime) -> None:
    """Together or not at all. An attempt that was given up before, and paid after all, is kept already."""
    known = payouts.former(before.reference) if before.begun else None
    payouts.save_with_former(after, replace(former_of(before, now=now), version=known.version if known else 0))
