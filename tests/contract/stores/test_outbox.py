"""What ``Outbox`` promises: a mail is begun by one, and ended by whoever began it last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import MailState, OutboxMail, Template, sent
from chalicelib.ports import Outbox
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON


def begun() -> OutboxMail:
    number = fresh()
    key = SendKey(f"identity_verified/{number}")
    return OutboxMail(key, Template.IDENTITY_VERIFIED, an_applicant_id(number), MailState.SENDING, NOON)


def test_a_mail_comes_back_as_it_was_begun(outbox: Outbox) -> None:
    mail = begun()
    outbox.save(mail)
    assert outbox.get(mail.send_key) == replace(mail, version=1)


def test_a_mail_that_nobody_began_is_not_there(outbox: Outbox) -> None:
    assert outbox.get(SendKey(f"identity_verified/{fresh()}")) is None


def test_a_mail_is_begun_by_one(outbox: Outbox) -> None:
    mail = begun()
    outbox.save(mail)
    with pytest.raises(StaleWrite):
        outbox.save(replace(mail, taken_up_at=NOON + timedelta(seconds=1)))
    assert outbox.get(mail.send_key) == replace(mail, version=1)


def test_a_mail_keeps_how_it_ended(outbox: Outbox) -> None:
    mail = begun()
    outbox.save(mail)
    over = sent(replace(mail, version=1), provider="ses", message_id="0100-abc")
    outbox.save(over)
    assert outbox.get(mail.send_key) == replace(over, version=2)


def test_a_lost_reply_does_not_put_a_mail_into_other_hands(stores: Stores) -> None:
    mail = begun()
    with stores.one_reply_lost():
        stores.outbox.save(mail)
    assert stores.outbox.get(mail.send_key) == replace(mail, version=1)
