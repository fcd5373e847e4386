"""What a day's reconciliation costs: ``python -m tests.benchmarks.reconcile [LINES]``.

A statement of a million lines as a bank sends it, and for this day and each of its neighbours (the day before and the
day after) as many requests (three notes each, as the payouts' stream tells them) and as many postings: compared by the
use case, as the function does, from files in a folder. One line in 10,000 differs, and one is the neighbour's. Seconds
and the peak of memory are of a process of its own for each size.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from chalicelib.use_cases.reconciliation.reconcile_day import reconcile_day
from tests.benchmarks.figure import Figure
from tests.benchmarks.reconcile_books import DAY, desk_of, write_books

LINES = 1_000_000
SIZES = (250_000, 500_000, LINES)


def reconcile() -> Iterator[Figure]:
    """Against the aims of a minute and a gigabyte; linear: seconds a line at the largest size over those at the
    smallest."""
    found = {size: _in_a_process(size) for size in SIZES}
    largest, smallest = found[LINES], found[SIZES[0]]
    yield Figure("reconcile_seconds", largest["seconds"], 60, "s of 60 for a million lines", 1.0)
    yield Figure("reconcile_memory", largest["peak_megabytes"], 1_000, "MB of 1,000", 1.0)
    per_line = (largest["seconds"] / LINES, smallest["seconds"] / SIZES[0])
    yield Figure("reconcile_linear", per_line[0] * 1e6, per_line[1] * 1e6, "us a line, 1 M against 0.25 M", 1.15)


def _in_a_process(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.reconcile", str(size)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as root:
        write_books(Path(root), count)
        desk = desk_of(Path(root))
        began, cpu = time.perf_counter(), time.process_time()
        reconcile_day("bni", DAY, 1, None, desk=desk)
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"lines": count, "seconds": round(seconds, 2), "cpu_seconds": round(cpu_seconds, 2)}
    counts = desk.reconciliations.day("bni", DAY).counts
    print(json.dumps({**found, "peak_megabytes": round(peak), **counts}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
