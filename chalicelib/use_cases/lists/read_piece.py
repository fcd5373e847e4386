"""Read one piece of a list's file: check its lines, and lay their rows down by shard."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.errors import InvalidInput, Rejected
from chalicelib.domain.list_judgement import check_digest
from chalicelib.domain.list_lines import Dialect, dialect_of, whole_lines
from chalicelib.domain.list_rows import Flaw, ListRow, shard_of
from chalicelib.domain.lists import MOST_LINES, PIECE_BYTES, ListVersion, Phase, Reading, go_on, refuse
from chalicelib.ports import Indexer, ListFiles, Lists
from chalicelib.use_cases.lists.flaws import with_flaws
from chalicelib.use_cases.lists.names import piece_name
from chalicelib.use_cases.lists.rows_of import LineReader

MOST_VERSIONS = 100


def read_piece(
    version: ListVersion, *, lists: Lists, files: ListFiles, indexer: Indexer, piece_bytes: int = PIECE_BYTES
) -> None:
    """One write moves the version on; whatever the file is instead of a list, refuses it."""
    try:
        moved = _read(version, files, indexer, piece_bytes)
        if moved.phase is Phase.COMPARE:
            moved = check_digest(moved, lists.newest_first(version.list, limit=MOST_VERSIONS, before=version.number))
    except Rejected as fault:
        moved = refuse(version, fault.code, **_told(fault))
    lists.save(moved)


def _told(fault: Rejected) -> dict[str, str | int]:
    return {name: each if isinstance(each, int) else str(each) for name, each in fault.details.items()}


def _read(version: ListVersion, files: ListFiles, indexer: Indexer, piece_bytes: int) -> ListVersion:
    reading, upload = version.reading, version.upload
    piece = files.read(upload, start=reading.offset, length=piece_bytes)
    is_last = reading.offset + len(piece) >= upload.size_bytes
    dialect, begins = _form(reading, piece)
    texts, used = whole_lines(piece[begins:], is_last=is_last, first_line=reading.lines + 2)
    rows, flaws = LineReader(version.list, dialect, indexer).read(texts, first_line=reading.lines + 2)
    if is_last and not piece.endswith(b"\n"):
        _check_whole(texts, flaws, reading)
    _lay_down(version, rows, files)
    moved = with_flaws(version, flaws, files=files)
    now_read = _after(reading, piece[: begins + used], len(texts), dialect)
    return _next(replace(moved, reading=now_read), is_last=is_last)


def _form(reading: Reading, piece: bytes) -> tuple[Dialect, int]:
    if reading.columns:
        return Dialect(reading.delimiter, reading.columns), 0
    return dialect_of(piece)


def _after(reading: Reading, taken: bytes, lines: int, dialect: Dialect) -> Reading:
    digest = hashlib.sha256(reading.digest.encode() + taken).hexdigest()
    offset, total = reading.offset + len(taken), reading.lines + lines
    if total > MOST_LINES:
        raise InvalidInput("list_too_many_lines", most=MOST_LINES)
    return Reading(offset, total, digest, dialect.delimiter, dialect.columns)


def _check_whole(texts: Sequence[str], flaws: Sequence[Flaw], reading: Reading) -> None:
    """A last line without an end is no fault; one that is cut as well is what an upload leaves that broke off."""
    last = reading.lines + 1 + len(texts)
    if flaws and flaws[-1].line == last:
        raise InvalidInput("list_file_truncated", line=last)


def _lay_down(version: ListVersion, rows: Sequence[ListRow], files: ListFiles) -> None:
    by_shard: defaultdict[int, list[ListRow]] = defaultdict(list)
    for row in rows:
        by_shard[shard_of(row.nik, version.shards)].append(row)
    for shard in range(version.shards):
        files.write_rows(piece_name(version, version.step, shard), by_shard[shard])


def _next(version: ListVersion, *, is_last: bool) -> ListVersion:
    if not is_last:
        return go_on(version, Phase.READ, version.step + 1)
    lines, stated = version.reading.lines, version.upload.stated_lines
    if lines == 0:
        raise InvalidInput("list_file_empty")
    if stated and stated != lines:
        raise InvalidInput("list_file_truncated", line=lines + 1)
    return replace(go_on(version, Phase.COMPARE, 0), pieces=version.step + 1)
