"""Share the feed's files among pieces, so that each puts about as many rows in order."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import DrawWork, PieceSizes
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.desk import read_json
from chalicelib.use_cases.selection.names import feed_folder, plan_name

_FROM_TABLE = re.compile(r"/table-(?P<run>\d+)-(?P<shard>\d+)-\d+\.rows$")


@dataclass(frozen=True, slots=True)
class GatheringPlan:
    """``pieces``: names of files. ``from_table``: shards that were read from the table: what the stream told of these
    does not count."""

    pieces: Sequence[Sequence[str]]
    from_table: Sequence[int]


def table_file(work: DrawWork, shard: int, rows: int) -> str:
    """A shard's entries as the table has them, when this run had counted others."""
    return f"{feed_folder(work.wave)}table-{work.run}-{shard:02d}-{rows}.rows"


def is_from_table(name: str) -> bool:
    return _FROM_TABLE.search(name) is not None


def plan_gathering(wave: WaveNumber, run: int, *, files: DrawFiles, sizes: PieceSizes) -> int:
    """How many pieces there are. The plan of a run that was made first stands, whoever else makes one; what comes into
    the feed later is missed when the list is counted."""
    names, shards = _counting(files.names(feed_folder(wave)))
    plan = {"pieces": _shared_out(names, sizes), "from_table": shards}
    kept = files.keep(plan_name(wave, run), json.dumps(plan, separators=(",", ":")).encode())
    return len(json.loads(kept)["pieces"])


def gathering_plan(work: DrawWork, files: DrawFiles) -> GatheringPlan:
    return GatheringPlan(**read_json(files, plan_name(work.wave, work.run)))


def _counting(names: Iterable[str]) -> tuple[list[str], list[int]]:
    """Without what was read from the table for an earlier run, where a later one read it again."""
    told: list[str] = []
    newest: dict[int, tuple[int, str]] = {}
    for name in names:
        found = _FROM_TABLE.search(name)
        if found is None:
            told.append(name)
        else:
            shard = int(found["shard"])
            newest[shard] = max(newest.get(shard, (0, "")), (int(found["run"]), name))
    return told + [name for _, name in newest.values()], sorted(newest)


def _shared_out(names: Iterable[str], sizes: PieceSizes) -> list[list[str]]:
    pieces: list[list[str]] = [[]]
    rows = 0
    for name in names:
        if rows and (rows + _rows_in(name) > sizes.gathered or len(pieces[-1]) >= sizes.files):
            pieces.append([])
            rows = 0
        pieces[-1].append(name)
        rows += _rows_in(name)
    return pieces


def _rows_in(name: str) -> int:
    """A file of the feed says it in its name: ``<batch>-<rows>.rows``."""
    return int(name.rpartition("-")[2].removesuffix(".rows"))
