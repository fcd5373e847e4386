"""What one person is told of their own place in a wave: enough to find it in the published draw, and to check it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.selection.merkle import Step
from chalicelib.domain.waves import EntryState, Wave, WaveEntry, WaveState


class Standing(StrEnum):
    """How somebody stands in a wave, as far as it is announced."""

    JOINED = "joined"
    LISTED = "listed"
    """In the frozen list."""
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    EXCLUDED = "excluded"


OUT_OF_DRAW = frozenset({"family_lot", "family_limit"})
"""Reasons of those who took no part: their family had no place left for them."""
_OUTCOMES = {
    EntryState.CHOSEN: Standing.CHOSEN,
    EntryState.NOT_CHOSEN: Standing.NOT_CHOSEN,
    EntryState.EXCLUDED: Standing.EXCLUDED,
}


def standing_of(wave: Wave, entry: WaveEntry) -> Standing:
    if entry.state in _OUTCOMES:
        is_out = entry.state is EntryState.NOT_CHOSEN and entry.reason in OUT_OF_DRAW
        return Standing.EXCLUDED if is_out else _OUTCOMES[entry.state]
    return Standing.LISTED if is_frozen(wave) else Standing.JOINED


def is_frozen(wave: Wave) -> bool:
    return wave.state in (WaveState.FROZEN, WaveState.DRAWN, WaveState.ANNOUNCED)


def is_told(wave: Wave, entry: WaveEntry) -> bool:
    """Whether somebody's own result is out: ticket and rank come with it, never before."""
    return wave.state is WaveState.ANNOUNCED and entry.state is not EntryState.JOINED


@dataclass(frozen=True, slots=True)
class Proof:
    """That a page stands in the frozen list: section 3 of ``docs/draw.md``. Pages are numbered from 0."""

    page: bytes
    page_number: int
    steps_to_province: Sequence[Step]
    steps_to_root: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Listing:
    """Somebody's row in the frozen list."""

    group: int
    class_: int
    in_families: bool
    proof: Proof


@dataclass(frozen=True, slots=True)
class Lot:
    """What the draw says of somebody. ``rank``: among those who stand in the stratum, from 1; None for whoever does
    not stand. ``standing``, ``places`` and ``cut_off`` are the stratum's."""

    seed: bytes
    ticket: bytes
    rank: int | None
    standing: int
    places: int
    cut_off: str | None

    @property
    def odds_permille(self) -> int | None:
        """Before anybody knew the seed. To the nearest whole number."""
        return (2000 * self.places + self.standing) // (2 * self.standing) if self.standing else None


@dataclass(frozen=True, slots=True)
class WaveReceipt:
    """``listing``: None before the list is frozen, and when its files are gone; ``lot``: until the result is told."""

    wave: Wave
    entry: WaveEntry
    standing: Standing
    listing: Listing | None
    lot: Lot | None
