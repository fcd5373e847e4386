"""What SES tells of a mail (event publishing over SNS, raw delivery, into our queue).

Tags that we send along come back with each notice. SES allows letters, digits, ``_`` and ``-`` in them, so the send key
travels encoded. Addresses, which notices hold as well, are not looked at: the send key leads to the person.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Mail
from chalicelib.domain.mail_fates import Fate, MailFate

PROVIDER = "ses"
_FATES = {
    "Delivery": ("delivery", Fate.DELIVERED),
    "Bounce": ("bounce", Fate.BOUNCED),
    "Complaint": ("complaint", Fate.COMPLAINED),
}


def marks_of(mail: Mail) -> dict[str, str]:
    """As a header of raw mail, which SES reads and takes out."""
    key = base64.urlsafe_b64encode(mail.send_key.encode()).decode().rstrip("=")
    return {"X-SES-MESSAGE-TAGS": f"send_key={key}, left_at={int(mail.left_at.timestamp())}"}


class SesNotices:
    def read(self, notice: Mapping[str, Any]) -> Sequence[MailFate]:
        try:
            return list(_fates(notice))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, binascii.Error):
            raise InvalidInput("mail_notice_not_readable") from None


def _fates(notice: Mapping[str, Any]) -> list[MailFate]:
    part, fate = _FATES.get(notice["eventType"], ("", None))
    if fate is None:
        return []
    told = notice[part]
    # A bounce that may pass (a full mailbox, a server that is down) is no verdict: SES tries on.
    if fate is Fate.BOUNCED and told["bounceType"] != "Permanent":
        return []
    tags = notice["mail"]["tags"]
    if "send_key" not in tags:
        return []  # of somebody else's who shares the account
    key = tags["send_key"][0]
    send_key = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()
    left_at = datetime.fromtimestamp(int(tags["left_at"][0]), UTC)
    return [MailFate(PROVIDER, SendKey(send_key), fate, left_at, datetime.fromisoformat(told["timestamp"]))]
