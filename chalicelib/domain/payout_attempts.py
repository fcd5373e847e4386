"""What people and a new account can do for a payout that stands still: a held one is let go or cancelled, a rejected or
reversed one is tried again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import Conflict, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payouts import ACCOUNT_CHANGED, ACCOUNT_REASONS, PAYOUT, Payout, PayoutEvent, PayoutState

MOST_ATTEMPTS = 5
SURELY_UNPAID_AFTER = timedelta(days=7)
"""Asked every half hour, the bank has not known of an order: two people may take that for certain."""


def decide_held(payout: Payout, wish: PayoutEvent, staff: StaffId, *, now: datetime) -> Payout:
    """The first says what they want, another says the same. ``wish`` is ``LET_GO`` or ``CANCEL``.

    Whoever is let go is looked at again before money leaves: nobody can wave a listed person through. What may be paid
    goes on under its reference, until the bank has not known of it for so long that it surely is not.
    """
    state = PAYOUT.after(payout.state, wish)
    is_unpaid = _is_surely_unpaid(payout, now)
    if wish is PayoutEvent.CANCEL and payout.may_be_paid and not is_unpaid:
        raise Conflict("payout_may_be_paid")
    if payout.wish is not wish:
        return replace(payout, wish=wish, wished_by=staff)
    if payout.wished_by == staff:
        raise NotAllowed("approver_must_differ")
    decided = replace(payout, state=state, retry_at=None, wish=None, wished_by=None)
    is_to_go_elsewhere = wish is PayoutEvent.LET_GO and payout.reason == ACCOUNT_CHANGED
    return _next_attempt(decided) if is_to_go_elsewhere and is_unpaid else decided


def _is_surely_unpaid(payout: Payout, now: datetime) -> bool:
    since = payout.not_found_since
    return payout.may_be_paid and since is not None and now >= since + SURELY_UNPAID_AFTER


def may_try_again(payout: Payout, account: PayoutAccount | None, *, at_request: bool = False) -> bool:
    """Whether a new attempt would not be a second payment, and has a chance. ``at_request``: somebody of the staff
    says that the account is in order."""
    if account is None or account.state is not AccountState.VERIFIED or payout.attempt >= MOST_ATTEMPTS:
        return False
    if payout.state is PayoutState.REJECTED:
        is_clear, needs_account = payout.confirmed_at is not None, payout.reason in ACCOUNT_REASONS
    else:
        is_clear, needs_account = payout.state is PayoutState.REVERSED, True
    is_new = payout.submitted_at is None or account.linked_at > payout.submitted_at
    return is_clear and (is_new or at_request or not needs_account)


def try_again(payout: Payout, account: PayoutAccount | None, *, at_request: bool = False) -> Payout:
    """The next attempt, under a reference of its own. The amount was approved already."""
    if not may_try_again(payout, account, at_request=at_request):
        raise Conflict("payout_not_to_be_repeated")
    return _next_attempt(replace(payout, state=PAYOUT.after(payout.state, PayoutEvent.TRY_AGAIN)))


def _next_attempt(payout: Payout) -> Payout:
    return replace(
        payout,
        attempt=payout.attempt + 1,
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
    )
