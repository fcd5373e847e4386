"""Doors of payouts: two approvals, the bank."""

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, new_correlation_id
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.payouts.approve_payout import approve_payout
from chalicelib.use_cases.payouts.follow_payout import follow_payout
from chalicelib.use_cases.payouts.follow_payout_account import follow_payout_account
from chalicelib.use_cases.payouts.inquire_payout import inquire_payout
from chalicelib.use_cases.payouts.prepare_incentive import prepare_incentive
from chalicelib.use_cases.payouts.settle_payout import settle_payout
from chalicelib.use_cases.payouts.sweep_payouts import sweep_payouts

blueprint = Blueprint(__name__)


class PayoutReply(Body):
    id: str
    state: PayoutState
    purpose: str
    period: int
    amount_rupiah: int
    first_approver: str | None
    second_approver: str | None
    reason: str | None


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


@blueprint.route("/v1/staff/payouts/{payout_id}/approval", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def approve(caller: Caller, payout_id: str) -> PayoutReply:
    """Approve a payout. It takes two people."""
    approved = approve_payout(
        PayoutId(payout_id), caller.staff_id, payouts=bootstrap.payouts(), clock=bootstrap.clock()
    )
    return _told(approved)


@blueprint.on_dynamodb_record(stream_arn=stream_arn("payouts"), batch_size=100)
@each_change
def follow_payouts(change: Change) -> None:
    follow_payout(change, messages=bootstrap.messages())
    follow_payout_account(change, messages=bootstrap.messages())


@blueprint.on_sqs_message(queue=queue_name("incentives-to-prepare"), batch_size=10, maximum_concurrency=10)
@each_message
def prepare_incentives(body: dict[str, Any]) -> None:
    prepare_incentive(
        ApplicantId(body["applicant_id"]),
        memberships=bootstrap.memberships(),
        purchases=bootstrap.purchases(),
        surveys=bootstrap.surveys(),
        payouts=bootstrap.payouts(),
        payout_accounts=bootstrap.payout_accounts(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )


@blueprint.on_sqs_message(queue=queue_name("payouts-to-settle"), batch_size=1, maximum_concurrency=5)
@each_message
def settle_payouts(body: dict[str, Any]) -> None:
    payout_id = PayoutId(body["payout_id"])
    settle_payout(
        payout_id,
        payouts=bootstrap.payouts(),
        payout_accounts=bootstrap.payout_accounts(),
        bank=bootstrap.bank(),
        clock=bootstrap.clock(),
    )


@blueprint.on_sqs_message(queue=queue_name("payouts-to-inquire"), batch_size=1, maximum_concurrency=5)
@each_message
def inquire_payouts(body: dict[str, Any]) -> None:
    payout_id = PayoutId(body["payout_id"])
    inquire_payout(
        payout_id,
        payouts=bootstrap.payouts(),
        payout_accounts=bootstrap.payout_accounts(),
        bank=bootstrap.bank(),
        clock=bootstrap.clock(),
    )


@blueprint.schedule("rate(5 minutes)")
def sweep_standing_payouts(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        sweep_payouts(payouts=bootstrap.payouts(), messages=bootstrap.messages())


def _told(payout: Payout) -> PayoutReply:
    return PayoutReply(
        id=payout.id,
        state=payout.state,
        purpose=payout.purpose,
        period=payout.period,
        amount_rupiah=int(payout.amount),
        first_approver=payout.first_approver,
        second_approver=payout.second_approver,
        reason=payout.reason,
    )
