"""A draw cannot be replaced. It can be annulled before it is announced, in public: asked for by one of the staff, with
a reason, and put in force by two others. Then the same list is drawn again, from a newly named random value.

Asked for, it holds the announcement back until it is in force, for 48 hours at most: then it has lapsed. Each draw is
asked about once, so that nobody can hold it back for ever.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.support import check_reason
from chalicelib.domain.waves import Annulment, Wave, WaveEvent, WaveState, move_wave

APPROVALS_NEEDED = 2
NEXT_ROUND_AFTER = timedelta(minutes=10)
"""From the second approval to the random value that it names: nobody can know it yet."""
SHORTEST_REASON = 20


@dataclass(frozen=True, slots=True)
class NextRound:
    """The public random value from which the draw is made anew."""

    round: int
    comes_at: datetime


def annulment_of(wave: Wave, draw_digest: str) -> Annulment | None:
    return next((each for each in wave.annulments if each.draw_digest == draw_digest), None)


def ask_annulment(wave: Wave, draw_digest: str, reason: str, staff: StaffId, *, now: datetime) -> Wave:
    """The wave with the annulment asked for. The reason is published: nothing personal in it."""
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput("reason_short", field="reason", letters=SHORTEST_REASON)
    check_reason(reason, None)
    _check_draw(wave, draw_digest)
    if wave.annulment_asked:
        raise Conflict("annulment_asked_already", wave=int(wave.number))
    asked = Annulment(wave.draw_attempt, reason, staff, now, draw_digest=draw_digest)
    return replace(wave, annulments=(*wave.annulments, asked))


def approve_annulment(wave: Wave, draw_digest: str, staff: StaffId, next_round: NextRound, *, now: datetime) -> Wave:
    """The first approval is noted; the second puts the annulment in force."""
    _check_draw(wave, draw_digest)
    asked = wave.annulment_asked
    if asked is None:
        raise Conflict("annulment_not_asked", wave=int(wave.number))
    if staff == asked.asked_by:
        raise NotAllowed("asker_may_not_approve")
    if now >= asked.lapses_at:
        raise Conflict("annulment_lapsed", wave=int(wave.number))
    approved = replace(asked, approved_by=(*asked.approved_by, staff))
    if len(approved.approved_by) < APPROVALS_NEEDED:
        return replace(wave, annulments=(*wave.annulments[:-1], approved))
    return _annulled(wave, replace(approved, annulled_at=now), next_round)


def _annulled(wave: Wave, annulment: Annulment, next_round: NextRound) -> Wave:
    return replace(
        move_wave(wave, WaveEvent.ANNUL),
        annulments=(*wave.annulments[:-1], annulment),
        draw_attempt=wave.draw_attempt + 1,
        beacon_round=next_round.round,
        draws_at=next_round.comes_at,
        draw_digest=None,
        awards=None,
    )


def _check_draw(wave: Wave, draw_digest: str) -> None:
    if wave.state is WaveState.ANNOUNCED:
        raise Conflict("wave_announced", wave=int(wave.number))
    if wave.state is not WaveState.DRAWN:
        raise Conflict("wave_not_drawn", wave=int(wave.number))
    if wave.draw_digest != draw_digest:
        raise Conflict("draw_is_another", field="draw_digest")
