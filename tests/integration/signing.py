"""How a partner signs a request: written after the published description, and not after our code."""

import hashlib
import hmac


def signature_of(client_code: str, sign_key: str, timestamp: str, path: str, body: bytes) -> str:
    text = f"{client_code}{timestamp}POST{path}".encode() + body
    return hmac.new(sign_key.encode(), text, hashlib.sha1).hexdigest()
