"""What a draw means for those who joined."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chalicelib.domain.identifiers import Pseudonym
from chalicelib.domain.selection.rows import EXCLUDED, WINNER, Rows, read_rows
from chalicelib.domain.waves import PSEUDONYM_BYTES, EntryEvent

_KEY = f"S{PSEUDONYM_BYTES}"
"""16 bytes that numpy can compare. Zeros at the end are cut off when one is told, and so on both sides alike."""
Keys = npt.NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class Outcome:
    event: EntryEvent
    reason: str | None = None


_CHOSEN = Outcome(EntryEvent.CHOOSE)
_NOT_DRAWN = Outcome(EntryEvent.PASS_OVER, "not_drawn")
_OUT_BY_LOT = Outcome(EntryEvent.PASS_OVER, "family_lot")
_OUT_BY_LIMIT = Outcome(EntryEvent.PASS_OVER, "family_limit")


class Outcomes:
    """Of one draw. Sixteen bytes for each winner, wherever they are: 13 MB for 800,000."""

    def __init__(self, winners: Sequence[bytes], excluded: bytes) -> None:
        """``winners``: the rows of each province, in order; ``excluded``: rows of the whole wave, in order."""
        self._winners = [_keys(read_rows(each, WINNER)) for each in winners]
        rows = read_rows(excluded, EXCLUDED)
        self._by_lot, self._by_limit = (_keys(rows[rows["is_lot"] == is_lot]) for is_lot in (1, 0))

    def of(self, pseudonyms: Sequence[Pseudonym]) -> list[Outcome]:
        asked = np.array([bytes.fromhex(each) for each in pseudonyms], _KEY)
        found = [_NOT_DRAWN] * len(pseudonyms)
        known = [*((each, _CHOSEN) for each in self._winners), (self._by_lot, _OUT_BY_LOT)]
        for keys, outcome in [*known, (self._by_limit, _OUT_BY_LIMIT)]:
            for place in np.flatnonzero(_are_among(keys, asked)):
                found[place] = outcome
        return found


def _keys(rows: Rows) -> Keys:
    return np.ascontiguousarray(rows["pseudonym"]).view(_KEY)


def _are_among(keys: Keys, asked: Keys) -> npt.NDArray[np.bool_]:
    if not len(keys):
        return np.zeros(len(asked), bool)
    places = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.asarray(keys[places] == asked)
