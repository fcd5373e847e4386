"""Doors of the programme office: waves planned, changed and approved by two people, draws annulled by three."""

from http import HTTPStatus

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import Wave
from chalicelib.handlers.doors import Access, Caller
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wave_replies import (
    AnnulmentApproved,
    AnnulmentAsked,
    WaveApproved,
    WaveChanged,
    WavePlanned,
    WaveReply,
    plan_in,
    wave_told,
)
from chalicelib.use_cases.waves.approve_annulment import approve_annulment
from chalicelib.use_cases.waves.approve_wave import approve_wave
from chalicelib.use_cases.waves.ask_annulment import ask_annulment
from chalicelib.use_cases.waves.change_wave import change_wave
from chalicelib.use_cases.waves.desk import Desk
from chalicelib.use_cases.waves.plan_wave import plan_wave

blueprint = Blueprint(__name__)


@blueprint.route("/v1/staff/waves", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def plan(caller: Caller, body: WavePlanned) -> WaveReply:
    """Plan a wave. It opens once somebody else has approved it."""
    return _told(plan_wave(plan_in(body, body.number), caller.officer, desk=_desk()))


@blueprint.route("/v1/staff/waves/{number}", methods=["PUT"])
@replies(blueprint, access=Access.STAFF)
def change_plan(caller: Caller, number: int, body: WaveChanged) -> WaveReply:
    """Change a wave that has not opened. It needs to be approved again."""
    return _told(change_wave(plan_in(body, number), body.version, caller.officer, desk=_desk()))


@blueprint.route("/v1/staff/waves/{number}/approval", methods=["POST"])
@replies(blueprint, access=Access.APPROVER)
def approve_plan(caller: Caller, number: int, body: WaveApproved) -> WaveReply:
    """Approve a wave that somebody else planned, before it opens."""
    return _told(approve_wave(WaveNumber(number), body.version, caller.officer, desk=_desk()))


@blueprint.route("/v1/staff/waves/{number}/annulments", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def ask_to_annul(caller: Caller, number: int, body: AnnulmentAsked) -> WaveReply:
    """Ask that a draw be annulled, in public, before it is announced.

    It takes two others to approve it within 48 hours; until then nothing is announced."""
    asked = ask_annulment(WaveNumber(number), body.draw_digest, body.reason, caller.officer, desk=_desk())
    return _told(asked)


@blueprint.route("/v1/staff/waves/{number}/annulments/approval", methods=["POST"])
@replies(blueprint, access=Access.APPROVER)
def approve_to_annul(caller: Caller, number: int, body: AnnulmentApproved) -> WaveReply:
    """Approve that a draw be annulled. The second approval puts it in force and names the value of the next draw."""
    return _told(approve_annulment(WaveNumber(number), body.draw_digest, caller.officer, desk=_desk()))


def _desk() -> Desk:
    return Desk(
        waves=bootstrap.waves(),
        audit_log=bootstrap.audit_log(),
        beacon=bootstrap.beacon(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )


def _told(wave: Wave) -> WaveReply:
    return wave_told(wave, bootstrap.beacon().chain)
