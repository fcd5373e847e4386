"""Promise somebody their turn. Nothing is written: whoever asks again is promised the same."""

from chalicelib.domain.admission import Gate, Ticket, ticket_for
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import Index
from chalicelib.domain.registration import parse_email
from chalicelib.ports import Clock, Indexer, Puzzles
from chalicelib.use_cases.admission.turns import turn_of, visitor_of, written_ticket


def issue_ticket(
    email: str, solution: str | None, gate: Gate, *, puzzles: Puzzles, indexer: Indexer, clock: Clock
) -> tuple[Ticket, str] | None:
    """The ticket and its text; None while nobody needs one."""
    now = clock.now()
    if not gate.is_on(now):
        parse_email(email)
        return None
    visitor = visitor_of(email, indexer)
    if gate.asks_proof:
        _check_proof(solution, visitor, puzzles, clock)
    ticket = ticket_for(gate, turn_of(gate, visitor, indexer), now=now)
    return ticket, written_ticket(ticket, visitor, indexer)


def _check_proof(solution: str | None, visitor: Index, puzzles: Puzzles, clock: Clock) -> None:
    if not solution:
        raise InvalidInput("proof_missing", field="altcha")
    if not puzzles.is_solved(solution, visitor, now=clock.now()):
        raise InvalidInput("proof_wrong", field="altcha")
