"""Every mail that the application sent, readable in a browser and by a program."""

import html
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from infra.local.engine import StoredMail
from infra.local.mailbox_pages import SAFETY, listing, one_mail
from infra.local.pages import LocalRequest, LocalResponse, Page

PAGE_LENGTH = 50
MOST_AT_ONCE = 1000

Source = Callable[[], Sequence[StoredMail]]


@dataclass(frozen=True)
class Mail:
    id: str
    to: list[str]
    subject: str
    sent_at: str | None
    text: str
    html: str
    headers: list[tuple[str, str]]


class Mailbox:
    """``sources`` may only grow. Mails keep the order in which they were first seen, so ``after`` is a safe cursor."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources
        self._taken = [0] * len(sources)
        self._mails: dict[str, Mail] = {}
        self._lock = threading.Lock()

    def pages(self) -> dict[str, Page]:
        return {"/mailbox": self.page}

    def mails(self, to: str = "") -> list[Mail]:
        """Oldest first. ``to`` is an address, or without an "@" a part of one; its case does not matter."""
        with self._lock:
            for place, source in enumerate(self._sources):
                self._take(place, source())
            found = list(self._mails.values())
        return [mail for mail in found if _is_to(mail, to.strip().lower())] if to.strip() else found

    def _take(self, place: int, stored: Sequence[StoredMail]) -> None:
        # Shorter than it was: its engine was emptied, and begins anew.
        begin = self._taken[place] if self._taken[place] <= len(stored) else 0
        for mail in stored[begin:]:
            self._mails.setdefault(mail.message_id, _read(mail))
        self._taken[place] = len(stored)

    def page(self, request: LocalRequest) -> LocalResponse:
        if request.method not in ("GET", "HEAD"):
            return LocalResponse.json({"message": "Method Not Allowed"}, 405, {"Allow": "GET"})
        path = request.decoded_path
        if path == "/mailbox.json":
            return self._as_json(request)
        if path in ("/mailbox", "/mailbox/"):
            return self._as_list(request)
        mail = next((mail for mail in self.mails() if mail.id == path.removeprefix("/mailbox/")), None)
        if mail is None:
            return LocalResponse.html(f"<p>There is no mail {html.escape(path)}.</p>", 404, SAFETY)
        return LocalResponse.html(one_mail(mail), headers=SAFETY)

    def _as_json(self, request: LocalRequest) -> LocalResponse:
        """After a given id: the next ones. Without: the latest. Oldest first in both."""
        limit = max(1, min(_whole_number(request.parameter("limit"), 100), MOST_AT_ONCE))
        mails = self.mails(request.parameter("to"))
        after = request.parameter("after")
        chosen = _following(self.mails(), mails, after)[:limit] if after else mails[-limit:]
        kept = ("id", "to", "subject", "sent_at", "text", "html")
        return LocalResponse.json({"mails": [{name: asdict(mail)[name] for name in kept} for mail in chosen]})

    def _as_list(self, request: LocalRequest) -> LocalResponse:
        to = request.parameter("to")
        newest_first = self.mails(to)[::-1]
        pages = max(1, -(-len(newest_first) // PAGE_LENGTH))
        page = max(1, min(_whole_number(request.parameter("page"), 1), pages))
        shown = newest_first[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
        return LocalResponse.html(listing(shown, len(newest_first), to, page, pages), headers=SAFETY)


def _is_to(mail: Mail, wanted: str) -> bool:
    return wanted in mail.to if "@" in wanted else any(wanted in address for address in mail.to)


def _whole_number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _following(every: list[Mail], mails: list[Mail], after: str) -> list[Mail]:
    """Of ``mails`` those that came later; an unknown id, as of a run before this one, hides nothing."""
    places = {mail.id: place for place, mail in enumerate(every)}
    return [mail for mail in mails if places[mail.id] > places.get(after, -1)]


def _read(stored: StoredMail) -> Mail:
    message = message_from_bytes(stored.raw, policy=policy.default)
    headers = [(name, str(value)) for name, value in message.items()]
    named = [value for name, value in headers if name.lower() in ("to", "cc")]
    addresses = [address for _, address in getaddresses([*stored.recipients, *named])]
    return Mail(
        id=stored.message_id,
        to=list(dict.fromkeys(address.lower() for address in addresses if address)),
        subject=str(message.get("Subject", "")),
        sent_at=_when(stored, message.get("Date")),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=headers,
    )


def _when(stored: StoredMail, date: str | None) -> str | None:
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


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        return (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
