"""Lay down who joined, as people join, so that the list need not be read out of the table when a wave closes."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.layout import Flag
from chalicelib.domain.selection.rows import ENTRY
from chalicelib.domain.waves import shard_of
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.names import feed_folder


def feed_entries(changes: Sequence[Change], *, batch: str, files: DrawFiles) -> Sequence[Change]:
    """One file for each wave in the batch, by the batch's name: come again, it is written again. Who comes in two
    batches is found twice when the list is made, and is in it once.

    Those that cannot be read are told back. Whoever is missing here is found when the list is counted."""
    joined: defaultdict[int, list[tuple[object, ...]]] = defaultdict(list)
    unreadable: list[Change] = []
    for change in changes:
        if change.kind == "entry" and change.before is None:
            try:
                joined[int(change.facts["wave"])].append(_row(change))
            except (KeyError, ValueError):
                unreadable.append(change)
    for wave, entries in joined.items():
        rows = np.array(entries, ENTRY)
        files.write(f"{feed_folder(WaveNumber(wave))}{batch}-{len(rows)}.rows", rows.tobytes())
    return unreadable


def _row(change: Change) -> tuple[object, ...]:
    facts = change.facts
    return (
        bytes.fromhex(str(facts["pseudonym"])),
        bytes.fromhex(str(facts["family_pseudonym"])),
        str(facts["province_code"]).encode(),
        int(facts["group"]),
        Flag.WOMAN * int(facts["is_woman"]) + Flag.DISABLED * int(facts["is_disabled"]),
        int(facts["family_places_left"]),
        shard_of(ApplicantId(str(facts["applicant_id"]))),
        str(facts["applicant_id"]).encode(),
    )
