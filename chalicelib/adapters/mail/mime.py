"""A mail as MIME: text and HTML, the same bytes for the same mail.

Headers carry a digest of the send key, so that two copies of one message can be told from two messages anywhere on the
way, while nobody learns from it who was written to about what.
"""

import base64
import hashlib
from collections.abc import Mapping
from email.charset import QP, Charset
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import parseaddr
from types import MappingProxyType

from chalicelib.domain.errors import Rejected
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Mail

_POLICY = compat32.clone(linesep="\r\n", cte_type="7bit", max_line_length=76)
_CHARSET = Charset("utf-8")
_CHARSET.body_encoding = QP


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


def mime_of(mail: Mail, *, sender: str, marks: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """``marks``: headers for the provider, which takes them out.

    Put together by the email package's older half: the newer one parses each header it is given, at ten times
    the cost of all the rest."""
    sender_domain = parseaddr(sender)[1].rpartition("@")[2]
    # Python would draw the boundary by chance; a mail sent again is to be the same mail.
    message = MIMEMultipart("alternative", boundary=f"=_{send_key_digest(mail.send_key)[:32]}", policy=_POLICY)
    for kind, text in (("plain", mail.text), ("html", mail.html)):
        part = MIMENonMultipart("text", kind, charset="utf-8", policy=_POLICY)
        part.set_payload(text, _CHARSET)
        message.attach(part)
    message["From"] = sender
    message["To"] = deliverable(mail.to)
    message["Subject"] = Header(mail.subject, "utf-8", maxlinelen=75, header_name="Subject").encode(linesep="\r\n")
    message["Message-ID"] = f"<{send_key_digest(mail.send_key)}@{sender_domain}>"
    message["List-Id"] = f"Kartu Prakerja <notices.{sender_domain}>"
    for name, value in headers_of(mail).items():
        message[name] = value
    # Unfolded, for whoever reads them reads them line by line.
    unfolded = "".join(f"{name}: {value}\r\n" for name, value in marks.items())
    return unfolded.encode("ascii") + message.as_bytes()
