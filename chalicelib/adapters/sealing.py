"""Envelope encryption of personal values: AES-256-GCM under a data key that KMS wrapped.

A sealed value says which data key opens it and is bound to its place (table, key, attribute): moved to another item it
does not open. Layout: 1 byte version, 2 bytes length of the wrapped key, the wrapped key, 12 bytes nonce, ciphertext.
"""

import os
import struct
import time
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.adapters.aws_calls import AwsCall, CallFailed
from chalicelib.domain.errors import Misconfigured, StoreUnavailable

_VERSION = 1
_NONCE_BYTES = 12
_DATA_KEY_LIVES_SECONDS = 3600
_CONTEXT = {"purpose": "personal-values"}


class KmsSealer:
    """One KMS call an hour for sealing, one per distinct data key for opening: KMS never stands in a hot path."""

    def __init__(self, call: AwsCall, key_id: str) -> None:
        self._kms = call
        self._key_id = key_id
        self._sealing_key: tuple[float, bytes, bytes] | None = None
        self._unwrapped = lru_cache(maxsize=4096)(self._unwrap)

    def seal(self, value: bytes, *, place: str) -> bytes:
        """``place`` names where the value will lie: ``table/key/attribute``."""
        key, wrapped = self._data_key()
        nonce = os.urandom(_NONCE_BYTES)
        header = struct.pack(">BH", _VERSION, len(wrapped)) + wrapped
        return header + nonce + AESGCM(key).encrypt(nonce, value, self._bound_to(place))

    def open(self, sealed: bytes, *, place: str) -> bytes:
        version, length = struct.unpack(">BH", sealed[:3])
        if version != _VERSION:
            raise Misconfigured("sealed_version_unknown", version=version)
        wrapped, rest = sealed[3 : 3 + length], sealed[3 + length :]
        cipher = AESGCM(self._unwrapped(wrapped))
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], self._bound_to(place))
        except InvalidTag:
            raise Misconfigured("sealed_value_out_of_place") from None

    def _bound_to(self, place: str) -> bytes:
        return f"{_VERSION}/{place}".encode()

    def _data_key(self) -> tuple[bytes, bytes]:
        held = self._sealing_key
        if held is None or time.monotonic() > held[0]:
            answer = self._call("GenerateDataKey", KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=_CONTEXT)
            until = time.monotonic() + _DATA_KEY_LIVES_SECONDS
            held = self._sealing_key = (until, answer["Plaintext"], answer["CiphertextBlob"])
        return held[1], held[2]

    def _unwrap(self, wrapped: bytes) -> bytes:
        plain: bytes = self._call("Decrypt", CiphertextBlob=wrapped, EncryptionContext=_CONTEXT)["Plaintext"]
        return plain

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            return self._kms(operation, arguments)
        except CallFailed as failure:
            raise StoreUnavailable("kms_unavailable") from failure
