"""Make the list of one province: everybody who joined there, in order, once."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np

from chalicelib.domain.selection.merkle import page_hashes, root_of
from chalicelib.domain.selection.rows import ENTRY, LIST, Flag, Rows, read_rows
from chalicelib.domain.selection.sorting import among, in_byte_order, same_as_before
from chalicelib.domain.selection.strata import counted
from chalicelib.domain.selection.work import DrawWork
from chalicelib.domain.waves import SHARDS
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.desk import Found
from chalicelib.use_cases.selection.names import draft_name, gathered_name

_PREFIXES = 256


def list_province(
    work: DrawWork,
    province: str,
    gathered: Sequence[Found],
    crowded: Rows,
    *,
    files: DrawFiles,
    slice_rows: int,
) -> Found:
    """``crowded``: pseudonyms, in order, of people in families of which too many joined. A slice at a time: pseudonyms
    are random, so each first byte has about as many."""
    # What is written into these can be had as bytes without a copy: together they are half of a function's memory.
    list_file, people_file = BytesIO(), BytesIO()
    shards = np.zeros(SHARDS, np.int64)
    for entries in _slices(work, province, gathered, files, slice_rows):
        listed = np.empty(len(entries), LIST)
        for name in LIST.names or ():
            listed[name] = entries[name]
        listed["flags"] |= np.uint8(Flag.IN_FAMILIES) * among(listed["pseudonym"], crowded)
        list_file.write(listed.tobytes())
        people_file.write(np.ascontiguousarray(entries["applicant"]).tobytes())
        shards += np.bincount(entries["shard"], minlength=SHARDS)
    rows = list_file.getvalue()
    leaves = page_hashes(rows)
    for kind, content in (("list", rows), ("people", people_file.getvalue()), ("leaves", b"".join(leaves))):
        files.write(draft_name(work.wave, work.run, kind, province), content)
    counts = counted(read_rows(rows, LIST))
    return {
        "entries": len(rows) // LIST.itemsize,
        "root": root_of(leaves).hex(),
        "counts": [[group, class_, count] for (group, class_), count in sorted(counts.items())],
        "shards": shards.tolist(),
    }


def _slices(
    work: DrawWork, province: str, gathered: Sequence[Found], files: DrawFiles, slice_rows: int
) -> Iterator[Rows]:
    spans = [
        (number, found["provinces"][province])
        for number, found in enumerate(gathered)
        if province in found["provinces"]
    ]
    total = sum(offsets[-1] - offsets[0] for _, offsets in spans)
    slices = min(_PREFIXES, -(-total // slice_rows))
    for slice_ in range(slices):
        begin, end = _PREFIXES * slice_ // slices, _PREFIXES * (slice_ + 1) // slices
        parts = [_part(work, number, offsets[begin], offsets[end], files) for number, offsets in spans]
        entries = np.concatenate(parts)
        entries = entries[in_byte_order(entries, "pseudonym")]
        yield entries[~same_as_before(entries["pseudonym"])]


def _part(work: DrawWork, piece: int, start: int, end: int, files: DrawFiles) -> Rows:
    name = gathered_name(work.wave, work.run, piece)
    content = files.read_part(name, start=start * ENTRY.itemsize, length=(end - start) * ENTRY.itemsize)
    return read_rows(content, ENTRY)
