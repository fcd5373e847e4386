"""Waves, joined by applicants and moved by the clock.

A wave closes by its time, not by a write: an entry bears its moment, requests end within 30 seconds, and the list is
read a settling time after closing. So closing needs no item that every joiner would have to touch.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import ApplicantId, Index, Pseudonym, StaffId, WaveNumber
from chalicelib.domain.lifecycle import LifeCycle

SETTLING_TIME = timedelta(minutes=2)
"""Between closing and drawing: longer than any request that began before closing can live (29 s at the gateway)."""
LONGEST_AHEAD = timedelta(days=5 * 365)
ANNULMENT_LAPSES_AFTER = timedelta(hours=48)
SHARDS = 64
"""Entries of one wave lie in this many partitions: 64,000 joins a second before one grows warm."""

PSEUDONYM_BYTES = 16


class WaveState(StrEnum):
    PLANNED = "planned"
    APPROVED = "approved"
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"
    """Its list is published, with its root."""
    DRAWN = "drawn"
    """The draw is published."""
    ANNOUNCED = "announced"


class WaveEvent(StrEnum):
    CHANGE = "change"
    APPROVE = "approve"
    OPEN = "open"
    CLOSE = "close"
    FREEZE = "freeze"
    DRAW = "draw"
    ANNUL = "annul"
    ANNOUNCE = "announce"


WAVE = LifeCycle(
    "wave",
    {
        (WaveState.PLANNED, WaveEvent.CHANGE): WaveState.PLANNED,
        (WaveState.PLANNED, WaveEvent.APPROVE): WaveState.APPROVED,
        (WaveState.APPROVED, WaveEvent.CHANGE): WaveState.PLANNED,
        (WaveState.APPROVED, WaveEvent.OPEN): WaveState.OPEN,
        (WaveState.OPEN, WaveEvent.CLOSE): WaveState.CLOSED,
        (WaveState.CLOSED, WaveEvent.FREEZE): WaveState.FROZEN,
        (WaveState.FROZEN, WaveEvent.DRAW): WaveState.DRAWN,
        (WaveState.DRAWN, WaveEvent.ANNUL): WaveState.FROZEN,
        (WaveState.DRAWN, WaveEvent.ANNOUNCE): WaveState.ANNOUNCED,
    },
)


@dataclass(frozen=True, slots=True)
class Annulment:
    """Of one draw of a wave. In force once two people other than ``asked_by`` have approved."""

    attempt: int
    reason: str
    asked_by: StaffId
    asked_at: datetime
    approved_by: tuple[StaffId, ...] = ()
    draw_digest: str = ""
    """Of the draw that it annuls, which stays published."""
    annulled_at: datetime | None = None
    """When the second approval put it in force."""

    @property
    def lapses_at(self) -> datetime:
        """Unless it is in force by then: what is asked for must not keep a draw from being announced for ever."""
        return self.asked_at + ANNULMENT_LAPSES_AFTER


@dataclass(frozen=True, slots=True)
class Wave:
    """``secret`` is published with the draw; ``commitment``, its SHA-256 in hex, before the wave opens. What is drawn
    by which conditions: ``docs/draw.md``."""

    number: WaveNumber
    opens_at: datetime
    closes_at: datetime
    announces_at: datetime
    quota: int
    scheme: str
    secret: str
    commitment: str
    draws_at: datetime | None = None
    """When the public random value comes that the wave names; None: half-way from closing to announcing."""
    training_starts_at: datetime | None = None
    basis: str = "2024"
    """Of the provinces: ``domain/province_bases``."""
    floor: int = 1
    """Places that each province gets at least, while the quota allows it."""
    groups: tuple[str, ...] = ()
    """Priority groups, the first first."""
    reserved_permille: Mapping[str, int] = field(default_factory=dict)
    """``women`` and ``disabled``: places of a thousand."""
    recovers: tuple[int, ...] = ()
    """Waves whose lapsed places are given here, on top of ``quota``."""
    recovered: int = 0
    """How many those are: known when this wave is frozen."""
    recovered_by: int | None = None
    """The one wave that gives this one's lapsed places."""
    beacon_round: int = 0
    planned_by: StaffId | None = None
    approved_by: StaffId | None = None
    state: WaveState = WaveState.PLANNED
    draw_attempt: int = 1
    annulments: tuple[Annulment, ...] = ()
    frozen_root: str | None = None
    """Merkle root of the list in hex, once frozen."""
    draw_digest: str | None = None
    """SHA-256 of the published draw file, once drawn."""
    entries: int | None = None
    awards: int | None = None
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """By the clock: the state follows within a minute, and nobody gains or loses by that minute."""
        return self.state is not WaveState.PLANNED and self.opens_at <= now < self.closes_at

    def group_of(self, priorities: Iterable[str]) -> int:
        """Which group somebody with these priorities is in: the first that applies, or the last one."""
        return min((self.groups.index(each) for each in priorities if each in self.groups), default=len(self.groups))

    @property
    def drawn_from(self) -> datetime:
        """When the public random value comes."""
        return self.draws_at or self.closes_at + (self.announces_at - self.closes_at) / 2

    @property
    def annulment_asked(self) -> Annulment | None:
        """Of the present draw, whether or not it has lapsed. A draw is asked about once."""
        latest = self.annulments[-1] if self.annulments else None
        return latest if latest and latest.attempt == self.draw_attempt else None

    @property
    def announced_from(self) -> datetime:
        """Later than planned while an annulment is asked for."""
        asked = self.annulment_asked
        return max(self.announces_at, asked.lapses_at) if asked else self.announces_at


def commitment_to(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def next_step(wave: Wave) -> tuple[WaveEvent, datetime] | None:
    """What the clock is to do with this wave next, and from when on. None: nothing any more, or not before somebody
    approves it."""
    return {
        WaveState.APPROVED: (WaveEvent.OPEN, wave.opens_at),
        WaveState.OPEN: (WaveEvent.CLOSE, wave.closes_at),
        WaveState.CLOSED: (WaveEvent.FREEZE, wave.closes_at + SETTLING_TIME),
        WaveState.FROZEN: (WaveEvent.DRAW, wave.drawn_from),
        WaveState.DRAWN: (WaveEvent.ANNOUNCE, wave.announced_from),
    }.get(wave.state)


def due_event(wave: Wave, now: datetime) -> WaveEvent | None:
    """What the clock asks of this wave now. One step at a time, so that missed ticks are caught up in order."""
    step = next_step(wave)
    return step[0] if step and now >= step[1] else None


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
    MOVE_UP = "move_up"
    """A place fell free, and this ticket is next."""


ENTRY = LifeCycle(
    "wave_entry",
    {
        (EntryState.JOINED, EntryEvent.CHOOSE): EntryState.CHOSEN,
        (EntryState.JOINED, EntryEvent.PASS_OVER): EntryState.NOT_CHOSEN,
        (EntryState.CHOSEN, EntryEvent.EXCLUDE): EntryState.EXCLUDED,
        (EntryState.JOINED, EntryEvent.MOVE_UP): EntryState.CHOSEN,
        (EntryState.NOT_CHOSEN, EntryEvent.MOVE_UP): EntryState.CHOSEN,
    },
)


@dataclass(frozen=True, slots=True)
class WaveEntry:
    """One applicant in one wave. ``pseudonym`` and ``family_pseudonym`` are theirs in this wave only; ``family`` is the
    index of their KK. Group and what shares are reserved by are as of joining."""

    wave: WaveNumber
    applicant_id: ApplicantId
    pseudonym: Pseudonym
    family: Index
    family_pseudonym: Pseudonym
    province_code: str
    joined_at: datetime
    group: int = 0
    """0 is drawn first; those of no priority group are in the last."""
    is_woman: bool = False
    is_disabled: bool = False
    family_places_left: int = 2
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
