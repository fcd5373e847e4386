"""What the load of a list costs: ``python -m tests.benchmarks.load_list [LINES]``, a JSON line per version.

The use cases and the real client of the bucket, over a folder instead of S3 and over tables in memory that keep no
entry: seconds and the peak of memory are our own. Calls are counted where they would leave: an object read or written,
25 entries, a version moved. The second version differs in 2 % of its lines.
"""

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from chalicelib.adapters.files.lists import S3ListFiles
from chalicelib.domain.identifiers import ListName, StaffId
from chalicelib.domain.list_entries import ListEntry
from chalicelib.domain.lists import VersionState
from chalicelib.use_cases.lists.activate_list import activate_list
from chalicelib.use_cases.lists.load_list import load_list
from chalicelib.use_cases.lists.receive_list import receive_list
from tests.builders import a_nik
from tests.fakes import World

LINES = 200_000
DIFFERS = 50
"""One line in so many."""
BSU = ListName("BSU")


class Folder:
    """What ``S3ListFiles`` asks of S3, in files."""

    def __init__(self, root: Path, calls: Counter[str]) -> None:
        self._root = root
        self._calls = calls

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self._calls["HeadObject"] += 1
        return {"ETag": "1", "ContentLength": self._path(Key).stat().st_size, "Metadata": {"loader": "ani"}}

    def get_object(self, *, Bucket: str, Key: str, Range: str = "", IfMatch: str = "") -> dict[str, Any]:
        self._calls["GetObject"] += 1
        file = self._path(Key).open("rb")
        if not Range:
            return {"Body": file}
        first, _, last = Range.removeprefix("bytes=").partition("-")
        file.seek(int(first))
        piece = file.read(int(last) - int(first) + 1)
        file.close()
        return {"Body": Piece(piece)}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> dict[str, Any]:
        self._calls["PutObject"] += 1
        self._path(Key).write_bytes(Body)
        return {}

    def _path(self, key: str) -> Path:
        path = self._root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


class Piece:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content


class Forgetful:
    """Takes entries 25 a call, and keeps none."""

    def __init__(self, calls: Counter[str]) -> None:
        self._calls = calls

    def add_each(self, entries: Iterable[ListEntry]) -> None:
        rest = iter(entries)
        while list(islice(rest, 25)):
            self._calls["BatchExecuteStatement"] += 1

    def of(self, nik: object) -> list[ListEntry]:
        return []


def lines_of(count: int, *, version: int) -> Iterator[str]:
    yield "nik,category,valid_from,valid_until\n"
    for number in range(1, count + 1):
        until = "2027-06-30" if version == 2 and number % DIFFERS == 0 else "2026-12-31"
        yield f"{a_nik(number)},wage_subsidy,2026-01-01,{until}\n"


def loaded(world: World, files: S3ListFiles, calls: Counter[str], key: str) -> dict[str, object]:
    calls.clear()
    began, cpu = time.perf_counter(), time.process_time()
    receive_list(key, lists=world.lists, files=files, clock=world.clock)
    calls["TransactWriteItems"] += 1
    longest = 0.0
    while (version := world.lists.newest_first(BSU, limit=1)[0]).is_loading:
        step_began = time.perf_counter()
        load_list(
            BSU,
            version.number,
            version.phase,
            version.step,
            lists=world.lists,
            files=files,
            entries=Forgetful(calls),
            indexer=world.indexer,
        )
        calls["GetItem"] += 1
        calls["PutItem"] += 1
        longest = max(longest, time.perf_counter() - step_began)
    assert version.state is VersionState.CHECKED, version.reason
    activate_list(BSU, version.number, StaffId("budi"), (), lists=world.lists, clock=world.clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    thousands = version.reading.lines / 1_000
    return {
        "version": version.number,
        "lines": version.reading.lines,
        "changes": version.counts.added + version.counts.changed + version.counts.removed,
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "longest_step_seconds": round(longest, 2),
        "peak_megabytes": peak,
        "calls": dict(calls),
        "calls_per_1000_lines": round(sum(calls.values()) / thousands, 2),
    }


def main(count: int) -> None:
    calls: Counter[str] = Counter()
    world = World()
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(Path(root), calls)
        files = S3ListFiles(folder, "files", sealer=None)  # type: ignore[arg-type]  # no line has an address
        print(json.dumps({"peak_megabytes_before": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
        for version in (1, 2):
            key = f"lists/incoming/BSU/v{version}.csv"
            with folder._path(key).open("w") as file:
                file.writelines(lines_of(count, version=version))
            print(json.dumps(loaded(world, files, calls, key)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
