"""Let in whoever's turn has come. Asked only while the gate is on, and only of what the visitor brings."""

from chalicelib.domain.admission import Gate, seconds_until
from chalicelib.domain.errors import InvalidInput, TooManyAttempts
from chalicelib.ports import Clock, Indexer
from chalicelib.use_cases.admission.turns import checked_ticket, turn_of, visitor_of

_WITHOUT_TICKET_SECONDS = 1


def check_turn(email: str, ticket_text: str | None, gate: Gate, *, indexer: Indexer, clock: Clock) -> None:
    """``TooManyAttempts`` says when to come; a ticket of an earlier rush is as good, for its turn was waited for."""
    now, visitor = clock.now(), visitor_of(email, indexer)
    if not ticket_text:
        # While work is asked for a ticket, nobody is told their turn without it.
        turn = gate.began_at if gate.asks_proof else turn_of(gate, visitor, indexer)
        raise _not_come(max(_WITHOUT_TICKET_SECONDS, seconds_until(turn or now, now)))
    ticket = checked_ticket(ticket_text, visitor, indexer)
    if ticket.expires_at <= now:
        raise InvalidInput("ticket_expired", field="ticket")
    if ticket.turn_at > now:
        raise _not_come(seconds_until(ticket.turn_at, now))


def _not_come(seconds: int) -> TooManyAttempts:
    return TooManyAttempts("turn_not_come", field="ticket", retry_after_seconds=seconds, minutes=-(-seconds // 60))
