"""A list's versions: received as a file, loaded in pieces, checked, and put in force by a second person.

Loading is a walk of three phases, each in bounded steps: READ the file piece by piece, COMPARE shard by shard with the
version in force, WRITE what differs. Where it stands is in the version itself: a step that is repeated finds the
version further on, and does nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotAllowed
from chalicelib.domain.identifiers import ListName, StaffId
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.list_rows import MOST_SHARDS

PIECE_BYTES = 8 * 1024 * 1024
LARGEST_FILE_BYTES = 500 * 1024 * 1024
MOST_LINES = 5_000_000
MOST_FLAWS_KEPT = 1_000
BUCKET = "bucket"
"""Who loaded a file whose sender did not say."""


class VersionState(StrEnum):
    RECEIVED = "received"
    LOADING = "loading"
    CHECKED = "checked"
    ACTIVE = "active"
    REPLACED = "replaced"
    REFUSED = "refused"
    DISCARDED = "discarded"


class VersionEvent(StrEnum):
    GO_ON = "go_on"
    FINISH = "finish"
    REFUSE = "refuse"
    ACTIVATE = "activate"
    REPLACE = "replace"
    DISCARD = "discard"


LIST_VERSION = LifeCycle(
    "list_version",
    {
        (VersionState.RECEIVED, VersionEvent.GO_ON): VersionState.LOADING,
        (VersionState.RECEIVED, VersionEvent.REFUSE): VersionState.REFUSED,
        (VersionState.RECEIVED, VersionEvent.DISCARD): VersionState.DISCARDED,
        (VersionState.LOADING, VersionEvent.GO_ON): VersionState.LOADING,
        (VersionState.LOADING, VersionEvent.FINISH): VersionState.CHECKED,
        (VersionState.LOADING, VersionEvent.REFUSE): VersionState.REFUSED,
        (VersionState.LOADING, VersionEvent.DISCARD): VersionState.DISCARDED,
        (VersionState.CHECKED, VersionEvent.ACTIVATE): VersionState.ACTIVE,
        (VersionState.CHECKED, VersionEvent.DISCARD): VersionState.DISCARDED,
        (VersionState.ACTIVE, VersionEvent.REPLACE): VersionState.REPLACED,
    },
)


class Phase(StrEnum):
    READ = "read"
    COMPARE = "compare"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class ListUpload:
    """A file as the bucket has it; ``tag`` changes with its content. ``stated_lines``: as its sender counted them."""

    object_key: str
    tag: str
    size_bytes: int
    loader: str = BUCKET
    body: str = ""
    stated_lines: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the file was read, and in which form it is written."""

    offset: int = 0
    lines: int = 0
    digest: str = ""
    """SHA-256 of the digest before with the piece: at the end, of the whole file."""
    delimiter: str = ","
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """``flaws`` and ``duplicates`` are lines; the others are people."""

    flaws: int = 0
    duplicates: int = 0
    people: int = 0
    unchanged: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0


ByCategory = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ListVersion:
    list: ListName
    number: int
    upload: ListUpload
    received_at: datetime
    shards: int
    based_on: int = 0
    """The version in force when this one came; 0 for none. Its difference holds against that one alone."""
    based_on_shards: int = 1
    state: VersionState = VersionState.RECEIVED
    phase: Phase = Phase.READ
    step: int = 0
    pieces: int = 0
    reading: Reading = Reading()
    counts: Counts = Counts()
    by_category: ByCategory = field(default_factory=dict)
    flaws_kept: int = 0
    flaws_name: str = ""
    """The file that holds them."""
    warnings: tuple[str, ...] = ()
    """What a person must look at, and name, before this is put in force."""
    reason: str | None = None
    """Why it was refused; its message's blanks beside it."""
    reason_details: Mapping[str, str | int] = field(default_factory=dict)
    activated_by: str | None = None
    activated_at: datetime | None = None
    discarded_by: str | None = None
    version: int = 0

    @property
    def is_loading(self) -> bool:
        return self.state in (VersionState.RECEIVED, VersionState.LOADING)

    def stands_at(self, phase: Phase, step: int) -> bool:
        return self.is_loading and (self.phase, self.step) == (phase, step)


@dataclass(frozen=True, slots=True)
class ListHead:
    """A list as a whole. ``activated``: the versions that were put in force, in that order; the last one is."""

    name: ListName
    newest: int = 0
    activated: tuple[int, ...] = ()
    shards: int = 1
    people: int = 0
    as_of: datetime | None = None
    """When the file of the version in force came."""
    version: int = 0

    @property
    def active(self) -> int:
        return self.activated[-1] if self.activated else 0


def receive(head: ListHead, upload: ListUpload, *, now: datetime) -> tuple[ListHead, ListVersion]:
    number = head.newest + 1
    version = ListVersion(
        list=head.name,
        number=number,
        upload=upload,
        received_at=now,
        shards=_shards_for(upload.size_bytes),
        based_on=head.active,
        based_on_shards=head.shards,
    )
    return replace(head, newest=number), version


def _shards_for(size_bytes: int) -> int:
    """So many that each holds about a piece."""
    shards = 1
    while shards < MOST_SHARDS and shards * PIECE_BYTES < size_bytes:
        shards *= 2
    return shards


def go_on(version: ListVersion, phase: Phase, step: int) -> ListVersion:
    state = LIST_VERSION.after(version.state, VersionEvent.GO_ON)
    return replace(version, state=state, phase=phase, step=step)


def refuse(version: ListVersion, reason: str, **details: str | int) -> ListVersion:
    state = LIST_VERSION.after(version.state, VersionEvent.REFUSE)
    return replace(version, state=state, reason=reason, reason_details=details)


def finish(version: ListVersion) -> ListVersion:
    return replace(version, state=LIST_VERSION.after(version.state, VersionEvent.FINISH))


def activate(
    head: ListHead, version: ListVersion, staff: StaffId, *, despite: frozenset[str], now: datetime
) -> tuple[ListHead, ListVersion]:
    """In force from here on, by another person than who loaded it, who names every warning."""
    state = LIST_VERSION.after(version.state, VersionEvent.ACTIVATE)
    if staff.casefold() == version.upload.loader.strip().casefold():
        raise NotAllowed("activator_must_differ")
    if version.based_on != head.active:
        raise Conflict("list_version_overtaken", active=head.active)
    unnamed = [warning for warning in version.warnings if warning not in despite]
    if unnamed:
        raise Conflict("list_version_held", reasons=tuple(unnamed))
    moved = replace(
        head,
        activated=(*head.activated, version.number),
        shards=version.shards,
        people=version.counts.people,
        as_of=version.received_at,
    )
    return moved, replace(version, state=state, activated_by=staff, activated_at=now)


def give_way(version: ListVersion) -> ListVersion:
    return replace(version, state=LIST_VERSION.after(version.state, VersionEvent.REPLACE))


def discard(version: ListVersion, staff: StaffId) -> ListVersion:
    state = LIST_VERSION.after(version.state, VersionEvent.DISCARD)
    return replace(version, state=state, discarded_by=staff)
