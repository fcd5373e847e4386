"""What people and a new account can do for a payout that stands still: a held one is let go, cancelled or
sent through another bank, a rejected or reversed one is tried again, or closed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payout_answers import PAID_NOT_OWED, PAUSES
from chalicelib.domain.payout_checks import CHANNEL_PAUSED
from chalicelib.domain.payouts import (
    ACCOUNT_CHANGED,
    ACCOUNT_REASONS,
    NOT_VERIFIED,
    PAYOUT,
    Payout,
    PayoutEvent,
    PayoutState,
)

MOST_ATTEMPTS = 5
SURELY_UNPAID_AFTER = timedelta(days=7)
"""Asked every half hour, the bank has not known of an order: two people may go by that, and by the bank's letter."""
_STILL_SO = timedelta(hours=2)
"""The bank said so within this time: one that could not be asked has said nothing."""


class NextAction(StrEnum):
    NONE = "none"
    WAIT = "wait"
    """We, or the bank, go on without anybody."""
    APPROVE_BATCH = "approve_batch"
    OPEN_CHANNEL = "open_channel"
    PUT_LIST_BACK = "put_list_back"
    PERSON_LINKS_ACCOUNT = "person_links_account"
    RELEASE_OR_CANCEL = "release_or_cancel"
    VOID_OR_CANCEL = "void_or_cancel"
    CORRECT_BOOKS = "correct_books"
    CLOSE = "close"


_AFTER: Mapping[str, NextAction] = {
    NOT_VERIFIED: NextAction.PERSON_LINKS_ACCOUNT,
    "batch_file_altered": NextAction.PUT_LIST_BACK,
    **dict.fromkeys((CHANNEL_PAUSED, *PAUSES), NextAction.OPEN_CHANNEL),
}
"""By why it waits to be sent."""


def decide(payout: Payout, wish: PayoutEvent, staff: StaffId, *, now: datetime) -> Payout:
    """The first says what they want, another says the same. ``wish`` is ``LET_GO`` or ``CANCEL`` of what is held, and
    ``CLOSE`` of what surely is not paid, and stays owed.

    Whoever is let go is looked at again before money leaves: nobody can wave a listed person through. What may be paid
    goes on under its reference (see ``void_order``), and is cancelled only when it surely is not.
    """
    state = PAYOUT.after(payout.state, wish)
    is_unpaid = is_surely_unpaid(payout, now)
    if wish is PayoutEvent.CANCEL and payout.may_be_paid and not is_unpaid:
        raise Conflict("payout_may_be_paid")
    if wish is PayoutEvent.CLOSE and not payout.rests:
        raise Conflict("payout_may_be_paid")
    if payout.wish is not wish:
        return replace(payout, wish=wish, wished_by=staff)
    if payout.wished_by == staff:
        raise NotAllowed("approver_must_differ")
    decided = replace(payout, state=state, retry_at=None, wish=None, wished_by=None)
    return replace(decided, confirmed_at=None) if payout.state is PayoutState.REVERSED else decided


def void_order(payout: Payout, letter: str, staff: StaffId, *, now: datetime) -> Payout:
    """The next attempt, through another bank. Both name the same letter in which the bank declares the former order
    void: that it does not know of it is not enough, for it might pay it afterwards."""
    state = PAYOUT.after(payout.state, PayoutEvent.VOID)
    if payout.reason != ACCOUNT_CHANGED or payout.paid_before or not is_surely_unpaid(payout, now):
        raise Conflict("payout_may_be_paid")
    if (payout.wish, payout.bank_letter) != (PayoutEvent.VOID, letter):
        return replace(payout, wish=PayoutEvent.VOID, wished_by=staff, bank_letter=letter)
    if payout.wished_by == staff:
        raise NotAllowed("approver_must_differ")
    return _next_attempt(replace(payout, state=state))


def is_surely_unpaid(payout: Payout, now: datetime) -> bool:
    since, last = payout.not_found_since, payout.not_found_at
    if since is None or last is None:
        return False
    return payout.may_be_paid and last >= since + SURELY_UNPAID_AFTER and now <= last + _STILL_SO


def may_try_again(payout: Payout, account: PayoutAccount | None, *, at_request: bool = False) -> bool:
    """Whether a new attempt would not be a second payment, and has a chance. ``at_request``: somebody of the staff
    says that the account is in order."""
    if account is None or account.state is not AccountState.VERIFIED or _is_used_up(payout):
        return False
    if payout.paid_before or not payout.rests:
        return False
    needs_account = payout.state is not PayoutState.REJECTED or payout.reason in ACCOUNT_REASONS
    is_new = payout.submitted_at is None or account.linked_at > payout.submitted_at
    return is_new or at_request or not needs_account


def _is_used_up(payout: Payout) -> bool:
    """After so many attempts two people close it. Then each further one takes another account, or somebody's word."""
    return payout.attempt >= MOST_ATTEMPTS and payout.state is not PayoutState.CLOSED


def next_action(payout: Payout, *, now: datetime) -> NextAction:
    """What staff may do about it, or whom it waits for."""
    if payout.is_over:
        return NextAction.NONE
    if payout.state is PayoutState.HELD:
        return _next_of_held(payout, now)
    if payout.rests:
        return NextAction.CLOSE if _is_used_up(payout) else NextAction.PERSON_LINKS_ACCOUNT
    if payout.state is PayoutState.BATCHED:
        return NextAction.APPROVE_BATCH
    return _AFTER.get(payout.reason or "", NextAction.WAIT) if payout.state is PayoutState.READY else NextAction.WAIT


def _next_of_held(payout: Payout, now: datetime) -> NextAction:
    if payout.reason == PAID_NOT_OWED:
        return NextAction.CORRECT_BOOKS
    if payout.reason != ACCOUNT_CHANGED or not payout.may_be_paid:
        return NextAction.RELEASE_OR_CANCEL
    return NextAction.VOID_OR_CANCEL if is_surely_unpaid(payout, now) else NextAction.WAIT


def try_again(payout: Payout, account: PayoutAccount | None, *, at_request: bool = False) -> Payout:
    """The next attempt, under a reference of its own. The amount was approved already."""
    if not may_try_again(payout, account, at_request=at_request):
        raise Conflict("payout_not_to_be_repeated")
    return _next_attempt(replace(payout, state=PAYOUT.after(payout.state, PayoutEvent.TRY_AGAIN)))


def _next_attempt(payout: Payout) -> Payout:
    return replace(
        payout,
        attempt=max(payout.attempt, payout.begun) + 1,
        bank=None,
        may_be_paid=False,
        submitted_at=None,
        settled_at=None,
        response_code=None,
        reason=None,
        retry_at=None,
        rejected_at=None,
        confirmed_at=None,
        not_found_since=None,
        not_found_at=None,
        wish=None,
        wished_by=None,
        bank_letter=None,
        paid_before=None,
    )
