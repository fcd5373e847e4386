"""What sales and time do to a membership: counted sales, warnings, the revocation, the year's end.

A membership has one due at a time. A sale and a due both write the membership from the version that they read, so that
of a sale and a revocation at the same moment one finds the other done.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import Misconfigured, StaleWrite
from chalicelib.domain.membership import (
    BALANCE_END_WARNING,
    FIRST_PURCHASE_WARNING,
    MEMBERSHIP,
    Due,
    Membership,
    MembershipEvent,
    MembershipState,
    check_may_buy,
)
from chalicelib.domain.money import Rupiah

_PUT_OFF = timedelta(days=1)
_CLOSED = (MembershipState.REVOKED, MembershipState.ENDED)
_OVERTAKEN = {Due.WARN_FIRST_PURCHASE: Due.REVOKE, Due.WARN_BALANCE_END: Due.END_BALANCE}


def due_now(membership: Membership, now: datetime) -> Due | None:
    """What is to be done at this moment. A warning that comes too late to be one gives way to what it warned of."""
    due, due_at = membership.due, membership.due_at
    if due is None or due_at is None or now <= due_at:
        return None
    after = _OVERTAKEN.get(due)
    return after if after and now > _moment_of(after, membership) else due


def count_sale(membership: Membership, *, now: datetime) -> Membership:
    """The membership with one more sale, if it may buy; the first one ends the wait for it."""
    check_may_buy(membership, now=now)
    bought = replace(membership, bought=membership.bought + 1)
    return bought if membership.bought else _awaiting(bought, Due.WARN_BALANCE_END)


def uncount_sale(membership: Membership, *, now: datetime) -> Membership:
    """The membership with one sale voided. Whoever voids the only one is where they were before it, and past the
    deadline that is too late. What comes back to a closed membership goes on to the treasury."""
    if membership.bought < 1:
        raise StaleWrite("sale_contended")  # whoever asked has read a sale that another has voided since
    voided = replace(membership, bought=membership.bought - 1)
    if membership.state in _CLOSED:
        return replace(voided, due=Due.END_BALANCE, due_at=now)
    if voided.bought:
        return voided
    too_late = now > voided.first_purchase_by
    return _awaiting(voided, Due.REVOKE if too_late else Due.WARN_FIRST_PURCHASE)


def warn(membership: Membership, due: Due, *, balance: Rupiah) -> Membership:
    """Warned once: what follows the warning is due next. The stream of the table has it mailed."""
    warned = _awaiting(membership, _OVERTAKEN[due])
    return replace(warned, warned_of=balance) if due is Due.WARN_BALANCE_END else warned


def put_off(membership: Membership, *, now: datetime) -> Membership:
    """What cannot be done until somebody mends what it needs: tried once a day."""
    return replace(membership, due_at=now + _PUT_OFF)


def revoke(membership: Membership, *, balance: Rupiah, now: datetime) -> Membership:
    if membership.bought:
        raise Misconfigured("recipient_has_bought")
    return _closed(membership, MembershipEvent.REVOKE, balance, now)


def end(membership: Membership, *, balance: Rupiah, now: datetime) -> Membership:
    """At the year's end; or once more for what came back later, of a sale that was voided."""
    if membership.state in _CLOSED:
        return _returned(membership, balance)
    return _closed(membership, MembershipEvent.END, balance, now)


def _closed(membership: Membership, event: MembershipEvent, balance: Rupiah, now: datetime) -> Membership:
    state = MEMBERSHIP.after(membership.state, event)
    return replace(_returned(membership, balance), state=state, closed_at=now)


def _returned(membership: Membership, balance: Rupiah) -> Membership:
    returned, returns = membership.returned.plus(balance), membership.returns + (balance > 0)
    return replace(membership, returned=returned, returns=returns, due=None, due_at=None)


def _awaiting(membership: Membership, due: Due) -> Membership:
    return replace(membership, due=due, due_at=_moment_of(due, membership))


def _moment_of(due: Due, membership: Membership) -> datetime:
    """It is done once this moment is past: the last one to buy, or to be warned in time."""
    return {
        Due.WARN_FIRST_PURCHASE: membership.first_purchase_by - FIRST_PURCHASE_WARNING,
        Due.REVOKE: membership.first_purchase_by,
        Due.WARN_BALANCE_END: membership.balance_ends_at - BALANCE_END_WARNING,
        Due.END_BALANCE: membership.balance_ends_at,
    }[due]
