"""Take one step of a list's load: a piece of its file, or a shard of its people."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.lists import PIECE_BYTES, Phase
from chalicelib.ports import Indexer, ListEntries, ListFiles, Lists
from chalicelib.use_cases.lists.compare_shard import compare_shard
from chalicelib.use_cases.lists.read_piece import read_piece
from chalicelib.use_cases.lists.write_shard import write_shard


def load_list(
    name: ListName,
    number: int,
    phase: Phase,
    step: int,
    *,
    lists: Lists,
    files: ListFiles,
    entries: ListEntries,
    indexer: Indexer,
    piece_bytes: int = PIECE_BYTES,
) -> None:
    """Nothing happens when the version stands elsewhere by now. The next step is driven by the table's stream."""
    version = lists.get(name, number)
    if version is None:
        raise NotFound("list_version_unknown")
    if not version.stands_at(phase, step):
        return
    if phase is Phase.READ:
        read_piece(version, lists=lists, files=files, indexer=indexer, piece_bytes=piece_bytes)
    elif phase is Phase.COMPARE:
        compare_shard(version, lists=lists, files=files)
    else:
        write_shard(version, lists=lists, files=files, entries=entries)
