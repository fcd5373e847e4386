"""Every mail that the application sent, readable in a browser and by a program."""

import html
import threading
from collections.abc import Callable, Sequence

from infra.local.engine import StoredMail
from infra.local.mailbox_pages import SAFETY, listing, one_mail
from infra.local.mails import KeptMail, Mail
from infra.local.pages import LocalRequest, LocalResponse, Page
from infra.local.template_pages import list_of_templates, preview

PAGE_LENGTH = 50
MOST_AT_ONCE = 1000

_TEMPLATE_IS_MISSING = "<p>There is no such template; see /mailbox/templates.</p>"

Source = Callable[[], Sequence[StoredMail]]


class Mailbox:
    """``sources`` may only grow. Mails keep the order in which they were first seen, so ``after`` is a safe cursor."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources
        self._taken = [0] * len(sources)
        self._kept: list[KeptMail] = []
        self._places: dict[str, int] = {}
        self._by_address: dict[str, list[KeptMail]] = {}
        self._lock = threading.Lock()

    def pages(self) -> dict[str, Page]:
        return {"/mailbox": self.page}

    def mails(self, to: str = "") -> list[Mail]:
        """Oldest first. ``to`` is an address, or without an "@" a part of one; its case does not matter."""
        return [kept.mail for kept in self._found(to)]

    def _found(self, to: str) -> list[KeptMail]:
        wanted = to.strip().lower()
        with self._lock:
            for place, source in enumerate(self._sources):
                self._take(place, source())
            if "@" in wanted:
                return list(self._by_address.get(wanted, []))
            found = list(self._kept)
        return [kept for kept in found if any(wanted in address for address in kept.to)] if wanted else found

    def _take(self, place: int, stored: Sequence[StoredMail]) -> None:
        # Shorter than it was: its engine was emptied, and begins anew.
        begin = self._taken[place] if self._taken[place] <= len(stored) else 0
        for mail in stored[begin:]:
            if mail.message_id not in self._places:
                self._keep(KeptMail(mail))
        self._taken[place] = len(stored)

    def _keep(self, kept: KeptMail) -> None:
        self._places[kept.id] = len(self._kept)
        self._kept.append(kept)
        for address in kept.to:
            self._by_address.setdefault(address, []).append(kept)

    def page(self, request: LocalRequest) -> LocalResponse:
        if request.method not in ("GET", "HEAD"):
            return LocalResponse.json({"message": "Method Not Allowed"}, 405, {"Allow": "GET"})
        path = request.decoded_path
        if path == "/mailbox.json":
            return self._as_json(request)
        if path in ("/mailbox", "/mailbox/"):
            return self._as_list(request)
        if path.rstrip("/").startswith("/mailbox/templates"):
            return _template_page(path.removeprefix("/mailbox/templates").strip("/"))
        found = self._found("")
        place = self._places.get(path.removeprefix("/mailbox/"))
        if place is None:
            return LocalResponse.html(f"<p>There is no mail {html.escape(path)}.</p>", 404, SAFETY)
        return LocalResponse.html(one_mail(found[place].mail), headers=SAFETY)

    def _as_json(self, request: LocalRequest) -> LocalResponse:
        """After a given id: the next ones. Without: the latest. Oldest first in both."""
        limit = max(1, min(_whole_number(request.parameter("limit"), 100), MOST_AT_ONCE))
        found = self._found(request.parameter("to"))
        after = request.parameter("after")
        chosen = self._following(found, after)[:limit] if after else found[-limit:]
        return LocalResponse.json({"mails": [_told(kept.mail) for kept in chosen]})

    def _following(self, found: list[KeptMail], after: str) -> list[KeptMail]:
        """What came later than that id; an unknown one, as of a run before this, hides nothing."""
        place = self._places.get(after, -1)
        return [kept for kept in found if self._places[kept.id] > place]

    def _as_list(self, request: LocalRequest) -> LocalResponse:
        to = request.parameter("to")
        newest_first = self._found(to)[::-1]
        pages = max(1, -(-len(newest_first) // PAGE_LENGTH))
        page = max(1, min(_whole_number(request.parameter("page"), 1), pages))
        shown = [kept.mail for kept in newest_first[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]]
        return LocalResponse.html(listing(shown, len(newest_first), to, page, pages), headers=SAFETY)


def _told(mail: Mail) -> dict[str, str | list[str] | None]:
    return {
        "id": mail.id,
        "to": mail.to,
        "subject": mail.subject,
        "sent_at": mail.sent_at,
        "text": mail.text,
        "html": mail.html,
    }


def _whole_number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _template_page(name: str) -> LocalResponse:
    page = preview(name) if name else list_of_templates()
    if page is None:
        return LocalResponse.html(_TEMPLATE_IS_MISSING, 404, SAFETY)
    return LocalResponse.html(page, headers=SAFETY)
