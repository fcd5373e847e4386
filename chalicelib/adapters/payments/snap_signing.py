"""BI-SNAP signatures: one for the token, another for each call. Partners differ in how they sign, hence ``Signer``."""

import base64
import hashlib
import hmac
import re
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chalicelib.domain.errors import Misconfigured

_STRING_OR_SPACE = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)


class Signer(Protocol):
    def token_signature(self, client_key: str, timestamp: str) -> str:
        """``X-SIGNATURE`` of a request for a token."""

    def call_signature(self, method: str, path: str, token: str, body: bytes, timestamp: str) -> str:
        """``X-SIGNATURE`` of any other call, over the very bytes that are sent."""


class StandardSigner:
    """As the standard has it: RSA for the token, HMAC-SHA512 for calls, both in base64."""

    def __init__(self, client_secret: str, private_key_pem: str) -> None:
        self._secret = client_secret.encode()
        self._key = _rsa_key(private_key_pem)

    def token_signature(self, client_key: str, timestamp: str) -> str:
        signature = self._key.sign(f"{client_key}|{timestamp}".encode(), PKCS1v15(), SHA256())
        return base64.b64encode(signature).decode()

    def call_signature(self, method: str, path: str, token: str, body: bytes, timestamp: str) -> str:
        text = f"{method}:{path}:{token}:{body_hash(body)}:{timestamp}"
        return base64.b64encode(hmac.digest(self._secret, text.encode(), "sha512")).decode()


def body_hash(body: bytes) -> str:
    return hashlib.sha256(minify(body)).hexdigest()


def minify(body: bytes) -> bytes:
    """JSON without the white space between its parts; inside strings nothing is touched."""
    return _STRING_OR_SPACE.sub(lambda match: match[1] or b"", body)


def _rsa_key(private_key_pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(private_key_pem.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        # Raised outside the handler: what a parser says of a secret does not belong in a trace.
        raise Misconfigured("bank_key_unreadable")
    return key
