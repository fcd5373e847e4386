"""Proof of work as ALTCHA has it (its library, its first protocol), under a key of ours and asked of nobody else."""

import base64
import hmac
import json
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

from chalicelib.domain.admission import Puzzle
from chalicelib.domain.identifiers import Index
from chalicelib.ports import Indexer

ALGORITHM: Final = "SHA-256"
MOST = 50_000
"""Half of it on average: a second on a laptop, some seconds on the cheapest phone."""
_LONGEST_TEXT = 2_000
_KINDS = {"algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str}


class AltchaPuzzles:
    """Nothing is kept. The salt says for whom and until when, and the signature holds the salt: a solution is good for
    one visitor's ticket, which is the same however often it is asked for."""

    def __init__(self, indexer: Indexer, most: int = MOST) -> None:
        self._indexer = indexer
        self._key = indexer.derived("altcha", "key").hex()
        self._most = most

    def pose(self, visitor: Index, *, expires_at: datetime) -> Puzzle:
        from altcha.v1 import ChallengeOptions, create_challenge

        options = ChallengeOptions(
            ALGORITHM, self._most, hmac_key=self._key, expires=expires_at, params={"who": self._mark(visitor)}
        )
        made = create_challenge(options)
        return Puzzle(made.algorithm, made.challenge, made.salt, made.max_number, made.signature)

    def is_solved(self, solution: str, visitor: Index, *, now: datetime) -> bool:
        payload = _payload(solution)
        if payload is None or not self._is_for(payload["salt"], visitor, now):
            return False
        from altcha.v1 import verify_solution

        # By our own clock: its own is the machine's.
        return verify_solution(payload, self._key, check_expires=False)[0]  # type: ignore[call-overload, no-any-return]

    def _is_for(self, salt: str, visitor: Index, now: datetime) -> bool:
        told = parse_qs(salt.partition("?")[2])
        who, expires = (told.get(name, [""]) for name in ("who", "expires"))
        is_theirs = len(who) == 1 and hmac.compare_digest(who[0].encode(), self._mark(visitor).encode())
        is_moment = len(expires) == 1 and expires[0].isascii() and expires[0].isdigit() and len(expires[0]) <= 12
        return is_theirs and is_moment and now.timestamp() < int(expires[0])

    def _mark(self, visitor: Index) -> str:
        return self._indexer.derived("puzzle", visitor)[:12].hex()


def _payload(solution: str) -> dict[str, Any] | None:
    """What strangers send: base64 of a JSON object with just these fields."""
    if len(solution) > _LONGEST_TEXT:
        return None
    try:
        found = json.loads(base64.b64decode(solution, validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or any(type(found.get(name)) is not kind for name, kind in _KINDS.items()):
        return None
    return {name: found[name] for name in _KINDS} if found["algorithm"] == ALGORITHM else None
