"""The mailbox as HTML: plain, readable on a phone, and without anything from elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from urllib.parse import quote, urlencode

from chalicelib.domain.time import WIB
from infra.local.mails import Mail

# A mail is not trusted: nothing in it may run, and nothing may be fetched from elsewhere.
SAFETY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:; frame-src 'self';"
    " form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 50rem; padding: 1rem }
a { color: inherit } h1 { font-size: 1.3rem }
ol { list-style: none; padding: 0 } li { border-top: 1px solid #8886; padding: .6rem 0 }
li a { display: block; text-decoration: none } .quiet { opacity: .7; font-size: .9rem; overflow-wrap: anywhere }
input, button { font: inherit; padding: .4rem .6rem } form { display: flex; gap: .5rem; flex-wrap: wrap }
input { flex: 1; min-width: 12rem } iframe { width: 100%; height: 60vh; border: 1px solid #8886; background: #fff }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; padding: .6rem }
"""


def document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )


def _moment(sent_at: str | None) -> str:
    if sent_at is None:
        return ""
    return datetime.fromisoformat(sent_at).astimezone(WIB).strftime("%d %b %Y %H:%M:%S WIB")


def listing(mails: Sequence[Mail], count: int, to: str, page: int, pages: int) -> str:
    rows = "".join(_row(mail) for mail in mails) or "<li>No mail yet.</li>"
    search = (
        '<form action="/mailbox"><input name="to" type="search" aria-label="Recipient" placeholder="Recipient"'
        f' value="{escape(to)}"><button>Filter</button></form>'
    )
    head = f'{search}<p>{count} mails &middot; <a href="/mailbox/templates">templates</a></p>'
    return document("Mailbox", f"{head}<ol>{rows}</ol>{_turning(to, page, pages)}")


def _row(mail: Mail) -> str:
    return (
        f'<li><a href="/mailbox/{quote(mail.id, safe="")}"><strong>{escape(mail.subject) or "(no subject)"}</strong>'
        f'<br><span class="quiet">{escape(", ".join(mail.to))} &middot; {_moment(mail.sent_at)}</span></a></li>'
    )


def _turning(to: str, page: int, pages: int) -> str:
    neighbours = [("Newer", page - 1), ("Older", page + 1)]
    links = [
        f'<a href="/mailbox?{escape(urlencode({"to": to, "page": number}))}">{word}</a>'
        for word, number in neighbours
        if 1 <= number <= pages
    ]
    return f"<p>Page {page} of {pages} {' '.join(links)}</p>"


def one_mail(mail: Mail) -> str:
    headers = "".join(f"<div><strong>{escape(name)}:</strong> {escape(value)}</div>" for name, value in mail.headers)
    parts = [
        '<p><a href="/mailbox">All mail</a></p>',
        f'<p class="quiet">{escape(", ".join(mail.to))} &middot; {_moment(mail.sent_at)}</p>',
        frame(mail.html) if mail.html else "",
        f"<h2>Text</h2><pre>{escape(mail.text)}</pre>" if mail.text else "",
        f'<details><summary>Headers</summary><div class="quiet">{headers}</div></details>',
    ]
    return document(mail.subject or "(no subject)", "".join(parts))


def frame(content: str) -> str:
    # Links leave the sandbox, into a tab of their own: people click on what the mail offers.
    document = f'<base target="_blank">{content}'
    return (
        '<iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox"'
        f' srcdoc="{escape(document)}"></iframe>'
    )
