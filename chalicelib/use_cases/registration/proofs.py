"""The code and the link's token of a challenge: derived, not stored, the same however often the mail is written."""

import base64
import hmac

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.ports import Indexer

CODE_DIGITS = 6
_SEPARATOR = "~"


def code_of(purpose: str, challenge: str, indexer: Indexer) -> str:
    number = int.from_bytes(indexer.derived(f"code/{purpose}", challenge), "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def email_code_of(account: ApplicantId, challenge: str, indexer: Indexer) -> str:
    """Bound to the account: a challenge's id may come from outside, and one id under two addresses must not make the
    code that one of them gets by mail open the other."""
    return code_of("verify_email", f"{account}/{challenge}", indexer)


def link_token_of(account: ApplicantId, challenge: str, indexer: Indexer) -> str:
    proof = indexer.derived("link/verify_email", f"{account}/{challenge}")
    return f"{account}{_SEPARATOR}{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"


def account_in(token: str) -> ApplicantId:
    """Whose token this claims to be."""
    return ApplicantId(token.partition(_SEPARATOR)[0])


def is_same(given: str, expected: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())
