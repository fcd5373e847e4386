"""``crash-sweep``: one plain life again and again, each time with one accident at one call of one function.

The accidents are enumerated by the life itself: each function and each door that it comes through, each call outside
that one of them makes, killed before it, killed after it, and with its reply lost. However it is cut off, the platform
goes on by itself, every checker is content, and everybody ends where they would have ended.
"""

import functools
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.fakes import Killed
from tests.simulation.life.covered import uncovered
from tests.simulation.life.fleet import each_of, with_progress
from tests.simulation.life.plain import fates, lived, plain_town
from tests.simulation.life.storm import NEVER_RAISES, unavailable

_KINDS = ("killed before", "killed after", "reply lost")
_OCCURRENCES = 2
"""Of the same call in one turn of one function: what is read 64 times in a row is cut off at the first two."""


@dataclass(frozen=True)
class Accident:
    """``number``: of the call, counted over the whole life."""

    turn: str
    call: str
    number: int
    kind: str


@dataclass(frozen=True)
class Ending:
    accident: Accident
    problem: str | None


def crash_sweep(options: Namespace) -> Iterator[str]:
    missing = uncovered()
    yield from (f"NOT COVERED: {each} writes, and is swept nowhere" for each in missing)
    accidents, expected = _accidents()
    work = functools.partial(survive, expected=tuple(expected))
    failed = 0
    for ending in with_progress(
        each_of(work, accidents, processes=options.processes), len(accidents), is_shown=not options.json
    ):
        if ending.problem:
            failed += 1
            at = ending.accident
            yield f"\nNOT HELD: {at.turn}, {at.kind} at {at.call} (call {at.number}): {ending.problem}"
    turns = len({each.turn for each in accidents})
    yield f"{turns} functions and doors, {len(accidents)} accidents, {failed} not survived, {len(missing)} not covered"
    if failed or missing:
        raise SystemExit(1)


def survive(accident: Accident, *, expected: tuple[str, ...]) -> Ending:
    town = plain_town()
    town.storm.accident = _striking(accident)
    problem = lived(town)
    if problem is None and tuple(fates(town)) != expected:
        differing = [f"{now} (else {then})" for now, then in zip(fates(town), expected, strict=True) if now != then]
        problem = f"somebody ends elsewhere: {differing[0]}"
    return Ending(accident, problem)


def _accidents() -> tuple[list[Accident], list[str]]:
    """Of a life without any, which also says how everybody ends."""
    town = plain_town()
    seen: dict[tuple[str, str, int], int] = {}
    in_turn: Counter[str] = Counter()
    last_turn: list[object] = []

    def note(name: str, number: int, after: bool) -> None:
        if after:
            return
        if [town.turn, town.count] != last_turn:
            last_turn[:] = [town.turn, town.count]
            in_turn.clear()
        in_turn[name] += 1
        if in_turn[name] <= _OCCURRENCES:
            seen.setdefault((town.turn, name, in_turn[name]), number)

    town.storm.accident = note
    problem = lived(town)
    if problem:
        raise AssertionError(f"the plain life itself does not hold: {problem}")
    found = [Accident(turn, name, at, kind) for (turn, name, _), at in seen.items() for kind in _KINDS]
    return [each for each in found if not (each.kind == "reply lost" and each.call in NEVER_RAISES)], fates(town)


def _striking(accident: Accident) -> Callable[[str, int, bool], None]:
    def strike(name: str, number: int, after: bool) -> None:
        if number != accident.number or after is (accident.kind == "killed before"):
            return
        raise unavailable(name) if accident.kind == "reply lost" else Killed

    return strike
