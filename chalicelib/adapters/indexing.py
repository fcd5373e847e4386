"""Keyed indexes of personal values. A plain hash of a NIK falls in five minutes; without the key this one does not."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from chalicelib.domain.identifiers import Index


class HmacIndexer:
    """HMAC-SHA-256, full length, under versioned keys: ``<version>.<base64url>``.

    ``keys`` maps a version to 32 bytes; new indexes are made under ``current``. The label keeps kinds apart: the index
    of a NIK is not the index of a family card with the same digits.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self._key = keys[current]
        self._version = current

    def index(self, label: str, value: str) -> Index:
        digest = self._digest(f"index/{label}", value)
        return Index(f"{self._version}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")

    def derived(self, label: str, value: str) -> bytes:
        return self._digest(f"derived/{label}", value)

    def _digest(self, label: str, value: str) -> bytes:
        return hmac.new(self._key, f"{label}\0{value}".encode(), hashlib.sha256).digest()
