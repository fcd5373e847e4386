"""Doors of membership: award, induction."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.membership import MembershipState
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller
from chalicelib.handlers.notary import notary
from chalicelib.handlers.replies import replies
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.membership.follow_membership import follow_membership
from chalicelib.use_cases.membership.make_award import make_award
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


@blueprint.route("/v1/me/induction/videos/{video}", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT)
def watch_video(caller: Caller, video: int) -> Induction:
    """Note that an induction video was seen to the end; the last of three opens the balance for use."""
    watched = watch_induction_video(caller.applicant_id, video, memberships=bootstrap.memberships())
    return Induction(state=watched.state, videos_seen=list(watched.videos_seen))
