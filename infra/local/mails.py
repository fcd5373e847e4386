"""A stored mail as something to read. Python's newer mail parser takes 6 ms for one; this takes a fraction."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property
from typing import Any

from infra.local.engine import StoredMail


@dataclass(frozen=True)
class Mail:
    id: str
    to: list[str]
    subject: str
    sent_at: str | None
    text: str
    html: str
    headers: list[tuple[str, str]]


class KeptMail:
    """Parsed only when somebody looks at it."""

    def __init__(self, stored: StoredMail) -> None:
        self._stored = stored

    @property
    def id(self) -> str:
        return self._stored.message_id

    @cached_property
    def to(self) -> list[str]:
        if self._stored.recipients:
            return _addresses(list(self._stored.recipients))
        return _addresses([value for name, value in self.mail.headers if name.lower() in ("to", "cc")])

    @cached_property
    def mail(self) -> Mail:
        message: Message = message_from_bytes(self._stored.raw)
        headers = [(name, _decoded(value)) for name, value in message.items()]
        named = [value for name, value in headers if name.lower() in ("to", "cc")]
        return Mail(
            id=self.id,
            to=_addresses([*self._stored.recipients, *named]),
            subject=next((value for name, value in headers if name.lower() == "subject"), ""),
            sent_at=_when(self._stored, message.get("Date")),
            text=_part(message, "text/plain"),
            html=_part(message, "text/html"),
            headers=headers,
        )


def _addresses(named: list[str]) -> list[str]:
    return list(dict.fromkeys(address.lower() for _, address in getaddresses(named) if address))


def _decoded(value: Any) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeError, ValueError):
        return str(value)


def _when(stored: StoredMail, date: Any) -> str | None:
    """The Date header, where the sender wrote one, is by the application's own clock."""
    moment = stored.sent_at
    if date:
        try:
            moment = parsedate_to_datetime(str(date))
        except ValueError:
            moment = stored.sent_at
    return None if moment is None else _as_utc(moment).isoformat()


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _part(message: Message, content_type: str) -> str:
    part = next((part for part in message.walk() if part.get_content_type() == content_type), None)
    content = None if part is None else part.get_payload(decode=True)
    if part is None or not isinstance(content, bytes):
        return ""
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")
