"""Whose request is this? By the signature of version 1 of the partner API."""

import hashlib
import hmac
from dataclasses import dataclass

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.identifiers import ClientCode
from chalicelib.domain.time import from_epoch
from chalicelib.domain.training import Partner
from chalicelib.ports import Clock, Courses


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """Headers as they came, the path from ``/api`` on, and the body's exact bytes."""

    client_code: str
    timestamp: str
    signature: str
    path: str
    body: bytes


def find_partner(request: SignedRequest, *, courses: Courses, clock: Clock) -> Partner:
    """``NotSignedIn`` for an unknown partner, a forged signature, or a timestamp out of the partner's window."""
    partner = courses.partner(ClientCode(request.client_code))
    expected = signature_of(request, partner.sign_key if partner else "nobody")
    is_signed = hmac.compare_digest(request.signature.encode(), expected.encode())
    if partner is None or not is_signed:
        raise NotSignedIn("signature_wrong", field="signature")
    if not (request.timestamp.isascii() and request.timestamp.isdigit() and len(request.timestamp) <= 11):
        raise NotSignedIn("timestamp_wrong", field="timestamp")
    if abs(clock.now() - from_epoch(int(request.timestamp))) > partner.clock_window:
        raise NotSignedIn("timestamp_stale", field="timestamp", seconds=int(partner.clock_window.total_seconds()))
    return partner


def signature_of(request: SignedRequest, sign_key: str) -> str:
    """Lower-case hex HMAC-SHA1, as partners' existing clients compute it."""
    text = f"{request.client_code}{request.timestamp}POST{request.path}".encode() + request.body
    return hmac.new(sign_key.encode(), text, hashlib.sha1).hexdigest()
