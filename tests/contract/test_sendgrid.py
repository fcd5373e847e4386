"""Our client of SendGrid against its stand-in, over the wire."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.mail.sendgrid import SendGridMail
from chalicelib.domain.errors import MailUnavailable, Rejected
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Language, Mail
from chalicelib.domain.mail_routes import Quota
from infra.local.standins.messages import Reply
from infra.local.standins.scripted import ScriptedStandIn
from infra.local.standins.sendgrid import SendGridStandIn
from tests.contract.neighbours import (
    NOON,
    http_fixture,  # noqa: F401
)

SENDER = "Kartu Prakerja <no-reply@prakerja.example>"
MAIL = Mail(
    send_key=SendKey("awarded:1.abc:71"),
    to="siti@surel.example",
    subject="Selamat — Anda lolos",
    text="Anda lolos.",
    html="<p>Anda lolos.</p>",
    language=Language.ENGLISH,
    correlation_id="c-1",
    left_at=NOON,
)


@pytest.fixture
def office() -> Iterator[SendGridStandIn]:
    office = SendGridStandIn(api_key="key", now=lambda: NOON)
    yield office
    office.stop()


@pytest.fixture
def provider(office: SendGridStandIn, http: JsonCaller) -> SendGridMail:
    return SendGridMail(office.start(), "key", SENDER, Quota(10, 40_000), http)


def told(http: JsonCaller, reply: Reply) -> str:
    stand_in = ScriptedStandIn(reply, now=lambda: NOON)
    try:
        return SendGridMail(stand_in.start(), "key", SENDER, Quota(10, 40_000), http).send(MAIL)
    finally:
        stand_in.stop()


def test_a_mail_arrives_whole(provider: SendGridMail, office: SendGridStandIn) -> None:
    message_id = provider.send(MAIL)
    (arrived,) = office.mails.all()
    assert arrived["message_id"] == message_id
    assert arrived["send_key"] == MAIL.send_key
    assert (arrived["to"], arrived["subject"]) == (MAIL.to, MAIL.subject)
    assert (arrived["text"], arrived["html"]) == (MAIL.text, MAIL.html)
    assert arrived["from"] == {"email": "no-reply@prakerja.example", "name": "Kartu Prakerja"}
    headers: Any = arrived["headers"]
    assert (headers["X-Correlation-Id"], headers["Content-Language"]) == ("c-1", "en")
    assert MAIL.send_key not in json.dumps(headers)


@pytest.mark.parametrize(
    "fault",
    [{"rate_limited": True}, {"http_500": True}, {"outage": True}, {"hang_seconds": 5}, {"lose_reply": True}],
    ids=str,
)
def test_a_busy_or_sick_provider_is_only_unavailable(
    provider: SendGridMail, office: SendGridStandIn, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    with pytest.raises(MailUnavailable, match="mail_unavailable"):
        provider.send(MAIL)
    office.behave()
    assert provider.send(MAIL)


@pytest.mark.parametrize("fault", [{"refuse_key": True}, {"forbid": True}, {"refuse_content": True}], ids=str)
def test_a_provider_that_refuses_us_is_left_and_is_seen(
    provider: SendGridMail, office: SendGridStandIn, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    with pytest.raises(MailUnavailable, match="mail_provider_refuses_us"):
        provider.send(MAIL)
    assert office.mails.all() == []


def test_an_address_the_provider_refuses_is_refused_for_good(provider: SendGridMail, office: SendGridStandIn) -> None:
    office.behave(refuse_address=True)
    with pytest.raises(Rejected, match="mail_refused"):
        provider.send(MAIL)


def test_what_is_not_one_address_never_leaves_the_house(provider: SendGridMail, office: SendGridStandIn) -> None:
    with pytest.raises(Rejected, match="mail_refused"):
        provider.send(replace(MAIL, to="a@surel.example, b@surel.example"))
    assert office.books.totals()["calls"] == 0


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"{}"),
        Reply(400, b"<html>"),
        Reply(400, b'{"errors": {}}'),
        Reply(400, b'{"errors": [null, {"field": null}]}'),
        Reply(400, b'{"errors": [{"field": "from.email"}]}'),
        Reply(413, b"{}"),
        Reply(307, headers={"Location": "/v3/mail/send"}),
    ],
)
def test_what_is_neither_taken_nor_about_the_address_refuses_nobody(http: JsonCaller, reply: Reply) -> None:
    with pytest.raises(MailUnavailable, match="mail_provider_refuses_us"):
        told(http, reply)


def test_only_http_400_is_about_the_address(http: JsonCaller) -> None:
    with pytest.raises(MailUnavailable, match="mail_unavailable"):
        told(http, Reply(500, b'{"errors": [{"field": "personalizations.0.to.0.email"}]}'))


def test_a_mail_that_was_taken_without_an_id_is_not_sent_again(http: JsonCaller) -> None:
    assert len(told(http, Reply(202))) == 43
