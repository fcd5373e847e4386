"""Freezing and drawing as a walk of phases, each of pieces that are done side by side and in any order.

Where a wave's work stands is one item. A piece that comes late or twice finds that it is done, or that the work is
elsewhere, and does nothing. What follows from a phase begun is driven by the table's stream.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.lifecycle import LifeCycle

MOST_RUNS = 4
"""A list that is not whole is gathered again, with what was missing. After so many times something else is wrong."""


@dataclass(frozen=True, slots=True)
class PieceSizes:
    """In rows: so that each piece has its place in 512 MB and its time in five minutes."""

    gathered: int = 300_000
    """Of the feed that one piece puts in order: 26 MB, three times that while it is at it."""
    files: int = 3_000
    """Of the feed that one piece reads: while people trickle in, a file has a row or two."""
    slice: int = 250_000
    """Of one province that are put in order at once."""
    provinces: int = 1_000_000
    """Of provinces that one piece deals with; a larger one is a piece alone."""


class Phase(StrEnum):
    GATHER = "gather"
    """The feed's files, by province and by family."""
    FAMILIES = "families"
    """Families of which too many joined."""
    LISTS = "lists"
    """Each province's list, in order."""
    COUNT = "count"
    """Whether everybody in the table is in a list."""
    SEAL = "seal"
    """Published with its root."""
    SEALED = "sealed"
    LOTS = "lots"
    """Seed, families, places of each province."""
    DRAWS = "draws"
    """Each province's strata and winners."""
    PUBLISH = "publish"
    DONE = "done"


class WorkEvent(StrEnum):
    GO_ON = "go_on"
    GATHER_AGAIN = "gather_again"
    DRAW_AGAIN = "draw_again"


_WAY = (
    Phase.GATHER,
    Phase.FAMILIES,
    Phase.LISTS,
    Phase.COUNT,
    Phase.SEAL,
    Phase.SEALED,
    Phase.LOTS,
    Phase.DRAWS,
    Phase.PUBLISH,
    Phase.DONE,
)
DRAW_WORK = LifeCycle(
    "draw_work",
    {
        **{(here, WorkEvent.GO_ON): there for here, there in pairwise(_WAY)},
        (Phase.SEAL, WorkEvent.GATHER_AGAIN): Phase.GATHER,
        (Phase.DONE, WorkEvent.DRAW_AGAIN): Phase.LOTS,
    },
)


@dataclass(frozen=True, slots=True)
class DrawWork:
    """``pieces``: of the present phase. ``run``: how often the list was gathered; ``attempt``: of the draw."""

    wave: WaveNumber
    pieces: int
    began_at: datetime
    run: int = 1
    attempt: int = 1
    state: Phase = Phase.GATHER
    version: int = 0

    def stands_at(self, phase: Phase, run: int, attempt: int) -> bool:
        return (self.state, self.run, self.attempt) == (phase, run, attempt)


def go_on(work: DrawWork, *, pieces: int, now: datetime) -> DrawWork:
    return replace(work, state=DRAW_WORK.after(work.state, WorkEvent.GO_ON), pieces=pieces, began_at=now)


def gather_again(work: DrawWork, *, pieces: int, now: datetime) -> DrawWork:
    state = DRAW_WORK.after(work.state, WorkEvent.GATHER_AGAIN)
    return replace(work, state=state, pieces=pieces, run=work.run + 1, began_at=now)


def draw_again(work: DrawWork, *, attempt: int, now: datetime) -> DrawWork:
    """The first draw of a sealed list, or another after an annulled one."""
    event = WorkEvent.GO_ON if work.state is Phase.SEALED else WorkEvent.DRAW_AGAIN
    return replace(work, state=DRAW_WORK.after(work.state, event), attempt=attempt, pieces=1, began_at=now)
