"""A mail as MIME: text and HTML, the same bytes for the same mail.

Headers carry a digest of the send key, so that two copies of one message can be told from two messages anywhere on the
way, while nobody learns from it who was written to about what.
"""

import base64
import hashlib
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from chalicelib.domain.errors import Rejected
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Mail

_POLICY = SMTP.clone(cte_type="7bit", max_line_length=76)  # quoted-printable allows no longer line


def send_key_digest(send_key: SendKey) -> str:
    """43 characters: short enough for a header of one line, which some readers need to read it right."""
    return base64.urlsafe_b64encode(hashlib.sha256(send_key.encode()).digest()).decode().rstrip("=")


def headers_of(mail: Mail) -> dict[str, str]:
    """What every provider is to send along. The machine marks keep holiday replies away."""
    return {
        "X-Prakerja-Send-Key": send_key_digest(mail.send_key),
        "X-Correlation-Id": mail.correlation_id,
        "Content-Language": mail.language.value,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def deliverable(address: str) -> str:
    """The one address written to, its domain as DNS spells it. ``Rejected`` where there is no such single address."""
    local, _, domain = address.rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode()}"
        written.encode("ascii")  # a local part beyond ASCII needs SMTPUTF8, which the providers do not speak
        parsed = Address(addr_spec=written)
    except (ValueError, HeaderParseError, IndexError):
        parsed = None
    if parsed is None or parsed.addr_spec != written or "." not in parsed.domain:
        raise Rejected("mail_refused")
    return written


def mime_of(mail: Mail, *, sender: str) -> bytes:
    sender_domain = parseaddr(sender)[1].rpartition("@")[2]
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = deliverable(mail.to)
    message["Subject"] = mail.subject
    message["Message-ID"] = f"<{send_key_digest(mail.send_key)}@{sender_domain}>"
    message["List-Id"] = f"Kartu Prakerja <notices.{sender_domain}>"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for name, value in headers_of(mail).items():  # after the content, which removes every Content- header
        message[name] = value
    # Python draws the boundary by chance; a mail sent again is to be the same mail.
    message.set_boundary(f"=_{send_key_digest(mail.send_key)[:32]}")
    return message.as_bytes()
