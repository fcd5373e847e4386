"""Doors of waves: told to everybody, moved by the clock, joined by applicants. Planned in ``planning.py``."""

from datetime import datetime
from http import HTTPStatus

from chalice.app import Blueprint, CloudWatchEvent
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import Wave, WaveState
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.doors import Access, Body, Caller, Page, public_for
from chalicelib.handlers.notary import notary
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wave_replies import WaveReply, wave_told
from chalicelib.observability import correlated, new_correlation_id
from chalicelib.use_cases.waves.join_wave import join_wave
from chalicelib.use_cases.waves.move_waves import move_waves

blueprint = Blueprint(__name__)

_WAVES_LIVE_SECONDS = 15
"""The clock of the waves ticks once a minute."""


class WaveList(Body):
    waves: list[WaveReply]
    next: str | None


class DrawReply(Body):
    """Where the draw's file lies; it holds all that is needed to repeat the draw."""

    url: str
    sha256: str


class EntryReply(Body):
    wave: int
    pseudonym: str = Field(description="Yours in this wave: find yourself by it in the published draw.")
    province_code: str
    joined_at: datetime


@blueprint.route("/v1/waves", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=public_for(_WAVES_LIVE_SECONDS))
def list_waves(page: Page) -> WaveList:
    """All waves, newest first."""
    if page.after and not (page.after.isascii() and page.after.isdigit()):
        raise InvalidInput("number_expected", field="after")
    before = WaveNumber(int(page.after)) if page.after else None
    found = bootstrap.waves().newest_first(limit=page.limit, before=before)
    last = str(int(found[-1].number)) if len(found) == page.limit else None
    return WaveList(waves=[_told(wave) for wave in found], next=cursor(last))


@blueprint.route("/v1/waves/{number}", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=public_for(_WAVES_LIVE_SECONDS))
def show_wave(number: int) -> WaveReply:
    """One wave."""
    return _told(_known(number))


@blueprint.route("/v1/waves/{number}/draw", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC)
def show_draw(number: int) -> DrawReply:
    """The draw of an announced wave, for anybody to repeat."""
    wave = _known(number)
    if wave.draw_digest is None or wave.state is not WaveState.ANNOUNCED:
        raise NotFound("draw_not_published", field="number")
    return DrawReply(url=bootstrap.draws().download_url(wave.number), sha256=wave.draw_digest)


@blueprint.route("/v1/me/waves/{number}/entry", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.CREATED)
def join(caller: Caller, number: int) -> EntryReply:
    """Join a wave. Places are drawn, not raced for: nobody gains by being first."""
    entry = join_wave(
        caller.applicant_id,
        WaveNumber(number),
        waves=bootstrap.waves(),
        applicants=bootstrap.applicants(),
        memberships=bootstrap.memberships(),
        notary=notary(),
    )
    return EntryReply(
        wave=number, pseudonym=entry.pseudonym, province_code=entry.province_code, joined_at=entry.joined_at
    )


@blueprint.schedule("rate(1 minute)")
def tick_wave_clock(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        move_waves(waves=bootstrap.waves(), messages=bootstrap.messages(), clock=bootstrap.clock())


def _known(number: int) -> Wave:
    wave = bootstrap.waves().get(WaveNumber(number))
    if wave is None:
        raise NotFound("wave_unknown", field="number")
    return wave


def _told(wave: Wave) -> WaveReply:
    return wave_told(wave, bootstrap.beacon().chain)
