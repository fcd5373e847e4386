"""``simulate`` and ``replay``: seeds on either engine, those that failed once first."""

import json
import math
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
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


@dataclass
class Tally:
    seeds: int = 0
    events: int = 0
    least_operations: int = 0
    failed: int = 0

    def count(self, outcome: Outcome) -> None:
        self.least_operations = min(self.least_operations or outcome.operations, outcome.operations)
        self.seeds, self.events = self.seeds + 1, self.events + outcome.events
        self.failed += outcome.problem is not None


def simulate(options: Namespace) -> Iterator[str]:
    """Lines to print; the last one is the sum. Raises SystemExit(1) when something did not hold."""
    seeds = _seeds(options)
    began, until = time.monotonic(), 60 * (options.minutes or math.inf)
    outcomes = each_of(partial(one_seed, engine=_engine(options)), seeds, processes=options.processes)
    tally = Tally()
    for outcome in with_progress(outcomes, len(seeds), is_shown=not options.json):
        tally.count(outcome)
        if outcome.problem and tally.failed <= _MOST_TOLD:
            yield told(outcome, options)
        if time.monotonic() - began > until:
            break
    yield _sum(options, tally, len(seeds), time.monotonic() - began)
    if tally.failed:
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


def _sum(options: Namespace, tally: Tally, asked: int, seconds: float) -> str:
    if options.json:
        return json.dumps({"engine": options.engine, **asdict(tally), "seconds": round(seconds, 1)})
    what = f"{tally.seeds} seeds" if tally.seeds == asked else f"{tally.seeds} of {asked} seeds (the time was up)"
    events = f"{tally.events // max(1, tally.seeds)} events each, of at least {tally.least_operations} operations"
    return f"{what} on {options.engine}, {events}, {tally.failed} failed, {seconds:.0f} s"
