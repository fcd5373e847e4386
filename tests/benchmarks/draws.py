"""A whole draw from a file, against hashing as many pseudonyms with hashlib and nothing else."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from infra.draw_plan.published_file import PublishedFile, published_file
from infra.draw_plan.whole import draw_file
from infra.draw_plan.workers import cores
from tests.benchmarks.draw_memory import memory
from tests.benchmarks.draw_sortition import against_sortition
from tests.benchmarks.draw_waves import QUOTA, wave_file
from tests.benchmarks.figure import Figure
from tests.draw_bundles import SECRET

SIZES: Mapping[str, int] = {"400k": 400_000, "1400k": 1_400_000, "6700k": 6_700_000, "18900k": 18_900_000}
_ROUNDS = {"400k": 7, "1400k": 5, "6700k": 3, "18900k": 3}
_FREE_BYTES = 4 << 30
_VALUE = "ab" * 32
_AT_ONCE = 100_000
Taken = Any
"""Seconds of wall and of CPU time: two numbers that numpy adds up."""


def draws() -> Iterator[Figure]:
    """``draw_<size>``: with a process on each core; ``_one_process``: the same work in one, as the floor is."""
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, entries in SIZES.items():
            if entries > 10_000_000 and _free_bytes() < _FREE_BYTES:
                print(f"  draw_{name} was not measured: {_free_bytes() >> 20} MB are free", file=sys.stderr)
                continue
            path = wave_file(Path(folder), entries)
            for figure, ratio in _measured(name, published_file(path), _ROUNDS[name]):
                yield figure
                ratios[name] = ratio
            if entries == max(SIZES.values()):
                yield from memory(path, entries)
            path.unlink()
    yield from _growth(ratios)
    yield from against_sortition()


def _measured(name: str, file: PublishedFile, rounds: int) -> Iterator[tuple[Figure, float]]:
    """Wall time with all cores; CPU time in one process, which the machine's other work hardly disturbs."""
    entries = int(file.frozen["entries"])
    taken: dict[str, list[tuple[Taken, Taken]]] = {"": [], "_one_process": []}
    for turn in range(rounds):
        print(f"  draw_{name}, round {turn + 1} of {rounds}", file=sys.stderr)
        before = _hashed(file)
        for way, processes in (("", None), ("_one_process", 1)):
            ours = _drawn(file, processes)
            after = _hashed(file)
            taken[way].append((ours, (before + after) / 2))
            before = after
    wall = [(float(ours[0]), float(floor[0])) for ours, floor in taken[""]]
    cpu = [(float(ours[1]), float(floor[1])) for ours, floor in taken["_one_process"]]
    unit = f"seconds for {entries:,} people, {cores()} processes"
    yield _figure(f"draw_{name}", wall, unit, 1.25)
    yield _figure(f"draw_{name}_one_process", cpu, f"CPU seconds for {entries:,} people, one process", None)


def _figure(name: str, rounds: list[tuple[float, float]], unit: str, aim: float | None) -> tuple[Figure, float]:
    ratio = statistics.median(ours / floor for ours, floor in rounds)
    floor = statistics.median(floor for _, floor in rounds)
    return Figure(name, ratio * floor, floor, unit, aim), ratio


def _drawn(file: PublishedFile, processes: int | None) -> Taken:
    """``CPU`` is this process's own."""
    begun = _now()
    whole = draw_file(file, SECRET, _VALUE, processes=processes)
    taken = _now() - begun
    assert sum(map(len, whole.winners.values())) == 16 * QUOTA
    return taken


def _now() -> Taken:
    return np.array([time.perf_counter(), time.process_time()])


def _hashed(file: PublishedFile) -> Taken:
    """Only the hashing is timed; pseudonyms lie ready, a hundred thousand at a time."""
    taken = np.zeros(2)
    for code in file.begins:
        pseudonyms = file.list_of(code)["pseudonym"]
        for start in range(0, len(pseudonyms), _AT_ONCE):
            ready = np.ascontiguousarray(pseudonyms[start : start + _AT_ONCE]).tolist()
            begun = _now()
            for each in ready:
                sha256(each).digest()
            taken += _now() - begun
    return taken


def _growth(ratios: Mapping[str, float]) -> Iterator[Figure]:
    """CPU of one process a person, of the most people against the fewest, each by its own floor."""
    if len(ratios) > 1:
        smallest, *_, largest = ratios
        unit = f"times the floor, {largest} against {smallest}"
        yield Figure("draw_growth", ratios[largest], ratios[smallest], unit, 1.25)


def _free_bytes() -> int:
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
