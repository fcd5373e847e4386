"""What a BI-SNAP bank tells unasked of a transfer. It signs with its own key (RSA and SHA-256), over the method, the
path, the digest of the body and the time; another bank may sign in another way, hence ``Verifier``.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from chalicelib.adapters.http import HttpAnswer
from chalicelib.adapters.payments.snap_codes import STATUS_MEANINGS
from chalicelib.adapters.payments.snap_signing import body_hash
from chalicelib.domain.banking import BankNotice, TransferAnswer, TransferOutcome
from chalicelib.domain.errors import InvalidInput, Misconfigured, NotSignedIn
from chalicelib.domain.time import wib_date

CLOCKS_DIFFER = timedelta(minutes=5)
_EXTERNAL_ID = re.compile(r"[0-9]{1,36}")
_RUPIAH = re.compile(r"([0-9]{1,16})\.00")
_NEVER_SAID = frozenset({"07"})
"""Only a question can be answered "not found"."""


class Verifier(Protocol):
    def is_signed(self, text: bytes, signature: str) -> bool: ...


class RsaVerifier:
    """As the standard has it."""

    def __init__(self, public_key_pem: str) -> None:
        key = load_pem_public_key(public_key_pem.encode())
        if not isinstance(key, RSAPublicKey):
            raise Misconfigured("bank_key_unreadable")
        self._key = key

    def is_signed(self, text: bytes, signature: str) -> bool:
        try:
            self._key.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


class SnapNotices:
    def __init__(self, partner_id: str, verifier: Verifier, now: Callable[[], datetime]) -> None:
        self._partner_id = partner_id
        self._verifier = verifier
        self._now = now

    def read(self, path: str, body: bytes, headers: Mapping[str, str]) -> BankNotice:
        timestamp = headers.get("x-timestamp", "")
        self._check(path, body, headers, timestamp)
        external_id = headers.get("x-external-id", "")
        if not _EXTERNAL_ID.fullmatch(external_id):
            raise InvalidInput("bank_notice_not_readable", field="X-EXTERNAL-ID")
        fields = HttpAnswer(200, {}, body).json_object()
        if fields is None:
            raise InvalidInput("bank_notice_not_readable")
        told_at = datetime.fromisoformat(timestamp)
        notice_id = f"{self._partner_id}/{wib_date(told_at)}/{external_id}"
        return BankNotice(notice_id, _reference(fields), _amount(fields), _answer(fields), told_at)

    def _check(self, path: str, body: bytes, headers: Mapping[str, str], timestamp: str) -> None:
        text = f"POST:{path}:{body_hash(body)}:{timestamp}".encode()
        is_ours = headers.get("x-partner-id") == self._partner_id
        if not (is_ours and self._verifier.is_signed(text, headers.get("x-signature", ""))):
            raise NotSignedIn("signature_wrong")
        try:
            difference = abs(datetime.fromisoformat(timestamp) - self._now())
        except (ValueError, TypeError):
            raise InvalidInput("bank_notice_not_readable", field="X-TIMESTAMP") from None
        if difference > CLOCKS_DIFFER:
            raise NotSignedIn("signature_old")


def _reference(fields: Mapping[str, Any]) -> str:
    reference = fields.get("originalPartnerReferenceNo")
    if not isinstance(reference, str) or not 1 <= len(reference) <= 64:
        raise InvalidInput("bank_notice_not_readable", field="originalPartnerReferenceNo")
    return reference


def _amount(fields: Mapping[str, Any]) -> int | None:
    """Exact text only; None where there is no amount at all."""
    amount = fields.get("amount")
    if amount is None:
        return None
    value = amount.get("value") if isinstance(amount, dict) and amount.get("currency") == "IDR" else None
    match = _RUPIAH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidInput("bank_notice_not_readable", field="amount")
    return int(match[1])


def _answer(fields: Mapping[str, Any]) -> TransferAnswer:
    status = str(fields.get("latestTransactionStatus"))
    meaning = STATUS_MEANINGS.get(status)
    if meaning is None:
        raise InvalidInput("bank_notice_not_readable", field="latestTransactionStatus")
    outcome = TransferOutcome.UNKNOWN if status in _NEVER_SAID else meaning.outcome
    return TransferAnswer(outcome, "", meaning.reason)
