"""Count the lists against the table, and tell the feed of whom it missed."""

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from chalicelib.domain.selection.rows import ENTRY, entry_row
from chalicelib.domain.selection.work import MOST_RUNS, DrawWork
from chalicelib.domain.waves import SHARDS
from chalicelib.use_cases.selection.desk import DrawDesk, Found
from chalicelib.use_cases.selection.plan_gathering import table_file

_AT_ONCE = 10_000


def count_entries(work: DrawWork, piece: int, listed: Mapping[str, Found], desk: DrawDesk) -> Found:
    """Of this piece's shards those of which the lists have another count than the table, which is what counts. They are
    fed from the table itself, for the next run, and what the stream told of them counts no more."""
    counts = np.sum([np.zeros(SHARDS, np.int64), *(each["shards"] for each in listed.values())], axis=0)
    mine = range(piece, SHARDS, work.pieces)
    differing = [shard for shard in mine if counts[shard] != desk.waves.count_in_shard(work.wave, shard)]
    if work.run < MOST_RUNS:
        for shard in differing:
            _feed_again(work, shard, desk)
    return {"differing": differing}


def _feed_again(work: DrawWork, shard: int, desk: DrawDesk) -> None:
    parts = list(_rows(work, shard, desk))
    rows = sum(len(part) for part in parts) // ENTRY.itemsize
    desk.files.write(table_file(work, shard, rows), b"".join(parts))


def _rows(work: DrawWork, shard: int, desk: DrawDesk) -> Iterator[bytes]:
    entries = iter(desk.waves.entries_in_shard(work.wave, shard))
    while some := [entry_row(entry, shard) for entry in islice(entries, _AT_ONCE)]:
        yield np.array(some, ENTRY).tobytes()
