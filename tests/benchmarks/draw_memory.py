"""What a draw takes of memory at most: the whole on one machine, and its largest pieces as Lambda would run them.

Each in a fresh process, which says at its end what it held at its most, interpreter and numpy included: ``VmHWM``
(``ru_maxrss`` would remember what the process was before it became this program). What is read of a mapped file counts
as held, though the system may take it back.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from infra.draw_plan.published_file import published_file
from infra.draw_plan.whole import draw_file
from infra.draw_plan.workers import cores
from tests.benchmarks import draw_pieces
from tests.benchmarks.figure import Figure
from tests.draw_bundles import SECRET

_MB = 1 << 20
_WHOLE_MB, _PIECE_MB, _ROW_BYTES = 2048, 512, 100


def memory(path: Path, entries: int) -> Iterator[Figure]:
    for name, processes in (("draw_memory", cores()), ("draw_memory_one_process", 1)):
        told = _in_a_process("whole", path, str(processes))
        # Each child by itself holds no more than the largest does; what they share is counted in each.
        held = told["self"] + (processes * told["child"] if processes > 1 else 0)
        unit = f"MB at most, {processes} processes and their parent" if processes > 1 else "MB at most, one process"
        yield Figure(name, held / _MB, _WHOLE_MB, unit, 1)
        yield Figure(f"{name}_a_row", held / entries, _ROW_BYTES, "bytes for each person, the same", 1)
    draw_pieces.prepare(path)
    for piece in draw_pieces.PIECES:
        told = _in_a_process(piece, path)
        unit = f"MB at most, {told['rows']:,} rows in {told['seconds']:.1f} s"
        yield Figure(f"draw_piece_memory_{piece}", told["self"] / _MB, _PIECE_MB, unit, 1)


def _in_a_process(what: str, path: Path, *more: str) -> Any:
    command = [sys.executable, "-m", "tests.benchmarks.draw_memory", what, str(path), *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, timeout=600).stdout)


def _whole(path: Path, processes: str) -> dict[str, Any]:
    draw_file(published_file(path), SECRET, "ab" * 32, processes=int(processes))
    return {}


def main(what: str, *arguments: str) -> None:
    work: Callable[..., dict[str, Any]] = _whole if what == "whole" else draw_pieces.PIECES[what]
    told = work(Path(arguments[0]), *arguments[1:])
    status = Path("/proc/self/status").read_text("ascii")
    told["self"] = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    told["child"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
