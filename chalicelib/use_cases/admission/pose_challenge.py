"""Pose the work that a crowd must do for its tickets: cheap for a person, dear for somebody who is thousands."""

from datetime import timedelta

from chalicelib.domain.admission import Puzzle
from chalicelib.ports import Clock, Indexer, Puzzles
from chalicelib.use_cases.admission.turns import visitor_of

PUZZLE_LIVES = timedelta(minutes=20)
"""The slowest phone needs a minute; its line may be slower."""


def pose_challenge(email: str, *, puzzles: Puzzles, indexer: Indexer, clock: Clock) -> Puzzle:
    """Good for this address only, so that a solution is worth one turn, however often it is shown."""
    return puzzles.pose(visitor_of(email, indexer), expires_at=clock.now() + PUZZLE_LIVES)
