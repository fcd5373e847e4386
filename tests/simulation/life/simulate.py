"""``simulate`` and ``replay``: seeds on either engine, those that failed once first."""

import json
import math
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.simulation.life.fleet import each_of, with_progress
from tests.simulation.life.run import Outcome, run_seed

KEPT = Path(__file__).with_name("kept_seeds.txt")
"""Seeds that found something once, with what it was: they are run first, for ever."""
_MOST_TOLD = 5


def kept_seeds() -> list[int]:
    lines = (line.partition("#")[0].strip() for line in KEPT.read_text("utf-8").splitlines())
    return [int(line) for line in lines if line]


def simulate(options: Namespace) -> Iterator[str]:
    """Lines to print; the last one is the sum. Raises SystemExit(1) when something did not hold."""
    seeds = _seeds(options)
    began = time.monotonic()
    outcomes = each_of(partial(one_seed, engine=_engine(options)), seeds, processes=options.processes)
    failed: list[Outcome] = []
    events, fewest = 0, math.inf
    done = 0
    for outcome in with_progress(outcomes, len(seeds), is_shown=not options.json):
        done, events = done + 1, events + outcome.events
        fewest = min(fewest, outcome.operations)
        if outcome.problem:
            failed.append(outcome)
            if len(failed) <= _MOST_TOLD:
                yield told(outcome, options)
    seconds = time.monotonic() - began
    yield _sum(options, Counter(seeds=done, events=events, least_operations=int(fewest), failed=len(failed)), seconds)
    if failed:
        raise SystemExit(1)


def replay(options: Namespace) -> Iterator[str]:
    """One seed again, with its whole log."""
    lines: list[str] = []
    outcome = one_seed(options.seed, engine=_engine(options), tell=lines.append)
    yield from lines
    yield f"seed {outcome.seed}: {outcome.events} events, log {outcome.log_hash}"
    if outcome.problem:
        yield f"NOT HELD: {outcome.problem}"
        raise SystemExit(1)


def one_seed(seed: int, *, engine: str, tell: Callable[[str], None] | None = None) -> Outcome:
    if engine == "fakes":
        return run_seed(seed, tell=tell)
    from tests.simulation.life.on_moto import run_seed_on_moto

    return run_seed_on_moto(seed, tell=tell, is_short=engine == "moto")


def _engine(options: Namespace) -> str:
    return f"{options.engine} by the long way" if options.long_way else str(options.engine)


def told(outcome: Outcome, options: Namespace) -> str:
    again = f"python -m tests.simulation.life replay --seed {outcome.seed} --engine {options.engine}"
    return "\n".join([f"\nNOT HELD: {outcome.problem}", f"seed {outcome.seed}: {again}", *outcome.last])


def _seeds(options: Namespace) -> list[int]:
    if options.seed is not None:
        return [options.seed]
    kept = kept_seeds() if options.engine == "fakes" else []
    return [*kept, *range(options.first, options.first + options.seeds)]


def _sum(options: Namespace, told: Counter[str], seconds: float) -> str:
    if options.json:
        return json.dumps({"engine": options.engine, **told, "seconds": round(seconds, 1)})
    mean = told["events"] // max(1, told["seeds"])
    events = f"{mean} events each, of at least {told['least_operations']} operations"
    return f"{told['seeds']} seeds on {options.engine}, {events}, {told['failed']} failed, {seconds:.0f} s"
