"""The largest pieces of freezing and drawing 18.9 million people, each alone, on files of a folder in place of S3."""

import json
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.rows import ENTRY, EXCLUDED, Rows
from chalicelib.domain.selection.sorting import in_byte_order, prefix_offsets
from chalicelib.domain.selection.stratum import Allotment
from chalicelib.domain.selection.work import DrawWork, Phase, PieceSizes
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.desk import done_name, found_by
from chalicelib.use_cases.selection.draw_one_province import draw_one_province
from chalicelib.use_cases.selection.gather_entries import gather_entries
from chalicelib.use_cases.selection.list_province import list_province
from infra.draw_plan.published_file import PublishedFile, published_file

_WORK = DrawWork(WaveNumber(4), pieces=1, began_at=datetime(2026, 3, 5, tzinfo=UTC))
_SIZES = PieceSizes()
_FEED_ROWS = 1_000
"""Of one file of the feed: what the stream brings at once."""


class FolderFiles:
    """What these pieces ask of :class:`DrawFiles`, from a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def read_part(self, name: str, *, start: int, length: int) -> bytes:
        with self._path(name).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def write(self, name: str, content: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(parts)

    def _path(self, name: str) -> Path:
        return self._folder / name.strip("/")


def prepare(path: Path) -> None:
    """What earlier phases would have left behind, beside the file at ``path``."""
    file = published_file(path)
    shutil.rmtree(_folder(path), ignore_errors=True)
    files = FolderFiles(_folder(path))
    largest = _largest(file)
    files.write(names.list_name(_WORK.wave, largest), file.list_of(largest).tobytes())
    families = file.families()
    out = np.zeros(len(families) // 2, EXCLUDED)
    out["pseudonym"] = np.sort(np.ascontiguousarray(families["pseudonym"]).view("S16"))[: len(out)].view("V16")
    files.write(names.excluded_name(_WORK.wave, 1), out.tobytes())
    _feed(files)
    _gathered(file, largest, files)


def _feed(files: FolderFiles) -> None:
    """Of one gathering piece: as many rows as it may have."""
    chance = np.random.default_rng(3)
    plan = []
    for number in range(_SIZES.gathered // _FEED_ROWS):
        rows = _entries(chance.bytes(16 * _FEED_ROWS), chance)
        rows["province"] = [f"{code}".encode() for code in chance.integers(11, 49, len(rows)).tolist()]
        plan.append(f"{names.feed_folder(_WORK.wave)}{number:05d}-{len(rows)}.rows")
        files.write(plan[-1], rows.tobytes())
    files.write(names.plan_name(_WORK.wave, 1), json.dumps({"pieces": [plan], "from_table": []}).encode())


def _gathered(file: PublishedFile, largest: str, files: FolderFiles) -> None:
    """Each piece's share of the largest province, and where all provinces would begin in it."""
    pieces = -(-int(file.frozen["entries"]) // _SIZES.gathered)
    pseudonyms = np.ascontiguousarray(file.list_of(largest)["pseudonym"])
    chance = np.random.default_rng(4)
    for piece in range(pieces):
        rows = _entries(pseudonyms[piece::pieces].tobytes(), chance)
        rows["province"] = largest.encode()
        offsets = prefix_offsets(rows["pseudonym"])
        files.write(names.gathered_name(_WORK.wave, 1, piece), rows.tobytes())
        found = {"rows": len(rows), "provinces": dict.fromkeys(file.begins, offsets), "families": offsets}
        files.write(done_name(_WORK, Phase.GATHER, piece), json.dumps(found).encode())


def _entries(pseudonyms: bytes, chance: np.random.Generator) -> Rows:
    rows = np.zeros(len(pseudonyms) // 16, ENTRY)
    rows["pseudonym"] = np.frombuffer(pseudonyms, "V16")
    rows["family"] = np.frombuffer(chance.bytes(len(pseudonyms)), "V16")
    rows["flags"], rows["group"] = chance.integers(0, 4, len(rows)), chance.integers(0, 4, len(rows))
    rows["places_left"], rows["shard"] = 2, chance.integers(0, 64, len(rows))
    rows["applicant"] = b"1." + b"a" * 46
    return rows


def _largest(file: PublishedFile) -> str:
    return max(file.begins, key=file.entries)


def _folder(path: Path) -> Path:
    return path.with_suffix(".pieces")


def _files(path: Path) -> DrawFiles:
    return cast(DrawFiles, FolderFiles(_folder(path)))


def _draw(path: Path) -> int:
    file = published_file(path)
    largest = _largest(file)
    entries = file.entries(largest)
    allotment = Allotment(entries // 9, disabled=entries // 300, women=entries // 18)
    lots = {"seed": "ab" * 32, "allotments": {largest: asdict(allotment)}}
    draw_one_province(_WORK, largest, file.frozen["provinces"][largest]["root"], lots, files=_files(path))
    return entries


def _list(path: Path) -> int:
    file = published_file(path)
    files, families = _files(path), file.families()
    pieces = -(-int(file.frozen["entries"]) // _SIZES.gathered)
    gathered = found_by(files, _WORK, Phase.GATHER, pieces)
    crowded = np.ascontiguousarray(families["pseudonym"][in_byte_order(families, "pseudonym")])
    found = list_province(_WORK, _largest(file), gathered, crowded, files=files, slice_rows=_SIZES.slice)
    assert found["entries"] == file.entries(_largest(file))
    return int(found["entries"])


def _gather(path: Path) -> int:
    return int(gather_entries(_WORK, 0, files=_files(path))["rows"])


def _timed(piece: Callable[[Path], int]) -> Callable[[Path], dict[str, Any]]:
    def work(path: Path) -> dict[str, Any]:
        begun = time.perf_counter()
        rows = piece(path)
        return {"rows": rows, "seconds": time.perf_counter() - begun}

    return work


PIECES: dict[str, Callable[..., dict[str, Any]]] = {
    "draw": _timed(_draw),
    "list": _timed(_list),
    "gather": _timed(_gather),
}
