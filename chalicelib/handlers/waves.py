"""Doors of waves: told to everybody, moved by the clock, joined by applicants. Planned in ``planning.py``."""

from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus

from chalice.app import Blueprint, CloudWatchEvent
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import Wave
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.doors import Access, Body, Caller, Page, public_for
from chalicelib.handlers.notary import notary
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wave_replies import WaveReply, wave_told
from chalicelib.observability import correlated, new_correlation_id
from chalicelib.use_cases.selection.read_draws import read_draws
from chalicelib.use_cases.waves.join_wave import join_wave
from chalicelib.use_cases.waves.move_waves import move_waves

blueprint = Blueprint(__name__)

_WAVES_LIVE_SECONDS = 15
"""The clock of the waves ticks once a minute."""


class WaveList(Body):
    waves: list[WaveReply]
    next: str | None


class DrawReply(Body):
    """One draw of a wave. Its bundle holds all that is needed to repeat it: ``verify_draw.py BUNDLE``."""

    attempt: int
    seed: str
    url: str = Field(description="Of the bundle, good for an hour.")
    sha256: str
    annulled: str | None = Field(description="Why it does not count, where it does not.")
    annulment_url: str | None = Field(None, description="Of the signed annulment, good for an hour.")


class DrawsReply(Body):
    """What is published so far: conditions, then the frozen list, then the draw. docs/draw.md tells what is in them."""

    wave: int
    attempt: int = Field(description="Of the draw that counts, or is to come.")
    conditions_url: str | None = Field(None, description="Signed, from the wave's approval on. Good for an hour.")
    frozen_root: str | None = Field(None, description="Merkle root of the frozen list, once there is one.")
    frozen_list_url: str | None = Field(None, description="Good for an hour.")
    seed: str | None = Field(description="Of the draw that counts, once it is drawn.")
    draws: list[DrawReply] = Field(description="Annulled ones as well, oldest first.")


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
def show_draw(number: int) -> DrawsReply:
    """A wave's conditions, its frozen list and its draw, for anybody to repeat."""
    chain = bootstrap.beacon().chain
    found = read_draws(WaveNumber(number), waves=bootstrap.waves(), files=bootstrap.draw_files(), chain=chain)
    counting = [each for each in found.draws if each.annulled is None]
    return DrawsReply(
        wave=number,
        attempt=found.wave.draw_attempt,
        conditions_url=found.conditions_url,
        frozen_root=found.frozen_root,
        frozen_list_url=found.frozen_list_url,
        seed=counting[0].seed if counting else None,
        draws=[DrawReply(**asdict(each)) for each in found.draws],
    )


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
