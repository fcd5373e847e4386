"""What SendGrid tells of a mail: its signed event webhook, a JSON array of events.

The signature is ECDSA over P-256 and SHA-256, of the header's timestamp followed by the body as it came.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from chalicelib.domain.errors import InvalidInput, NotSignedIn
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Mail
from chalicelib.domain.mail_fates import Fate, MailFate

PROVIDER = "sendgrid"
SIGNATURE_HEADER = "x-twilio-email-event-webhook-signature"
TIMESTAMP_HEADER = "x-twilio-email-event-webhook-timestamp"
OLDEST = timedelta(hours=25)
"""SendGrid tries for a day. An older one is a replay; a younger replay finds its bounces noted."""
AHEAD = timedelta(minutes=5)
_OF_DROPPED = {
    "bounced address": Fate.BOUNCED,
    "invalid": Fate.BOUNCED,
    "spam reporting address": Fate.COMPLAINED,
}


def custom_args_of(mail: Mail) -> dict[str, str]:
    """Come back with every event."""
    return {"send_key": mail.send_key, "left_at": str(int(mail.left_at.timestamp()))}


class SendGridNotices:
    def __init__(self, public_key: str, now: Callable[[], datetime]) -> None:
        """``public_key``: base64 of DER, as SendGrid's console shows it."""
        key = load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise ValueError("SendGrid signs with an elliptic curve")
        self._key = key
        self._now = now

    def read(self, body: bytes, headers: Mapping[str, str]) -> Sequence[MailFate]:
        """``NotSignedIn`` when the body is not SendGrid's, or old; ``InvalidInput`` when it is no list of events."""
        self._check(body, headers.get(TIMESTAMP_HEADER, ""), headers.get(SIGNATURE_HEADER, ""))
        try:
            return list(_fates(json.loads(body)))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError):
            raise InvalidInput("mail_notice_not_readable") from None

    def _check(self, body: bytes, timestamp: str, signature: str) -> None:
        try:
            signed_at = datetime.fromtimestamp(int(timestamp), UTC)
            self._key.verify(base64.b64decode(signature), timestamp.encode() + body, ec.ECDSA(SHA256()))
        except (ValueError, OverflowError, OSError, binascii.Error, InvalidSignature):
            raise NotSignedIn("signature_wrong") from None
        if not self._now() - OLDEST <= signed_at <= self._now() + AHEAD:
            raise NotSignedIn("signature_old")


def _fates(events: list[dict[str, Any]]) -> Iterator[MailFate]:
    for event in events:
        fate = _fate_of(event)
        if fate is not None and "send_key" in event:
            left_at = datetime.fromtimestamp(int(event["left_at"]), UTC)
            at = datetime.fromtimestamp(int(event["timestamp"]), UTC)
            yield MailFate(PROVIDER, SendKey(str(event["send_key"])), fate, left_at, at)


def _fate_of(event: Mapping[str, Any]) -> Fate | None:
    """``blocked`` is a bounce that may pass. ``dropped`` never left them: by their own list of what bounced before."""
    kind = event["event"]
    if kind == "dropped":
        return _OF_DROPPED.get(str(event.get("reason", "")).lower())
    if kind == "bounce":
        return Fate.BOUNCED if event.get("type") != "blocked" else None
    return {"delivered": Fate.DELIVERED, "spamreport": Fate.COMPLAINED}.get(kind)
