"""Doors of payouts for staff: what becomes of each, and what may be done where a bank or a list stands in the way."""

from http import HTTPStatus

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payout_attempts import NextAction, next_action
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState
from chalicelib.handlers.arguments import cursor, known_state
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.use_cases.payouts.decide_payout import decide_payout
from chalicelib.use_cases.payouts.repeat_payout import repeat_payout
from chalicelib.use_cases.payouts.void_payout_order import void_payout_order
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
    next_action: NextAction
    response_code: str | None
    wish: PayoutEvent | None
    wished_by: str | None
    bank_letter: str | None
    paid_before: int | None = Field(description="A former attempt that the bank paid after all.")


class BankLetter(Body):
    bank_letter: str = Field(
        pattern="^[A-Za-z0-9][A-Za-z0-9 ./-]{4,63}$", description="Its number, as the bank gave it. No names."
    )


class PayoutIds(Body):
    payouts: list[str]
    next_actions: dict[str, NextAction] = Field(description="By id: what to do about each, or whom it waits for.")
    next: str | None


@blueprint.route("/v1/staff/payouts/by-state/{state}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_payouts(state: str, page: Page) -> PayoutIds:
    """Payouts in one state, with the next action. A page may be short before the end; go on while `next` is there."""
    ids, last = bootstrap.payouts().page(known_state(PayoutState, state), after=page.after, limit=page.limit)
    found, now = bootstrap.payouts().get_each(ids), bootstrap.clock().now()
    actions = {str(id): next_action(payout, now=now) for id, payout in found.items()}
    return PayoutIds(payouts=list(ids), next_actions=actions, next=cursor(last))


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


@blueprint.route("/v1/staff/payouts/{payout_id}/voiding", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def void_order(caller: Caller, payout_id: str, body: BankLetter) -> PayoutReply:
    """Send a held payout through another bank: the former declared its order void. Two people name its letter."""
    id, payouts = PayoutId(payout_id), bootstrap.payouts()
    return _told(void_payout_order(id, body.bank_letter, caller.officer, payouts=payouts, casework=_casework()))


@blueprint.route("/v1/staff/payouts/{payout_id}/closing", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def close_payout(caller: Caller, payout_id: str) -> PayoutReply:
    """Close a payout that cannot be paid: it stays owed, and another account opens it again. It takes two people."""
    return _decided(payout_id, PayoutEvent.CLOSE, caller)


@blueprint.route("/v1/staff/payouts/{payout_id}/repetitions", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def repeat_payout_now(caller: Caller, payout_id: str) -> PayoutReply:
    """Try again what a bank rejected or sent back, once it has confirmed that it did not pay. That is on record."""
    id, payouts, accounts = PayoutId(payout_id), bootstrap.payouts(), bootstrap.payout_accounts()
    again = repeat_payout(id, caller.officer, payouts=payouts, payout_accounts=accounts, casework=_casework())
    return _told(again)


def _decided(payout_id: str, wish: PayoutEvent, caller: Caller) -> PayoutReply:
    id, payouts = PayoutId(payout_id), bootstrap.payouts()
    return _told(decide_payout(id, wish, caller.officer, payouts=payouts, casework=_casework()))


def _casework() -> Casework:
    return Casework(bootstrap.applicants(), bootstrap.audit_log(), bootstrap.clock())


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
        next_action=next_action(payout, now=bootstrap.clock().now()),
        response_code=payout.response_code,
        wish=payout.wish,
        wished_by=payout.wished_by,
        bank_letter=payout.bank_letter,
        paid_before=payout.paid_before,
    )
