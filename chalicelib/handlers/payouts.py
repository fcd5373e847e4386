"""Doors of payouts for staff: what becomes of each, and what may be done where a bank or a list stands in the way."""

from http import HTTPStatus

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.use_cases.payouts.decide_held_payout import decide_held_payout
from chalicelib.use_cases.payouts.repeat_payout import repeat_payout
from chalicelib.use_cases.support.casework import Casework

blueprint = Blueprint(__name__)


class PayoutReply(Body):
    id: str
    state: PayoutState
    purpose: str
    period: int
    amount_rupiah: int
    due_on: str
    attempt: int
    reference: str
    batch: str | None
    bank: str | None
    reason: str | None
    response_code: str | None
    wish: PayoutEvent | None
    wished_by: str | None


class PayoutIds(Body):
    payouts: list[str]
    next: str | None


@blueprint.route("/v1/staff/payouts/by-state/{state}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_payouts(state: str, page: Page) -> PayoutIds:
    """Payouts under way in one state. A page may be short before the end; go on while `next` is there."""
    if state not in set(PayoutState):
        raise InvalidInput("state_unknown", field="state", known=", ".join(PayoutState))
    ids, last = bootstrap.payouts().page(PayoutState(state), after=page.after, limit=page.limit)
    return PayoutIds(payouts=list(ids), next=cursor(last))


@blueprint.route("/v1/staff/payouts/{payout_id}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_payout(payout_id: str) -> PayoutReply:
    """One payout: where it stands, through which bank it went, and why it waits."""
    payout = bootstrap.payouts().get(PayoutId(payout_id))
    if payout is None:
        raise NotFound("payout_unknown", field="payout_id")
    return _told(payout)


@blueprint.route("/v1/staff/payouts/{payout_id}/release", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def let_payout_go(caller: Caller, payout_id: str) -> PayoutReply:
    """Let a held payout go on its way. It takes two people, and it is checked again before money leaves."""
    return _decided(payout_id, PayoutEvent.LET_GO, caller)


@blueprint.route("/v1/staff/payouts/{payout_id}/cancellation", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def cancel_payout(caller: Caller, payout_id: str) -> PayoutReply:
    """Cancel a held payout: nothing is owed any more. It takes two people."""
    return _decided(payout_id, PayoutEvent.CANCEL, caller)


@blueprint.route("/v1/staff/payouts/{payout_id}/repetitions", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def repeat_payout_now(caller: Caller, payout_id: str) -> PayoutReply:
    """Try again what a bank rejected or sent back, once it has confirmed that it did not pay. That is on record."""
    id, payouts, accounts = PayoutId(payout_id), bootstrap.payouts(), bootstrap.payout_accounts()
    casework = Casework(bootstrap.applicants(), bootstrap.audit_log(), bootstrap.clock())
    again = repeat_payout(id, caller.officer, payouts=payouts, payout_accounts=accounts, casework=casework)
    return _told(again)


def _decided(payout_id: str, wish: PayoutEvent, caller: Caller) -> PayoutReply:
    payouts, clock = bootstrap.payouts(), bootstrap.clock()
    return _told(decide_held_payout(PayoutId(payout_id), wish, caller.staff_id, payouts=payouts, clock=clock))


def _told(payout: Payout) -> PayoutReply:
    return PayoutReply(
        id=payout.id,
        state=payout.state,
        purpose=payout.purpose,
        period=payout.period,
        amount_rupiah=int(payout.amount),
        due_on=payout.due_on.isoformat(),
        attempt=payout.attempt,
        reference=payout.reference,
        batch=payout.batch,
        bank=payout.bank,
        reason=payout.reason,
        response_code=payout.response_code,
        wish=payout.wish,
        wished_by=payout.wished_by,
    )
