"""Doors of membership: award, induction, and what time brings."""

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.membership import MembershipState
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller
from chalicelib.handlers.notary import notary
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, new_correlation_id
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.membership.follow_membership import follow_membership
from chalicelib.use_cases.membership.make_award import make_award
from chalicelib.use_cases.membership.meet_due import Treasury, meet_due
from chalicelib.use_cases.membership.sweep_dues import sweep_dues
from chalicelib.use_cases.membership.watch_induction_video import watch_induction_video

blueprint = Blueprint(__name__)


class Induction(Body):
    state: MembershipState
    videos_seen: list[int]


@blueprint.on_sqs_message(queue=queue_name("awards-to-make"), batch_size=5, maximum_concurrency=20)
@each_message
def make_awards(body: dict[str, Any]) -> None:
    make_award(
        ApplicantId(body["applicant_id"]),
        WaveNumber(body["wave"]),
        waves=bootstrap.waves(),
        applicants=bootstrap.applicants(),
        memberships=bootstrap.memberships(),
        notary=notary(),
    )


@blueprint.on_dynamodb_record(stream_arn=stream_arn("memberships"), batch_size=100)
@each_change
def follow_memberships(change: Change) -> None:
    follow_membership(change, messages=bootstrap.messages())


@blueprint.schedule("rate(5 minutes)")
def sweep_memberships(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        sweep_dues(
            memberships=bootstrap.memberships(),
            messages=bootstrap.messages(),
            depths=bootstrap.queue_depths(),
            clock=bootstrap.clock(),
        )


@blueprint.on_sqs_message(queue=queue_name("dues-to-meet"), batch_size=10, maximum_concurrency=10)
@each_message
def meet_dues(body: dict[str, Any]) -> None:
    treasury = Treasury(
        bootstrap.memberships(), bootstrap.waves(), bootstrap.places(), bootstrap.ledger(), bootstrap.clock()
    )
    meet_due(ApplicantId(body["applicant_id"]), treasury)


@blueprint.route("/v1/me/induction/videos/{video}", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT)
def watch_video(caller: Caller, video: int) -> Induction:
    """Note that an induction video was seen to the end; the last of three opens the balance for use."""
    watched = watch_induction_video(caller.applicant_id, video, memberships=bootstrap.memberships())
    return Induction(state=watched.state, videos_seen=list(watched.videos_seen))
