"""Functions of payouts: what prepares, batches, sends and follows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.former_attempts import FormerState
from chalicelib.domain.identifiers import ApplicantId, BatchId, PayoutId, StaffId
from chalicelib.domain.payout_batches import lines_in
from chalicelib.domain.payout_channels import ChannelState
from chalicelib.domain.payouts import PayoutState
from chalicelib.handlers.batches import each_message, each_message_after
from chalicelib.handlers.changes import each_change
from chalicelib.observability import correlated, count, new_correlation_id
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.payouts.build_batches import build_batches
from chalicelib.use_cases.payouts.follow_payout import follow_payout
from chalicelib.use_cases.payouts.follow_payout_account import follow_payout_account
from chalicelib.use_cases.payouts.inquire_payout import inquire_payout
from chalicelib.use_cases.payouts.move_batch import move_batch
from chalicelib.use_cases.payouts.prepare_incentive import Preparing, prepare_incentive
from chalicelib.use_cases.payouts.prepare_incentives import prepare_incentives as prepare_together
from chalicelib.use_cases.payouts.resume_channel import resume_channel
from chalicelib.use_cases.payouts.retry_payouts import retry_payouts
from chalicelib.use_cases.payouts.settle_group import settle_group
from chalicelib.use_cases.payouts.sweep_payouts import sweep_payouts
from chalicelib.use_cases.payouts.till import Till

blueprint = Blueprint(__name__)


@blueprint.on_dynamodb_record(stream_arn=stream_arn("payouts"), batch_size=100)
@each_change
def follow_payouts(change: Change) -> None:
    follow_payout(change, messages=bootstrap.messages())
    follow_payout_account(change, messages=bootstrap.messages())
    _count(change)


def _prepare_together(bodies: Sequence[Mapping[str, Any]]) -> frozenset[ApplicantId]:
    return prepare_together([ApplicantId(body["applicant_id"]) for body in bodies], _preparing())


@blueprint.on_sqs_message(
    queue=queue_name("incentives-to-prepare"),
    batch_size=25,
    maximum_batching_window_in_seconds=5,
    maximum_concurrency=10,
)
@each_message_after(_prepare_together)
def prepare_incentives(body: dict[str, Any], done: frozenset[ApplicantId] | None) -> None:
    if done is None or body["applicant_id"] not in done:
        prepare_incentive(ApplicantId(body["applicant_id"]), _preparing())


def _preparing() -> Preparing:
    return Preparing(
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
    """Somebody's, or those that wait for a bank."""
    if "bank" in body:
        return _resume_channel(body)
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


def _resume_channel(body: dict[str, Any]) -> None:
    resume_channel(
        body["bank"],
        after=body.get("after"),
        payouts=bootstrap.payouts(),
        payout_accounts=bootstrap.payout_accounts(),
        channels=bootstrap.payout_channels(),
        messages=bootstrap.messages(),
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
    if change.kind == "former_attempt" and change.after == FormerState.PAID:
        count("PayoutFormerPaid", bank=str(change.facts.get("bank", "")))
    if change.kind == "payout" and change.after == PayoutState.HELD:
        count("PayoutHeld", reason=reason)
