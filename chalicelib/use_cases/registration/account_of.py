"""The account's key follows from the address alone: 259 spellings of one mailbox lead to one account."""

from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.mail import Template
from chalicelib.domain.registration import canonical_email
from chalicelib.ports import Indexer


def account_id_of(email: str, indexer: Indexer) -> ApplicantId:
    """``email`` as :func:`parse_email` returns it."""
    return ApplicantId(indexer.index("email", canonical_email(email)))


def verification_mail_key(challenge: str) -> SendKey:
    """Under which the mail with this challenge's code and link is sent, once."""
    return SendKey(f"{Template.VERIFY_EMAIL}/{challenge}")
