"""Waves, joined by applicants and moved by the clock.

A wave closes by its time, not by a write: an entry bears its moment, requests end within 30 seconds, and the list is
read a settling time after closing. So closing needs no item that every joiner would have to touch.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ApplicantId, Index, WaveNumber
from chalicelib.domain.lifecycle import LifeCycle

SETTLING_TIME = timedelta(minutes=2)
"""Between closing and drawing: longer than any request that began before closing can live (29 s at the gateway)."""
LONGEST_AHEAD = timedelta(days=5 * 365)
SHARDS = 64
"""Entries of one wave lie in this many partitions: 64,000 joins a second before one grows warm."""


class WaveState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    DRAWN = "drawn"
    ANNOUNCED = "announced"


class WaveEvent(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    DRAW = "draw"
    ANNOUNCE = "announce"


WAVE = LifeCycle(
    "wave",
    {
        (WaveState.PLANNED, WaveEvent.OPEN): WaveState.OPEN,
        (WaveState.OPEN, WaveEvent.CLOSE): WaveState.CLOSED,
        (WaveState.CLOSED, WaveEvent.DRAW): WaveState.DRAWN,
        (WaveState.DRAWN, WaveEvent.ANNOUNCE): WaveState.ANNOUNCED,
    },
)


@dataclass(frozen=True, slots=True)
class Wave:
    """``secret`` is published with the draw; ``commitment``, its SHA-256 in hex, before the wave opens."""

    number: WaveNumber
    opens_at: datetime
    closes_at: datetime
    announces_at: datetime
    quota: int
    scheme: str
    secret: str
    commitment: str
    state: WaveState = WaveState.PLANNED
    draw_digest: str | None = None
    """SHA-256 of the published draw file, once drawn."""
    entries: int | None = None
    awards: int | None = None
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """By the clock: the state follows within a minute, and nobody gains or loses by that minute."""
        return self.opens_at <= now < self.closes_at


def plan_wave(wave: Wave, *, now: datetime) -> Wave:
    """The wave as planned, or ``InvalidInput`` naming the field that cannot be."""
    if wave.quota < 1:
        raise InvalidInput("quota_not_positive", field="quota")
    if wave.announces_at > now + LONGEST_AHEAD:
        raise InvalidInput("time_too_far", field="announces_at", years=LONGEST_AHEAD.days // 365)
    if not now <= wave.opens_at:
        raise InvalidInput("time_is_past", field="opens_at")
    if not wave.opens_at < wave.closes_at:
        raise InvalidInput("time_not_after", field="closes_at", other="opens_at")
    if not wave.closes_at + SETTLING_TIME < wave.announces_at:
        raise InvalidInput("time_not_after", field="announces_at", other="closes_at")
    return wave


def next_closing(waves: Iterable[Wave], *, now: datetime) -> datetime | None:
    """When the wave closes that whoever is verified now could join: the open one that closes first, else the one that
    opens next."""
    ahead = [wave for wave in waves if now < wave.closes_at]
    first = min(ahead, key=lambda wave: (not wave.is_open(now), wave.closes_at), default=None)
    return first.closes_at if first else None


def commitment_to(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def due_event(wave: Wave, now: datetime) -> WaveEvent | None:
    """What the clock asks of this wave now. One step at a time, so that missed ticks are caught up in order."""
    due = {
        WaveState.PLANNED: (WaveEvent.OPEN, wave.opens_at),
        WaveState.OPEN: (WaveEvent.CLOSE, wave.closes_at),
        WaveState.CLOSED: (WaveEvent.DRAW, wave.closes_at + SETTLING_TIME),
        WaveState.DRAWN: (WaveEvent.ANNOUNCE, wave.announces_at),
    }.get(wave.state)
    return due[0] if due and now >= due[1] else None


def move_wave(wave: Wave, event: WaveEvent) -> Wave:
    return replace(wave, state=WAVE.after(wave.state, event))


class EntryState(StrEnum):
    JOINED = "joined"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    EXCLUDED = "excluded"


class EntryEvent(StrEnum):
    CHOOSE = "choose"
    PASS_OVER = "pass_over"  # noqa: S105
    EXCLUDE = "exclude"


ENTRY = LifeCycle(
    "wave_entry",
    {
        (EntryState.JOINED, EntryEvent.CHOOSE): EntryState.CHOSEN,
        (EntryState.JOINED, EntryEvent.PASS_OVER): EntryState.NOT_CHOSEN,
        (EntryState.CHOSEN, EntryEvent.EXCLUDE): EntryState.EXCLUDED,
    },
)


@dataclass(frozen=True, slots=True)
class WaveEntry:
    """One applicant in one wave. ``pseudonym`` is theirs in this wave only; ``family`` the index of their KK."""

    wave: WaveNumber
    applicant_id: ApplicantId
    pseudonym: Index
    family: Index
    province_code: str
    joined_at: datetime
    state: EntryState = EntryState.JOINED
    reason: str | None = None
    version: int = 0


def join_wave(wave: Wave, entry: WaveEntry) -> WaveEntry:
    if not wave.is_open(entry.joined_at):
        raise Conflict("wave_closed", field="wave", wave=int(wave.number))
    return entry


def move_entry(entry: WaveEntry, event: EntryEvent, *, reason: str | None = None) -> WaveEntry:
    return replace(entry, state=ENTRY.after(entry.state, event), reason=reason)


def shard_of(applicant_id: ApplicantId) -> int:
    """The same for ever: the entry's place follows from who joins, so that joining twice meets the first entry."""
    return int.from_bytes(hashlib.sha256(applicant_id.encode()).digest()[:4], "big") % SHARDS
