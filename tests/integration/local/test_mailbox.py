"""The mailbox shows what was sent: to people, and to programs that look for a code."""

import json
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

from chalicelib.domain.mail import Language, Template
from infra.local.engine import StoredMail
from infra.local.mailbox import Mailbox
from infra.local.pages import LocalRequest, LocalResponse

NOON = datetime(2030, 3, 1, 12, tzinfo=UTC)


def _mail(number: int, to: str = "ani@example.id", html: str = "<b>hello</b>") -> StoredMail:
    mail = MIMEMultipart("alternative")
    mail["From"], mail["To"] = "a@toys.example", f"Someone <{to}>"
    mail["Subject"] = Header(f"Code {number} é <script>", "utf-8").encode()
    mail.attach(MIMEText(f"Your code is {number:06}.", "plain", "utf-8"))
    mail.attach(MIMEText(html, "html", "utf-8"))
    return StoredMail(f"id-{number}@ses", mail.as_bytes(), NOON + timedelta(minutes=number))


def _get(mailbox: Mailbox, address: str) -> LocalResponse:
    path, _, query = address.partition("?")
    return mailbox.pages()["/mailbox"](LocalRequest("GET", path, query, []))


def _json(mailbox: Mailbox, query: str = "") -> list[dict[str, Any]]:
    mails: list[dict[str, Any]] = json.loads(_get(mailbox, f"/mailbox.json?{query}").body)["mails"]
    return mails


def test_a_program_finds_the_latest_code_of_one_person() -> None:
    mails = [_mail(1), _mail(2, "budi@example.id"), _mail(3)]
    latest = _json(Mailbox(lambda: mails), "to=Ani@Example.id")[-1]
    assert latest["id"] == "id-3@ses"
    assert latest["text"].strip() == "Your code is 000003."
    assert latest["html"].strip() == "<b>hello</b>"
    assert latest["to"] == ["ani@example.id"]
    assert latest["subject"] == "Code 3 é <script>"
    assert latest["sent_at"] == "2030-03-01T12:03:00+00:00"


def test_a_whole_address_is_not_a_part_of_another() -> None:
    mailbox = Mailbox(lambda: [_mail(1, "ani@example.id"), _mail(2, "bu-ani@example.id")])
    assert [mail["id"] for mail in _json(mailbox, "to=ani@example.id")] == ["id-1@ses"]
    assert len(_json(mailbox, "to=ani")) == 2


def test_after_goes_on_where_a_program_stopped_over_all_sources() -> None:
    ses, sendgrid = [_mail(1), _mail(2)], [_mail(10)]
    mailbox = Mailbox(lambda: ses, lambda: sendgrid)
    assert [mail["id"] for mail in _json(mailbox)] == ["id-1@ses", "id-2@ses", "id-10@ses"]
    ses.append(_mail(3))
    assert [mail["id"] for mail in _json(mailbox, "after=id-10@ses")] == ["id-3@ses"]
    assert [mail["id"] for mail in _json(mailbox, "after=id-1@ses&limit=1")] == ["id-2@ses"]
    assert len(_json(mailbox, "after=of+another+run")) == 4
    assert [mail["id"] for mail in _json(mailbox, "limit=1")] == ["id-3@ses"]


def test_people_see_the_newest_first_in_pages() -> None:
    mails = [_mail(number) for number in range(120)]
    mailbox = Mailbox(lambda: mails)
    first = _get(mailbox, "/mailbox").body.decode()
    assert first.index("Code 119") < first.index("Code 118")
    assert "Code 60 " not in first
    assert "Page 1 of 3" in first
    assert "Code 0 " in _get(mailbox, "/mailbox?page=3").body.decode()
    assert "01 Mar 2030 20:59:00 WIB" in first
    assert "<script>" not in first


def test_a_mail_is_shown_in_a_sandbox() -> None:
    mailbox = Mailbox(lambda: [_mail(1, html='<a href="https://x.example">go</a><script>alert(1)</script>"')])
    answer = _get(mailbox, "/mailbox/id-1%40ses")
    page = answer.body.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "<script>" not in page
    assert "default-src 'none'" in dict(answer.headers)["Content-Security-Policy"]
    assert "Your code is 000001." in page


def test_what_is_not_there_or_broken_does_no_harm() -> None:
    broken = StoredMail("broken", b"Content-Type: text/plain; charset=klingon\r\nDate: never\r\n\r\n\xff\xfe")
    mailbox = Mailbox(lambda: [broken])
    assert _json(mailbox)[0]["to"] == []
    assert _get(mailbox, "/mailbox/nothing").status == 404
    assert _get(mailbox, "/mailbox/broken").status == 200
    assert _get(mailbox, "/mailbox?page=999999999999").status == 200
    assert mailbox.page(LocalRequest("DELETE", "/mailbox", "", [])).status == 405


def test_an_engine_that_was_emptied_begins_anew() -> None:
    mails = [_mail(1), _mail(2)]
    mailbox = Mailbox(lambda: mails)
    assert len(_json(mailbox)) == 2
    mails[:] = [_mail(7)]
    assert [mail["id"] for mail in _json(mailbox)][-1] == "id-7@ses"


def test_every_template_can_be_looked_at_in_both_languages() -> None:
    mailbox = Mailbox(list)
    listed = _get(mailbox, "/mailbox/templates").body.decode()
    for template in Template:
        for language in Language:
            assert f'href="/mailbox/templates/{template}.{language}"' in listed
            answer = _get(mailbox, f"/mailbox/templates/{template}.{language}")
            assert (answer.status, "<iframe" in answer.body.decode()) == (200, True)
    assert "123456" in _get(mailbox, "/mailbox/templates/verify_email.id").body.decode()
    for missing in ("verify_email.fr", "nothing.id", "verify_email", "..%2f..%2fx.id"):
        assert _get(mailbox, f"/mailbox/templates/{missing}").status == 404
