"""Pages that only the laptop has: what is where, health, mailbox, clock, progress, people to be."""

import dataclasses
import html
import json
import urllib.request
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.local.country import Country
from infra.local.engine import StoredMail
from infra.local.mailbox import Mailbox
from infra.local.neighbours import COUNTRY_SIZE, account_no_of
from infra.local.pages import LocalRequest, LocalResponse, Page

if TYPE_CHECKING:
    from infra.local.platform import Platform

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_SENDGRID_PAGE = 1000


def pages_of(platform: "Platform") -> dict[str, Page]:
    mailbox = Mailbox(platform.mails, SendGridMails(platform.neighbours["sendgrid"]))
    country = Country(platform.seed, COUNTRY_SIZE)
    return {
        **mailbox.pages(),
        "/health": lambda _: _health(platform),
        "/local/progress": lambda _: LocalResponse.json(platform.progress()),
        "/local/mail-feedback": lambda request: _mail_feedback(platform, request),
        "/local/idle": lambda _: LocalResponse.json({"idle": platform.is_idle()}),
        "/local/clock": lambda request: _clock(platform, request),
        "/local/staff": lambda request: _staff(platform, request),
        "/local/people": lambda request: _person(country, request),
        "/local": lambda _: _index(platform),
        "/": lambda _: _index(platform),
    }


class SendGridMails:
    """What the SendGrid stand-in took, read on from where we stopped."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._mails: list[StoredMail] = []

    def __call__(self) -> list[StoredMail]:
        try:
            address = f"{self._url}/mails?after={len(self._mails)}&limit={_SENDGRID_PAGE}"
            with _DIRECT.open(address, timeout=2) as answer:
                self._mails += [_stored(row) for row in json.load(answer)["rows"]]
        except (OSError, ValueError, KeyError):
            pass  # the page shows what it has
        return self._mails


def _stored(row: dict[str, Any]) -> StoredMail:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["To"], mail["Subject"] = row.get("to", ""), row.get("subject", "")
    mail.set_content(row.get("text", ""))
    mail.add_alternative(row.get("html", ""), subtype="html")
    return StoredMail(row["message_id"], mail.as_bytes(), datetime.fromisoformat(row["at"]), (row.get("to", ""),))


def _health(platform: "Platform") -> LocalResponse:
    parts = platform.parts()
    status = "up" if all(parts.values()) else "down"
    return LocalResponse.json({"status": status, "parts": parts}, 200 if status == "up" else 503)


def _clock(platform: "Platform", request: LocalRequest) -> LocalResponse:
    """GET tells the time; POST ``{"to": ISO 8601}`` or ``{"by_seconds": N}`` moves it, forward only."""
    if request.method == "POST":
        try:
            asked = json.loads(request.body or b"{}")
            to = datetime.fromisoformat(asked["to"]) if "to" in asked else None
            platform.move_clock(to=to, by=timedelta(seconds=float(asked.get("by_seconds", 0))))
        except (ValueError, TypeError) as error:
            return LocalResponse.json({"message": f"expected to or by_seconds: {error}"}, 400)
    return LocalResponse.json({"now": platform.clock.now().isoformat()})


def _staff(platform: "Platform", request: LocalRequest) -> LocalResponse:
    """POST ``{"name", "role"}``: a token for a member of staff."""
    if request.method != "POST":
        return LocalResponse.json({"message": "POST {name, role: staff or approver}"}, 405)
    try:
        asked = json.loads(request.body)
        token = platform.enrol_staff(str(asked["name"]), str(asked["role"]))
    except (ValueError, KeyError, TypeError):
        return LocalResponse.json({"message": "expected name and role: staff or approver"}, 400)
    return LocalResponse.json({"token": token}, 201)


def _mail_feedback(platform: "Platform", request: LocalRequest) -> LocalResponse:
    """POST ``{"bounce_share": 0.3, "delay_seconds": 2, "silent": false}``: what SES tells of the mail it took."""
    if request.method != "POST":
        return LocalResponse.json({"message": "POST {bounce_share, delay_seconds, silent}"}, 405)
    try:
        settings = json.loads(request.body or b"{}")
        return LocalResponse.json(platform.mail_feedback(**settings))
    except (ValueError, TypeError):
        return LocalResponse.json({"message": "expected bounce_share, delay_seconds, silent"}, 400)


def _person(country: Country, request: LocalRequest) -> LocalResponse:
    """Somebody whom the stand-ins know, to try the journey as: ``/local/people/42``."""
    number = request.decoded_path.rpartition("/")[2]
    index = int(number) if number.isdigit() and int(number) < len(country) else 0
    person = dataclasses.asdict(country.person(index))
    known = {name: person[name] for name in person if name not in {"life", "birth_date"}}
    told = {**known, "birth_date": str(person["birth_date"]), "life": person["life"].value}
    return LocalResponse.json({**told, "payout_account_no": account_no_of(index)})


def _index(platform: "Platform") -> LocalResponse:
    rows = [("/register", "the page of registration; in the cloud it is at / too")]
    rows += [
        ("/docs", "API, to read"),
        ("/openapi.json", "API, for programs"),
        ("/mailbox", "every mail that was sent"),
    ]
    rows += [("/health", "which parts are up"), ("/local/progress", "queues, dead letters, clock")]
    rows += [("/local/people/42", "somebody to try the journey as"), ("/v1/waves", "waves")]
    rows += [(url, f"stand-in: {name}, its books and behaviour") for name, url in platform.neighbours.items()]
    items = "".join(
        f'<li><a href="{html.escape(href)}">{html.escape(href)}</a> {html.escape(what)}' for href, what in rows
    )
    style = "body{font:17px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return LocalResponse.html(
        f"{head}<title>Prakerja, here</title><style>{style}</style><h1>Prakerja</h1><ul>{items}</ul>"
    )
