"""Whose turn is when, and the proof of it: derived, not stored."""

import base64
import hmac
from datetime import datetime

from chalicelib.domain.admission import Gate, Ticket, opened_ticket, turn_in
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import Index
from chalicelib.domain.registration import canonical_email, parse_email
from chalicelib.ports import Indexer


def visitor_of(email: str, indexer: Indexer) -> Index:
    """One for each mailbox, however it is spelt. Not the account's id: what visitors carry must tell nothing of it."""
    return indexer.index("visitor", canonical_email(parse_email(email)))


def turn_of(gate: Gate, visitor: Index, indexer: Indexer) -> datetime:
    return turn_in(gate, indexer.derived("turn", f"{gate.opening}/{visitor}"))


def written_ticket(ticket: Ticket, visitor: Index, indexer: Indexer) -> str:
    """As people carry it."""
    return f"{ticket.text}.{_proof(ticket, visitor, indexer)}"


def checked_ticket(text: str, visitor: Index, indexer: Indexer) -> Ticket:
    """``InvalidInput`` where it was tampered with or is somebody else's: the two look the same."""
    ticket, proof = opened_ticket(text)
    if not hmac.compare_digest(proof, _proof(ticket, visitor, indexer)):
        raise InvalidInput("ticket_invalid", field="ticket")
    return ticket


def _proof(ticket: Ticket, visitor: Index, indexer: Indexer) -> str:
    digest = indexer.derived("ticket", f"{ticket.text}/{visitor}")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
