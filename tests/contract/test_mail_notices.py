"""What SES and SendGrid tell of mail, and what others would like us to believe they told."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.mail.mime import mime_of
from chalicelib.adapters.mail.sendgrid_notices import SendGridNotices
from chalicelib.adapters.mail.ses_notices import SesNotices, marks_of
from chalicelib.domain.errors import InvalidInput, NotSignedIn
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Language, Mail
from chalicelib.domain.mail_fates import Fate, MailFate
from infra.local.engine import StoredMail
from infra.local.mail_feedback import Feedback, notices_of
from infra.local.standins.sendgrid_events import new_webhook_keys, signed
from tests.contract.neighbours import NOON

PRIVATE, PUBLIC = new_webhook_keys()
SENDGRID = SendGridNotices(PUBLIC, lambda: NOON)
KEY = SendKey("verify_email/Zm9v_-bar.1")
MAIL = Mail(KEY, "siti@surel.example", "Halo", "Halo\n", "<p>Halo</p>", Language.INDONESIAN, "c-1", NOON)
SECOND = timedelta(seconds=1)


def ses_notice(kind: str, to: str = "siti@surel.example", **details: Any) -> dict[str, Any]:
    raw = mime_of(MAIL, sender="Prakerja <no-reply@prakerja.example>", marks=marks_of(MAIL))
    (notice,) = notices_of(StoredMail("m-1", raw, NOON, (to,)), Feedback(bounce_share=float(kind == "Bounce")))
    if kind == "Complaint":
        notice = {**notice, "eventType": "Complaint", "complaint": {"timestamp": notice["delivery"]["timestamp"]}}
    notice[kind.lower()] |= details
    return notice


@pytest.mark.parametrize(
    ("kind", "fate"), [("Delivery", Fate.DELIVERED), ("Bounce", Fate.BOUNCED), ("Complaint", Fate.COMPLAINED)]
)
def test_ses_tells_the_fate_of_a_mail_by_our_own_marks(kind: str, fate: Fate) -> None:
    assert SesNotices().read(ses_notice(kind)) == [MailFate("ses", KEY, fate, NOON, NOON + SECOND)]


def test_a_mailbox_that_is_full_is_no_verdict() -> None:
    assert SesNotices().read(ses_notice("Bounce", bounceType="Transient")) == []


@pytest.mark.parametrize("kind", ["Send", "Open", "DeliveryDelay", "Greeting"])
def test_what_is_not_final_is_passed_over(kind: str) -> None:
    assert SesNotices().read({"eventType": kind}) == []


def test_mail_of_somebody_else_in_the_account_is_passed_over() -> None:
    notice = ses_notice("Delivery")
    notice["mail"]["tags"] = {"theirs": ["x"]}
    assert SesNotices().read(notice) == []


def broken_notices() -> list[Any]:
    whole = ses_notice("Delivery")
    return [
        {},
        {"eventType": []},
        {"eventType": "Delivery"},
        {**whole, "mail": None},
        {**whole, "mail": {"tags": {"send_key": []}}},
        {**whole, "mail": {"tags": {"send_key": ["%%%"], "left_at": ["soon"]}}},
        {**whole, "mail": {"tags": {"send_key": ["Zm9v"], "left_at": ["9" * 30]}}},
        {**whole, "delivery": {"timestamp": "yesterday"}},
    ]


@pytest.mark.parametrize("notice", broken_notices(), ids=range(len(broken_notices())))
def test_what_ses_would_not_say_is_refused(notice: Any) -> None:
    with pytest.raises(InvalidInput, match="mail_notice_not_readable"):
        SesNotices().read(notice)


def event(kind: str, **more: Any) -> dict[str, Any]:
    left_at = str(int(NOON.timestamp()))
    return {"event": kind, "send_key": KEY, "left_at": left_at, "timestamp": int(NOON.timestamp()) + 1, **more}


def read(content: Any, *, at: datetime = NOON, private: str = PRIVATE) -> list[MailFate]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {name.lower(): value for name, value in signed(private, body, at=at).items()}
    return list(SENDGRID.read(body, headers))


def test_sendgrid_tells_fates_in_lists() -> None:
    events = [event("processed"), event("delivered"), event("bounce", type="bounce"), event("spamreport")]
    fates = [fate.fate for fate in read(events)]
    assert fates == [Fate.DELIVERED, Fate.BOUNCED, Fate.COMPLAINED]
    assert read([event("delivered")]) == [MailFate("sendgrid", KEY, Fate.DELIVERED, NOON, NOON + SECOND)]


@pytest.mark.parametrize(
    ("reason", "fates"),
    [("Bounced Address", [Fate.BOUNCED]), ("Spam Reporting Address", [Fate.COMPLAINED]), ("Unsubscribed Address", [])],
)
def test_what_sendgrid_drops_by_its_own_list_is_a_fate_too(reason: str, fates: list[Fate]) -> None:
    assert [fate.fate for fate in read([event("dropped", reason=reason)])] == fates


def test_a_blocked_mail_and_somebody_elses_are_passed_over() -> None:
    assert read([event("bounce", type="blocked"), {"event": "delivered", "timestamp": 1}]) == []


def test_only_sendgrid_is_believed() -> None:
    with pytest.raises(NotSignedIn, match="signature_wrong"):
        read([event("bounce")], private=new_webhook_keys()[0])


@pytest.mark.parametrize("missing", ["signature", "timestamp"])
def test_what_is_not_signed_is_not_read(missing: str) -> None:
    body = json.dumps([event("bounce")]).encode()
    headers = {name.lower(): value for name, value in signed(PRIVATE, body, at=NOON).items()}
    for value in ("", "x", "-1", "9" * 40):
        with pytest.raises(NotSignedIn, match="signature_wrong"):
            SENDGRID.read(body, {**headers, f"x-twilio-email-event-webhook-{missing}": value})


def test_a_changed_body_or_time_is_noticed() -> None:
    body = json.dumps([event("delivered")]).encode()
    headers = {name.lower(): value for name, value in signed(PRIVATE, body, at=NOON).items()}
    with pytest.raises(NotSignedIn):
        SENDGRID.read(body.replace(b"delivered", b"spamreport"), headers)
    later = str(int(NOON.timestamp()) + 1)
    with pytest.raises(NotSignedIn):
        SENDGRID.read(body, {**headers, "x-twilio-email-event-webhook-timestamp": later})


@pytest.mark.parametrize("at", [NOON - timedelta(hours=26), NOON + timedelta(minutes=6)])
def test_an_old_notice_played_again_is_refused(at: datetime) -> None:
    with pytest.raises(NotSignedIn, match="signature_old"):
        read([event("bounce")], at=at)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", {"event": "bounce"}, [{"event": "bounce", "send_key": "x"}]])
def test_what_sendgrid_would_not_say_is_refused(content: Any) -> None:
    with pytest.raises(InvalidInput, match="mail_notice_not_readable"):
        read(content)
