"""The gate for the opening minutes of a rush. It knows no queue: a turn is a time.

While it is on, everybody's turn lies somewhere in its spread, drawn by a keyed hash of opening and address: the same in
every tab and on every device, however often one asks, and no better for whoever came first. A turn that nobody takes
holds nobody up, and nothing is counted or kept for anybody. When the spread is over everyone passes: it ends by itself.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.time import from_epoch

BUSY_WAITING = 20_000
CALM_WAITING = 2_000
CROWDED_WAITING = 200_000
"""Registrations that wait to be opened: at the first the gate goes on, down to the second it is held on, from the third
it asks for proof of work too. Between the first two nothing changes, so that it does not flap."""

BUSY_MAIL_WAIT = timedelta(minutes=10)
CALM_MAIL_WAIT = timedelta(minutes=2)
"""The same of the mails that wait, by how long the providers will take: what is narrow is mostly they, and an hour's
wait that is shown and comes with a turn is better than an hour before an empty mailbox."""

OPENED_PER_SECOND = 2_000
"""What we count on: what the gateway lets through as deployed, half of what a fresh table takes (docs/surge.md)."""
RUSH_KEEPS_PACE = timedelta(minutes=5)
"""How long we expect people to go on coming as fast as now."""
SHORTEST_SPREAD = timedelta(minutes=2)
LONGEST_SPREAD = timedelta(hours=1)
LONGEST_ARMED_SECONDS = 6 * 3600
"""By staff: an hour that was announced badly may need more than load ever does."""
_NO_WAIT = timedelta(0)
_LATEST_LOOK_COUNTS_FOR = timedelta(minutes=5)

TICKET_LIVES = timedelta(hours=2)
"""After its turn: long enough for a power cut, too short to be hoarded for the next rush."""
_TICKET = re.compile(r"(1\.(\d{1,11})\.(\d{1,11})\.(\d{1,11}))\.([A-Za-z0-9_-]{43})", re.ASCII)
_FARTHEST = timedelta(hours=1)
"""There is one gate: while it waits for an announced hour, load cannot turn it on."""
_STAYS_OFF = timedelta(hours=1)
"""After staff switched it off."""


class GateSetter(StrEnum):
    LOAD = "load"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Gate:
    """``opening`` names one rush: the moment at which it began, in epoch seconds. ``waiting`` registrations were seen
    on the queue at ``seen_at``."""

    opening: str = ""
    began_at: datetime | None = None
    spread: timedelta = timedelta(0)
    asks_proof: bool = False
    set_by: GateSetter = GateSetter.LOAD
    waiting: int = 0
    seen_at: datetime | None = None
    version: int = 0

    @property
    def ends_at(self) -> datetime | None:
        return self.began_at + self.spread if self.began_at else None

    def is_on(self, now: datetime) -> bool:
        return self.began_at is not None and self.began_at <= now < self.began_at + self.spread

    def is_held_off(self, now: datetime) -> bool:
        is_off = self.set_by is GateSetter.STAFF and self.began_at is not None and not self.spread
        return is_off and now < (self.began_at or now) + _STAYS_OFF

    def is_to_come(self, now: datetime) -> bool:
        return self.began_at is not None and now < self.began_at and bool(self.spread)


def opened(gate: Gate, *, at: datetime, spread: timedelta, asks_proof: bool, by: GateSetter) -> Gate:
    whole = at.replace(microsecond=0)
    opening = str(int(whole.timestamp()))
    return replace(gate, opening=opening, began_at=whole, spread=spread, asks_proof=asks_proof, set_by=by)


def armed(gate: Gate, *, begins_at: datetime, spread: timedelta, asks_proof: bool, now: datetime) -> Gate:
    """For an announced opening, or at once where ``begins_at`` is now. The same beginning once more is the same rush,
    lengthened or shortened. A spread of nothing switches the gate off."""
    if begins_at < now - timedelta(minutes=1) and begins_at != gate.began_at:
        raise InvalidInput("time_is_past", field="begins_at")
    if begins_at > now + _FARTHEST:
        raise InvalidInput("gate_too_early", field="begins_at")
    if gate.is_on(now) and begins_at > now + timedelta(minutes=1):
        raise Conflict("gate_is_on", field="begins_at")
    return opened(gate, at=begins_at, spread=spread, asks_proof=asks_proof, by=GateSetter.STAFF)


# --- Steering by load -----------------------------------------------------------------------------------------------


def steered(gate: Gate, *, waiting: int, mail_wait: timedelta = _NO_WAIT, now: datetime) -> Gate:
    """The gate after a look at the queues; ``mail_wait``: until the last mail that waits will have left. What staff
    have armed for later stays as it is."""
    seen = replace(gate, waiting=waiting, seen_at=now)
    spread = max(spread_for(waiting, _arriving_per_second(gate, waiting, now)), min(mail_wait, LONGEST_SPREAD))
    is_crowded = waiting >= CROWDED_WAITING
    if gate.is_on(now):
        is_calm = waiting <= CALM_WAITING and mail_wait <= CALM_MAIL_WAIT
        return seen if is_calm else _held_on(seen, spread, is_crowded, now)
    is_busy = waiting >= BUSY_WAITING or mail_wait >= BUSY_MAIL_WAIT
    if not is_busy or gate.is_to_come(now) or gate.is_held_off(now):
        return seen
    return opened(seen, at=now, spread=spread, asks_proof=is_crowded, by=GateSetter.LOAD)


def spread_for(waiting: int, arriving_per_second: float) -> timedelta:
    """Until what waits and what is still to come is worked off."""
    expected = waiting + arriving_per_second * RUSH_KEEPS_PACE.total_seconds()
    needed = timedelta(seconds=round(expected / OPENED_PER_SECOND))
    return min(max(needed, SHORTEST_SPREAD), LONGEST_SPREAD)


def _held_on(gate: Gate, spread: timedelta, is_crowded: bool, now: datetime) -> Gate:
    """Longer, never shorter: a turn that was promised would stand for nothing."""
    so_far = now - (gate.began_at or now)
    longer = max(gate.spread, min(so_far + spread, LONGEST_SPREAD))
    return replace(gate, spread=longer, asks_proof=gate.asks_proof or is_crowded)


def _arriving_per_second(gate: Gate, waiting: int, now: datetime) -> float:
    """What was worked off meanwhile, and what the queue grew by. Without an earlier look: as many as we can take."""
    if gate.seen_at is None or not timedelta(0) < now - gate.seen_at <= _LATEST_LOOK_COUNTS_FOR:
        return OPENED_PER_SECOND
    growth = (waiting - gate.waiting) / (now - gate.seen_at).total_seconds()
    return max(0.0, OPENED_PER_SECOND + growth)


# --- Turns and tickets ----------------------------------------------------------------------------------------------


def turn_in(gate: Gate, digest: bytes) -> datetime:
    """Somebody's turn; ``digest`` is theirs and this opening's alone, and nobody can guess or choose it."""
    share, whole = int.from_bytes(digest[:6], "big"), 2**48
    began = int(gate.began_at.timestamp()) if gate.began_at else 0
    return from_epoch(began + share * int(gate.spread.total_seconds()) // whole)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A turn that was promised, and stays so whatever becomes of the gate. Whose it is only its proof says."""

    opening: str
    turn_at: datetime
    expires_at: datetime

    @property
    def text(self) -> str:
        """What the proof is about."""
        return f"1.{self.opening}.{int(self.turn_at.timestamp())}.{int(self.expires_at.timestamp())}"


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Work to do before a ticket: the number up to ``most`` whose hash after ``salt`` is ``challenge`` (ALTCHA, v1)."""

    algorithm: str
    challenge: str
    salt: str
    most: int
    signature: str


def ticket_for(gate: Gate, turn_at: datetime, *, now: datetime) -> Ticket:
    return Ticket(gate.opening, turn_at, max(turn_at, now.replace(microsecond=0)) + TICKET_LIVES)


def opened_ticket(text: str) -> tuple[Ticket, str]:
    """The ticket and the proof that goes with it, to be compared; ``InvalidInput`` for what is none."""
    found = _TICKET.fullmatch(text)
    if found is None:
        raise InvalidInput("ticket_invalid", field="ticket")
    _, opening, turn, expires, proof = found.groups()
    return Ticket(opening, from_epoch(int(turn)), from_epoch(int(expires))), proof


def seconds_until(moment: datetime, now: datetime) -> int:
    """Rounded up: whoever waits so long is not sent away again."""
    return max(0, -int(-(moment - now).total_seconds() // 1))
