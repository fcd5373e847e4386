"""Many seeds, on as many processors as there are. What each says does not depend on who else runs."""

import gc
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from typing import Any

_RENEWED_AFTER = 2_000
"""Seeds, after which a process begins anew: what it keeps does not grow for ever."""
_COLLECTED_AFTER = 20
_done = count()


def each_of(work: Callable[[Any], Any], of: Iterable[Any], *, processes: int) -> Iterator[Any]:
    """In whatever order they come to an end."""
    careful = partial(_without_pauses, work)
    if processes <= 1:
        yield from map(careful, of)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, maxtasksperchild=_RENEWED_AFTER) as pool:
        yield from pool.imap_unordered(careful, of, chunksize=1)


def _without_pauses(work: Callable[[Any], Any], what: Any) -> Any:
    """Rubbish is collected between seeds: amid them the collector takes a fifth of all time, and finds nothing."""
    if next(_done) % _COLLECTED_AFTER == 0:
        gc.enable()
        gc.collect()
    gc.disable()
    try:
        return work(what)
    finally:
        gc.enable()


def with_progress(outcomes: Iterable[Any], total: int, *, is_shown: bool) -> Iterator[Any]:
    """A line on the terminal that is written over."""
    step = max(1, total // 100)
    for number, outcome in enumerate(outcomes, start=1):
        if is_shown and (number % step == 0 or number == total):
            filled = 30 * number // total
            bar = "#" * filled + "." * (30 - filled)
            sys.stderr.write(f"\r[{bar}] {number}/{total}")
            sys.stderr.flush()
        yield outcome
    if is_shown:
        sys.stderr.write("\n")
