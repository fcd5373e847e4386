"""``planted-bugs``: each bug is put into towns of its own until a checker finds it, and names it."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulation.life.bugs import draws, money, people
from tests.simulation.life.bugs.planting import BUGS
from tests.simulation.life.fleet import each_of, with_progress

_MODULES = (draws, money, people)
SHARE_OF = 10
"""Of so many seeds it is told in how many it was found; not found there, it is sought on."""
_MOST = 3_000
_LIVENESS = {"L1", "L2"}


@dataclass(frozen=True)
class Find:
    bug: str
    first_seed: int | None
    found: int
    seeds: int
    by: tuple[str, ...]
    words: str


def planted_bugs(options: Namespace) -> Iterator[str]:
    names = sorted(BUGS)
    finds = each_of(seek, names, processes=options.processes)
    missed = 0
    yield f"{'bug':28} {'first seed':>10} {'found in':>10}  by"
    for find in with_progress(finds, len(names), is_shown=not options.json):
        is_found = bool(set(find.by) & _meant(find.bug))
        missed += not is_found
        note = "" if is_found else "   NOT FOUND BY ITS CHECKER"
        yield f"{find.bug:28} {find.first_seed!s:>10} {find.found:>4} of {find.seeds:<3}  {', '.join(find.by)}{note}"
    yield f"{len(names)} bugs, {len(names) - missed} found"
    if missed:
        raise SystemExit(1)


def _meant(bug: str) -> set[str]:
    """Both of liveness are one: what outlives the faults is found at once, or in the end."""
    meant = set(BUGS[bug].found_by)
    return meant | _LIVENESS if meant & _LIVENESS else meant


def seek(name: str) -> Find:
    from tests.simulation.life.run import run_seed

    first, words, by, found, seed = None, "", Counter[str](), 0, 0
    while seed < SHARE_OF or (first is None and seed < _MOST):
        seed += 1
        problem = run_seed(seed, plant=BUGS[name].plant).problem
        if problem:
            first, found, words = first or seed, found + 1, words or problem
            by[problem.partition(":")[0]] += 1
    return Find(name, first, found, seed, tuple(each for each, _ in by.most_common()), words)
