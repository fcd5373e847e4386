"""Our client of Amazon SES against moto, and against SES's refusals."""

import email
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws
from moto.ses.models import ses_backends

from chalicelib.adapters.mail.mime import mime_of
from chalicelib.adapters.mail.ses import SesMail
from chalicelib.adapters.mail.ses_notices import marks_of
from chalicelib.domain.errors import Fault, MailUnavailable, Rejected
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Language, Mail
from chalicelib.domain.mail_routes import Quota

SENDER = "Kartu Prakerja <no-reply@prakerja.example>"
MAIL = Mail(
    send_key=SendKey("awarded:1.abc:71"),
    to="siti@surel.example",
    subject="Selamat — Anda lolos",
    text="Halo,\n.\nAnda lolos gelombang 71 — selamat!\n",
    html="<p>Anda lolos gelombang 71 — selamat!</p>",
    language=Language.INDONESIAN,
    correlation_id="c-1",
    left_at=datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
)


def new_client(**options: Any) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=0.5, read_timeout=0.5)
    return boto3.client("sesv2", region_name="ap-southeast-3", config=config, **keys, **options)


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    """One client for all tests: making it takes far longer than using it."""
    with mock_aws():
        client = new_client()
        yield client
        client.close()


@pytest.fixture
def client(aws: Any) -> Any:
    ses_backends.reset()
    aws.create_email_identity(EmailIdentity="prakerja.example")
    return aws


def sent() -> list[Any]:
    return list(ses_backends["123456789012"]["ap-southeast-3"].sent_messages)


def read(raw: bytes | str) -> EmailMessage:
    raw = raw.encode() if isinstance(raw, str) else raw
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def refusal_of(client: Any, code: str, text: str = "") -> Fault:
    with Stubber(client) as stub:
        stub.add_client_error("send_email", service_error_code=code, service_message=text)
        with pytest.raises((Rejected, MailUnavailable)) as refusal:
            SesMail(client, SENDER, "prakerja").send(MAIL)
    return refusal.value


def test_a_mail_arrives_whole(client: Any) -> None:
    message_id = SesMail(client, SENDER, "prakerja").send(MAIL)
    (arrived,) = sent()
    message = read(arrived.raw_data)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert arrived.id == message_id
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, MAIL.to, MAIL.subject)
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html is not None
    assert html.get_content().strip() == MAIL.html


def test_only_the_person_written_to_is_written_to(client: Any) -> None:
    stub = Stubber(client)
    expected = {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": [MAIL.to]},
        "Content": {"Raw": {"Data": mime_of(MAIL, sender=SENDER, marks=marks_of(MAIL))}},
        "ConfigurationSetName": "prakerja",
    }
    stub.add_response("send_email", {"MessageId": "m-1"}, expected)
    with stub:
        assert SesMail(client, SENDER, "prakerja").send(MAIL) == "m-1"


def test_headers_say_what_machines_need_and_no_more() -> None:
    message = read(mime_of(MAIL, sender=SENDER))
    digest = message["X-Prakerja-Send-Key"]
    assert len(digest) == 43
    assert MAIL.send_key not in mime_of(MAIL, sender=SENDER).decode()
    assert message["Message-ID"] == f"<{digest}@prakerja.example>"
    assert message["X-Correlation-Id"] == "c-1"
    assert message["Content-Language"] == "id"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "Kartu Prakerja <notices.prakerja.example>"


def test_the_same_mail_has_the_same_bytes_and_another_has_another_id() -> None:
    first, second = mime_of(MAIL, sender=SENDER), mime_of(MAIL, sender=SENDER)
    other = mime_of(replace(MAIL, send_key=SendKey("awarded:1.abc:72")), sender=SENDER)
    assert first == second
    assert read(first)["Message-ID"] != read(other)["Message-ID"]


def test_a_mail_is_plain_lines_of_ascii_that_every_relay_carries() -> None:
    long = replace(MAIL, subject="é" * 300, html="<p>" + "é" * 5000 + "</p>")
    raw = mime_of(long, sender=SENDER)
    assert raw.isascii()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 76


@pytest.mark.parametrize(
    "address",
    [
        "",
        "siti",
        "siti@",
        "@surel.example",
        "siti@localhost",
        "siti @surel.example",
        "a@surel.example, b@surel.example",
        "siti@surel.example\r\nBcc: all@surel.example",
        "Siti <siti@surel.example>",
        "siti@surel.example (Siti)",
        "siti@surel..example",
        "sití@surel.example",
    ],
)
def test_what_is_not_one_address_is_refused_before_anything_is_sent(client: Any, address: str) -> None:
    with pytest.raises(Rejected, match="mail_refused"):
        SesMail(client, SENDER, "prakerja").send(replace(MAIL, to=address))
    assert sent() == []


def test_a_domain_beyond_ascii_is_written_as_dns_spells_it() -> None:
    assert read(mime_of(replace(MAIL, to="siti@bücher.example"), sender=SENDER))["To"] == "siti@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("MessageRejected", "Email contains a virus"),
        ("BadRequestException", "Illegal address"),
        ("BadRequestException", "Domain contains dot-dot: siti@surel..example"),
    ],
)
def test_a_recipient_that_cannot_be_is_refused_for_good(client: Any, code: str, text: str) -> None:
    assert isinstance(refusal_of(client, code, text), Rejected)


@pytest.mark.parametrize(
    "code",
    ["TooManyRequestsException", "LimitExceededException", "ThrottlingException", "InternalFailure", "RequestTimeout"],
)
def test_a_busy_or_sick_provider_is_only_unavailable(client: Any, code: str) -> None:
    refusal = refusal_of(client, code)
    assert isinstance(refusal, MailUnavailable)
    assert refusal.code == "mail_unavailable"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("SendingPausedException", "Sending is paused for this account"),
        ("AccountSuspendedException", ""),
        ("MailFromDomainNotVerifiedException", ""),
        ("NotFoundException", "Configuration set <prakerja> does not exist."),
        ("AccessDeniedException", ""),
        ("ExpiredTokenException", ""),
        ("MessageRejected", "Email address is not verified. The following identities failed: siti@surel.example"),
        ("BadRequestException", "Configuration set does not exist"),
    ],
)
def test_a_provider_that_refuses_us_refuses_nobody_else(client: Any, code: str, text: str) -> None:
    refusal = refusal_of(client, code, text)
    assert isinstance(refusal, MailUnavailable)
    assert refusal.code == "mail_provider_refuses_us"


def test_an_unverified_sender_refuses_no_recipient(aws: Any) -> None:
    ses_backends.reset()
    with pytest.raises(MailUnavailable, match="mail_provider_refuses_us"):
        SesMail(aws, SENDER, "prakerja").send(MAIL)


def test_a_network_that_is_down_is_unavailable() -> None:
    client = new_client(endpoint_url="http://127.0.0.1:9")
    with pytest.raises(MailUnavailable):
        SesMail(client, SENDER, "prakerja").send(MAIL)
    client.close()


def test_a_refusal_does_not_repeat_the_address(client: Any) -> None:
    refusal = refusal_of(client, "MessageRejected", f"Email address is not verified: {MAIL.to}")
    assert MAIL.to not in "".join(traceback.format_exception(refusal)) + repr(refusal.__context__)
    assert refusal.__context__ is None


def test_the_quota_is_what_ses_says_now(client: Any) -> None:
    told = {"SendQuota": {"Max24HourSend": 2_000_000.0, "MaxSendRate": 350.0, "SentLast24Hours": 7.0}}
    with Stubber(client) as stub:
        stub.add_response("get_account", told)
        assert SesMail(client, SENDER, "prakerja").quota() == Quota(350, 2_000_000)


def test_a_quota_that_ses_does_not_say_is_not_made_up(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("get_account", "TooManyRequestsException")
        assert SesMail(client, SENDER, "prakerja").quota() is None


def test_a_quota_that_was_set_is_not_asked_for(client: Any) -> None:
    assert SesMail(client, SENDER, "prakerja", Quota(1, 2)).quota() == Quota(1, 2)
