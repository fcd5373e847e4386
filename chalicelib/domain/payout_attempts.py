"""What people and a new account can do for a payout that stands still: a held one is let go or cancelled, a rejected or
reversed one is tried again.
"""

from dataclasses import replace

from chalicelib.domain.errors import Conflict, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payouts import ACCOUNT_REASONS, PAYOUT, Payout, PayoutEvent, PayoutState

MOST_ATTEMPTS = 5


def decide_held(payout: Payout, wish: PayoutEvent, staff: StaffId) -> Payout:
    """The first says what they want, another says the same. ``wish`` is ``LET_GO`` or ``CANCEL``.

    Whoever is let go is looked at again before money leaves: nobody can wave a listed person through.
    """
    state = PAYOUT.after(payout.state, wish)
    if wish is PayoutEvent.CANCEL and payout.may_be_paid:
        raise Conflict("payout_may_be_paid")
    if payout.wish is not wish:
        return replace(payout, wish=wish, wished_by=staff)
    if payout.wished_by == staff:
        raise NotAllowed("approver_must_differ")
    return replace(payout, state=state, retry_at=None, wish=None, wished_by=None)


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
    return replace(
        payout,
        state=PAYOUT.after(payout.state, PayoutEvent.TRY_AGAIN),
        attempt=payout.attempt + 1,
        bank=None,
        may_be_paid=False,
        submitted_at=None,
        settled_at=None,
        response_code=None,
        reason=None,
        retry_at=None,
        confirmed_at=None,
    )
