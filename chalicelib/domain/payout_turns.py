"""When a payout is looked at again, and what it waits for."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.payouts import NOT_VERIFIED, Payout, PayoutState

_ASK_SOON = timedelta(minutes=4)
_ASK_LATER = timedelta(minutes=29)
_LOOK_AGAIN = timedelta(days=1)
_CLOSED_AGAIN = timedelta(days=7)


def is_its_turn(payout: Payout, *, now: datetime) -> bool:
    """A message that comes twice does not shorten a wait. (What was just released has a time, too, and no reason to
    wait: it is the sweep's.)"""
    return payout.reason is None or payout.retry_at is None or payout.retry_at <= now


def wait(payout: Payout, reason: str, *, until: datetime) -> Payout:
    """Ready, and not yet sent."""
    return replace(payout, reason=reason, retry_at=until)


def waits_for_account(payout: Payout) -> bool:
    return payout.state is PayoutState.READY and payout.reason == NOT_VERIFIED and payout.retry_at is not None


def wake(payout: Payout) -> Payout:
    """The next sweep sends it."""
    return replace(payout, reason=None, retry_at=None)


def ask_later(payout: Payout, *, now: datetime) -> Payout:
    """The bank had no news. Soon again at first, for most is known within the hour; and others come before. What rests
    is looked at once a day, should the message have been lost that would have it tried again."""
    if payout.rests:
        return replace(payout, retry_at=now + (_CLOSED_AGAIN if payout.state is PayoutState.CLOSED else _LOOK_AGAIN))
    age = now - (payout.submitted_at or now)
    return replace(payout, retry_at=now + (_ASK_SOON if age < timedelta(hours=1) else _ASK_LATER))
