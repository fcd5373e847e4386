"""What a day's reconciliation costs: ``python -m tests.benchmarks.reconcile [LINES]``.

A statement of a million lines as a bank sends it, as many requests (three notes each, as the payouts' stream tells
them) and as many postings, all packed and compared as the function does; the files are read from a folder in pieces.
One line in 10,000 differs. Seconds and the peak of memory are of a process of its own for each size.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.comparison import compare
from chalicelib.domain.reconciliation.journals import pile_postings, pile_requests, request_row
from chalicelib.domain.reconciliation.movements import Piles
from chalicelib.domain.reconciliation.theirs import pile_statement
from chalicelib.domain.reconciliation.verdicts import Tally
from chalicelib.domain.statement_lines import COLUMNS
from tests.benchmarks.figure import Figure

LINES = 1_000_000
SIZES = (250_000, 500_000, LINES)
DAY = date(2026, 3, 2)
PIECE_BYTES = 1 * 1024 * 1024
_DIFFERS = 10_000
_AT = "2026-03-02T10:00:00+07:00"


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


def write_books(folder: Path, count: int) -> None:
    with (folder / "statement.csv").open("w") as statement:
        statement.write(",".join(COLUMNS) + "\n")
        for n in range(count):
            amount = 600_001 if n % _DIFFERS == 1 else 600_000
            statement.write(f"2026-03-02,bni,{_reference(n)},R{n:012d},{amount}.00,0.00,success,{_AT},\n")
    with (folder / "requests.tsv").open("w") as requests, (folder / "postings.jsonl").open("w") as postings:
        for n in range(count):
            for version, state in enumerate(("submitting", "unknown", "settled"), start=3):
                requests.write(_request(n, state, version))
            postings.write(json.dumps(_posting(n)) + "\n")


def _reference(n: int) -> str:
    return reference_of(_payout_id(n), 1)


def _payout_id(n: int) -> str:
    return f"1.{n:043d}"


def _request(n: int, state: str, version: int) -> str:
    return request_row(_reference(n), amount=600_000, state=state, day=DAY, payout_id=_payout_id(n), version=version)


def _posting(n: int) -> dict[str, object]:
    return {
        "key": f"incentive-paid/1.{n:043d}/1",
        "owner": f"1.person{n:037d}",
        "account": "incentive_due",
        "against": "bank:bni",
        "adds": False,
        "amount": 600_000,
        "posted_at": "2026-03-02T03:00:00+00:00",
        "number": 3,
    }


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        write_books(folder, count)
        began, cpu = time.perf_counter(), time.process_time()
        piles, tally = Piles(), Tally()
        pile_statement(_pieces(folder / "statement.csv"), piles, bank="bni", day=DAY)
        pile_requests(_pieces(folder / "requests.tsv"), piles)
        pile_postings(_pieces(folder / "postings.jsonl"), piles, bank="bni")
        differences = sum(1 for _ in compare(piles, DAY, elsewhere=frozenset(), tally=tally))
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"lines": count, "seconds": round(seconds, 2), "cpu_seconds": round(cpu_seconds, 2)}
    print(json.dumps({**found, "peak_megabytes": round(peak), "differences": differences, **tally.counts}))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
