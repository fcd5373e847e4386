"""What ``Puzzles`` promises, asked of the fake and of ALTCHA; and that ALTCHA's own solver solves ours."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from altcha.v1 import solve_challenge

from chalicelib.adapters.puzzles import AltchaPuzzles
from chalicelib.domain.admission import Puzzle
from chalicelib.domain.identifiers import Index
from chalicelib.ports import Puzzles
from tests.fakes import NOON, FakeIndexer, FakePuzzles

ME, OTHER = Index("1.me"), Index("1.other")
LATER = NOON + timedelta(minutes=20)


@dataclass(frozen=True)
class Desk:
    puzzles: Puzzles
    solve: Callable[[Puzzle], str]


def solved(puzzle: Puzzle, **changes: Any) -> str:
    """By ALTCHA's own solver, written as its widget writes it."""
    found = solve_challenge(puzzle.challenge, puzzle.salt, "SHA-256", puzzle.most, 0)
    assert found is not None
    told = {"algorithm": puzzle.algorithm, "challenge": puzzle.challenge, "number": found.number}
    return written({**told, "salt": puzzle.salt, "signature": puzzle.signature, **changes})


def written(content: object) -> str:
    return base64.b64encode(json.dumps(content).encode()).decode()


@pytest.fixture(params=["fake", "altcha"])
def desk(request: pytest.FixtureRequest) -> Desk:
    if request.param == "fake":
        return Desk(FakePuzzles(), lambda puzzle: puzzle.salt)
    return Desk(AltchaPuzzles(FakeIndexer(), most=300), solved)


def test_a_solution_is_good_for_whom_it_was_posed_to(desk: Desk) -> None:
    solution = desk.solve(desk.puzzles.pose(ME, expires_at=LATER))
    assert desk.puzzles.is_solved(solution, ME, now=NOON)
    assert not desk.puzzles.is_solved(solution, OTHER, now=NOON)


def test_a_solution_is_good_until_it_expires(desk: Desk) -> None:
    solution = desk.solve(desk.puzzles.pose(ME, expires_at=LATER))
    assert desk.puzzles.is_solved(solution, ME, now=LATER - timedelta(seconds=1))
    assert not desk.puzzles.is_solved(solution, ME, now=LATER)


@pytest.mark.parametrize("text", ["", "7", "%%%", "é", written([]), written(None), written({}), "W" * 3_000])
def test_what_is_no_solution_is_none(desk: Desk, text: str) -> None:
    assert not desk.puzzles.is_solved(text, ME, now=NOON)


FORGED: dict[str, dict[str, Any]] = {
    "another number": {"number": -1},
    "a number as text": {"number": "7"},
    "true for a number": {"number": True},
    "a weaker hash": {"algorithm": "SHA-1"},
    "another challenge": {"challenge": "0" * 64},
    "another signature": {"signature": "0" * 64},
    "a longer life": {"salt": "abcd?expires=9999999999&who=0&"},
    "two expiries": {"salt": "abcd?expires=1&expires=9999999999&who=0&"},
    "lone surrogates": {"salt": "\ud800"},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED)
def test_a_forged_solution_is_refused(changes: dict[str, Any]) -> None:
    puzzles = AltchaPuzzles(FakeIndexer(), most=300)
    assert not puzzles.is_solved(solved(puzzles.pose(ME, expires_at=LATER), **changes), ME, now=NOON)


def test_a_solution_under_another_key_is_refused() -> None:
    elsewhere = AltchaPuzzles(FakeIndexer(b"another key"), most=300)
    solution = solved(elsewhere.pose(ME, expires_at=LATER))
    assert not AltchaPuzzles(FakeIndexer(), most=300).is_solved(solution, ME, now=NOON)


def test_a_puzzle_does_not_tell_for_whom_it_is() -> None:
    assert ME not in AltchaPuzzles(FakeIndexer()).pose(ME, expires_at=LATER).salt
