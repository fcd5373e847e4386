"""Doors of payouts: what becomes of each, and what staff may do where a bank or a list stands in the way."""

from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.identifiers import ApplicantId, BatchId, PayoutId, StaffId
from chalicelib.domain.payout_batches import lines_in
from chalicelib.domain.payout_channels import ChannelState
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, count, new_correlation_id
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.payouts.build_batches import build_batches
from chalicelib.use_cases.payouts.decide_held_payout import decide_held_payout
from chalicelib.use_cases.payouts.follow_payout import follow_payout
from chalicelib.use_cases.payouts.follow_payout_account import follow_payout_account
from chalicelib.use_cases.payouts.inquire_payout import inquire_payout
from chalicelib.use_cases.payouts.move_batch import move_batch
from chalicelib.use_cases.payouts.prepare_incentive import prepare_incentive
from chalicelib.use_cases.payouts.repeat_payout import repeat_payout
from chalicelib.use_cases.payouts.retry_payouts import retry_payouts
from chalicelib.use_cases.payouts.settle_group import settle_group
from chalicelib.use_cases.payouts.sweep_payouts import sweep_payouts
from chalicelib.use_cases.payouts.till import Till
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


@blueprint.on_dynamodb_record(stream_arn=stream_arn("payouts"), batch_size=100)
@each_change
def follow_payouts(change: Change) -> None:
    follow_payout(change, messages=bootstrap.messages())
    follow_payout_account(change, messages=bootstrap.messages())
    _count(change)


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


@blueprint.on_sqs_message(queue=queue_name("payout-batches-to-move"), batch_size=1, maximum_concurrency=5)
@each_message
def move_batches(body: dict[str, Any]) -> None:
    """The next step of a batch, or the wish of somebody of the staff that batches be built."""
    if "batch_id" not in body:
        return _build(StaffId(body["built_by"]))
    move_batch(
        BatchId(body["batch_id"]),
        batches=bootstrap.payout_batches(),
        files=bootstrap.batch_files(),
        payouts=bootstrap.payouts(),
        messages=bootstrap.messages(),
        clock=bootstrap.clock(),
    )


@blueprint.on_sqs_message(queue=queue_name("payouts-to-settle"), batch_size=1, maximum_concurrency=5)
@each_message
def settle_payouts(body: dict[str, Any]) -> None:
    settle_group(BatchId(body["batch"]), lines_in(body["lines"]), till=_till())


@blueprint.on_sqs_message(queue=queue_name("payouts-to-inquire"), batch_size=1, maximum_concurrency=5)
@each_message
def inquire_payouts(body: dict[str, Any]) -> None:
    inquire_payout(
        PayoutId(body["payout_id"]), payouts=bootstrap.payouts(), bank=bootstrap.bank(), clock=bootstrap.clock()
    )


@blueprint.on_sqs_message(queue=queue_name("payouts-to-resume"), batch_size=5, maximum_concurrency=5)
@each_message
def resume_payouts(body: dict[str, Any]) -> None:
    retry_payouts(
        ApplicantId(body["applicant_id"]),
        payouts=bootstrap.payouts(),
        payout_accounts=bootstrap.payout_accounts(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )


@blueprint.schedule("cron(0 0-2 * * ? *)")
def build_payout_batches(_event: CloudWatchEvent) -> None:
    """At seven, eight and nine in the morning in Jakarta: whatever the first left over, the next takes."""
    with correlated(new_correlation_id()):
        _build(None)


@blueprint.schedule("rate(5 minutes)")
def sweep_standing_payouts(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        sweep_payouts(
            payouts=bootstrap.payouts(),
            batches=bootstrap.payout_batches(),
            files=bootstrap.batch_files(),
            messages=bootstrap.messages(),
            clock=bootstrap.clock(),
        )


def _build(by: StaffId | None) -> None:
    build_batches(
        by=by,
        payouts=bootstrap.payouts(),
        payout_accounts=bootstrap.payout_accounts(),
        batches=bootstrap.payout_batches(),
        files=bootstrap.batch_files(),
        clock=bootstrap.clock(),
    )


def _till() -> Till:
    return Till(
        payouts=bootstrap.payouts(),
        batches=bootstrap.payout_batches(),
        channels=bootstrap.payout_channels(),
        payout_accounts=bootstrap.payout_accounts(),
        memberships=bootstrap.memberships(),
        purchases=bootstrap.purchases(),
        applicants=bootstrap.applicants(),
        lists=bootstrap.loaded_lists(),
        ledger=bootstrap.ledger(),
        bank=bootstrap.bank(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )


def _count(change: Change) -> None:
    """For alarms: people must look."""
    reason = str(change.facts.get("reason", ""))
    if change.kind == "payout_batch" and change.has_new("reason"):
        count("PayoutBatchRefused", reason=reason)
    if not change.is_move:
        return
    if change.kind == "payout_channel" and change.after == ChannelState.PAUSED:
        count("PayoutChannelPaused", bank=change.id, reason=reason)
    if change.kind == "payout" and change.after == PayoutState.HELD:
        count("PayoutHeld", reason=reason)


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
