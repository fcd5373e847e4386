"""Doors of batches: a list of payouts that two people approve; and of the banks' channels."""

from http import HTTPStatus

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import BatchId
from chalicelib.domain.payout_accounts import BANKS
from chalicelib.domain.payout_batches import Batch, BatchState, lines_of
from chalicelib.domain.payout_channels import Channel, ChannelState
from chalicelib.handlers.arguments import cursor, known_state
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.use_cases.payouts.approve_batch import approve_batch, batch_of
from chalicelib.use_cases.payouts.move_channel import move_channel
from chalicelib.use_cases.payouts.refuse_batch import refuse_batch

blueprint = Blueprint(__name__)


class BatchReply(Body):
    id: str
    state: BatchState
    bank: str
    day: str
    payouts: int
    total_rupiah: int
    checksum: str = Field(description="SHA-256 of the list, in hex: what an approver names.")
    built_by: str | None
    first_approver: str | None
    second_approver: str | None
    reason: str | None


class BatchIds(Body):
    batches: list[str]
    next: str | None


class LineReply(Body):
    payout_id: str
    applicant_id: str
    purpose: str
    period: int
    attempt: int
    amount_rupiah: int


class LinesReply(Body):
    lines: list[LineReply]
    next: str | None


class Approval(Body):
    checksum: str = Field(pattern="^[0-9a-f]{64}$", description="Of the list that was looked at.")


class ChannelMove(Body):
    state: ChannelState


class ChannelReply(Body):
    bank: str
    state: ChannelState
    reason: str | None
    moved_at: str | None
    moved_by: str | None


class ChannelsReply(Body):
    channels: list[ChannelReply]


@blueprint.route("/v1/staff/payout-batches", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.NO_CONTENT)
def ask_for_batches(caller: Caller) -> None:
    """Have the payouts that are due put into batches now. Whoever asks for it may approve none of them."""
    bootstrap.messages().send(Queue.PAYOUT_BATCHES_TO_MOVE, {"built_by": caller.staff_id})


@blueprint.route("/v1/staff/payout-batches/by-state/{state}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_batches(state: str, page: Page) -> BatchIds:
    """Batches in one state, oldest first."""
    ids, last = bootstrap.payout_batches().page(known_state(BatchState, state), after=page.after, limit=page.limit)
    return BatchIds(batches=list(ids), next=cursor(last))


@blueprint.route("/v1/staff/payout-batches/{batch_id}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_batch(batch_id: str) -> BatchReply:
    """A batch: its bank, how many payouts, how much in all, and the checksum of its list."""
    return _told(batch_of(BatchId(batch_id), bootstrap.payout_batches()))


@blueprint.route("/v1/staff/payout-batches/{batch_id}/lines", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_batch_lines(batch_id: str, page: Page) -> LinesReply:
    """The list itself, read and compared with its checksum. There is no account number in it."""
    batch = batch_of(BatchId(batch_id), bootstrap.payout_batches())
    lines = lines_of(bootstrap.batch_files().read(batch.id), batch)
    if page.after and not (page.after.isascii() and page.after.isdigit()):
        raise InvalidInput("cursor_invalid", field="after")
    start = int(page.after or 0)
    end = start + page.limit
    told = [
        LineReply(
            payout_id=line.payout_id,
            applicant_id=line.applicant_id,
            purpose=line.purpose,
            period=line.period,
            attempt=line.attempt,
            amount_rupiah=int(line.amount),
        )
        for line in lines[start:end]
    ]
    return LinesReply(lines=told, next=cursor(str(end)) if end < len(lines) else None)


@blueprint.route("/v1/staff/payout-batches/{batch_id}/approval", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def approve_payout_batch(caller: Caller, batch_id: str, body: Approval) -> BatchReply:
    """Approve a batch by the checksum of the list that was looked at. It takes two people."""
    batches = bootstrap.payout_batches()
    return _told(approve_batch(BatchId(batch_id), body.checksum, caller.staff_id, batches=batches))


@blueprint.route("/v1/staff/payout-batches/{batch_id}/refusal", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def refuse_payout_batch(caller: Caller, batch_id: str) -> BatchReply:
    """Refuse a batch. Its payouts wait for another."""
    return _told(refuse_batch(BatchId(batch_id), caller.staff_id, batches=bootstrap.payout_batches()))


@blueprint.route("/v1/staff/payout-channels", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_payout_channels() -> ChannelsReply:
    """Every bank and wallet, and whether money goes through it."""
    return ChannelsReply(channels=[_channel_told(bootstrap.payout_channels().get(bank)) for bank in BANKS])


@blueprint.route("/v1/staff/payout-channels/{bank}", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def put_payout_channel(caller: Caller, bank: str, body: ChannelMove) -> ChannelReply:
    """Pause a channel, or open it again when what was wrong is mended."""
    channels, clock = bootstrap.payout_channels(), bootstrap.clock()
    return _channel_told(move_channel(bank, body.state, caller.staff_id, channels=channels, clock=clock))


def _told(batch: Batch) -> BatchReply:
    return BatchReply(
        id=batch.id,
        state=batch.state,
        bank=batch.bank,
        day=batch.day.isoformat(),
        payouts=batch.size,
        total_rupiah=int(batch.total),
        checksum=batch.checksum,
        built_by=batch.built_by,
        first_approver=batch.first_approver,
        second_approver=batch.second_approver,
        reason=batch.reason,
    )


def _channel_told(channel: Channel) -> ChannelReply:
    moved_at = channel.moved_at.isoformat() if channel.moved_at else None
    return ChannelReply(
        bank=channel.bank,
        state=channel.state,
        reason=channel.reason,
        moved_at=moved_at,
        moved_by=channel.moved_by,
    )
