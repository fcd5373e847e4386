"""A mail: begun, and over when it was sent or refused for good."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import IllegalTransition
from chalicelib.domain.mail import MailState, OutboxMail, let_go, refused, sent, taken_up
from tests.builders import a_mail_order
from tests.fakes import NOON


def begun() -> OutboxMail:
    order = a_mail_order()
    return OutboxMail(order.send_key, order.template, order.applicant_id, MailState.SENDING, NOON)


def test_a_sent_mail_says_who_took_it() -> None:
    mail = sent(begun(), provider="ses", message_id="1")
    assert (mail.state, mail.provider, mail.provider_message_id) == (MailState.SENT, "ses", "1")


def test_a_mail_is_over_when_it_was_sent_or_refused() -> None:
    over = [sent(begun(), provider="ses", message_id="1"), refused(begun())]
    assert [mail.is_over() for mail in (begun(), *over)] == [False, True, True]


@pytest.mark.parametrize("over", [sent(begun(), provider="ses", message_id="1"), refused(begun())])
def test_what_is_over_is_not_ended_again(over: OutboxMail) -> None:
    with pytest.raises(IllegalTransition):
        sent(over, provider="sendgrid", message_id="2")
    with pytest.raises(IllegalTransition):
        refused(over)


def test_a_mail_that_nobody_took_waits_for_whoever_looks_next() -> None:
    waiting = let_go(begun())
    assert (waiting.state, waiting.is_over(), waiting.left_at) == (MailState.WAITING, False, None)
    again = taken_up(waiting, now=NOON + timedelta(minutes=1))
    assert (again.state, again.taken_up_at) == (MailState.SENDING, NOON + timedelta(minutes=1))


def test_a_mail_left_when_it_was_last_taken_up() -> None:
    assert begun().left_at is None
    assert sent(begun(), provider="ses", message_id="1").left_at == NOON
