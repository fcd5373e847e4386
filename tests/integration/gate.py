"""What tests do at the gate: switch it, take a ticket, register."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

from chalicelib import bootstrap
from tests.integration import cast
from tests.integration.town import Reply, Town

SITI, BUDI = "siti@contoh.example", "budi.baru@contoh.example"
SOMEBODY = "orang7@contoh.example"
MINUTES = 10


def switched(town: Town, *, minutes: int = MINUTES, proof: bool = False, in_minutes: int = 0) -> Town:
    begins_at = town.clock.now() + timedelta(minutes=in_minutes)
    asked = {"begins_at": begins_at.isoformat(), "spread_seconds": minutes * 60, "proof_of_work": proof}
    assert town.ask("PUT", "/v1/staff/gate", asked, token=cast.FIRST_APPROVER).status == 200
    bootstrap.gate_look.cache_clear()
    return town


def ticket_of(town: Town, email: str = SITI, **more: str) -> dict[str, Any]:
    reply = town.ask("POST", "/v1/gate/tickets", {"email": email, **more})
    assert reply.status == 201, reply.text
    assert int(reply.headers["retry-after"]) == reply.body["wait_seconds"]
    return reply.body


def registered(town: Town, email: str = SITI, language: str = "en", **more: str) -> Reply:
    return town.ask("POST", "/v1/registrations", {"email": email, **more}, language=language)


def late_one(town: Town) -> str:
    """Somebody whose turn is not among the first."""
    emails = (f"orang{number}@contoh.example" for number in range(100))
    return next(email for email in emails if ticket_of(town, email)["wait_seconds"] > 60)


def solved(town: Town, email: str = SITI) -> str:
    """As the page does: try one number after the other."""
    puzzle = town.ask("POST", "/v1/gate/challenges", {"email": email}).body
    numbers = range(puzzle["maxnumber"] + 1)
    number = next(n for n in numbers if _sum(f"{puzzle['salt']}{n}") == puzzle["challenge"])
    told = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**told, "number": number}).encode()).decode()


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
