"""Rows as they lie in files. Public ones are those of ``docs/draw.md``; the others never leave the platform.

Pseudonyms are uniformly random, so that a row in a list that is in order is found by about where it must lie.
"""

from typing import Any

import numpy as np

from chalicelib.domain.selection.layout import Flag
from chalicelib.domain.waves import WaveEntry

Rows = np.ndarray[tuple[int], np.dtype[Any]]
"""Of one of the kinds below."""


LIST = np.dtype([("pseudonym", "V16"), ("group", "u1"), ("flags", "u1")])
FAMILY = np.dtype([("family", "V16"), ("pseudonym", "V16"), ("province", "S2"), ("group", "u1"), ("places_left", "u1")])
WINNER = np.dtype([("pseudonym", "V16")])

ENTRY = np.dtype(
    [
        ("pseudonym", "V16"),
        ("family", "V16"),
        ("province", "S2"),
        ("group", "u1"),
        ("flags", "u1"),
        ("places_left", "u1"),
        ("shard", "u1"),
        ("applicant", "S50"),
    ]
)
"""Who joined, as the feed notes it: 88 bytes."""
KIN = np.dtype([*FAMILY.descr, ("flags", "u1")])
"""A family's member, with what ``FAMILY`` does not tell."""
PERSON = np.dtype("S50")
"""An applicant's id, in the order of the province's list."""
ORDER = np.dtype([("ticket", ">u8"), ("place", "<u4")])
"""Those who stand, by stratum and ticket: the ticket's first 8 bytes, and the person's place in the province's list."""
EXCLUDED = np.dtype([("pseudonym", "V16"), ("is_lot", "u1")])
"""Families' members who are out of the draw: by lot, or because no place was left."""


def entry_row(entry: WaveEntry, shard: int) -> tuple[Any, ...]:
    flags = Flag.WOMAN * entry.is_woman | Flag.DISABLED * entry.is_disabled
    return (
        bytes.fromhex(entry.pseudonym),
        bytes.fromhex(entry.family_pseudonym),
        entry.province_code.encode(),
        entry.group,
        int(flags),
        entry.family_places_left,
        shard,
        entry.applicant_id.encode(),
    )


def read_rows(content: bytes, kind: np.dtype[Any]) -> Rows:
    return np.frombuffer(content, kind)
