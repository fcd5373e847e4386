"""Signatures of receipts: Ed25519 under named keys. Public halves are published, private ones lie in a secret."""

from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Ed25519Signer:
    """``keys`` maps a name to 32 bytes; ``current`` signs, the others are still published."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self._private = {name: Ed25519PrivateKey.from_private_bytes(key) for name, key in keys.items()}
        self.key = current

    def sign(self, message: bytes) -> bytes:
        return self._private[self.key].sign(message)

    def public_keys(self) -> Mapping[str, bytes]:
        return {name: key.public_key().public_bytes_raw() for name, key in self._private.items()}


def is_signed(message: bytes, signature: bytes, public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
