"""The account's key follows from the address alone: 259 spellings of one mailbox lead to one account."""

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.registration import canonical_email
from chalicelib.ports import Indexer


def account_id_of(email: str, indexer: Indexer) -> ApplicantId:
    """``email`` as :func:`parse_email` returns it."""
    return ApplicantId(indexer.index("email", canonical_email(email)))
