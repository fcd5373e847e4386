"""Send one mail, once, by the first provider that takes it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import MailUnavailable, StoreUnavailable
from chalicelib.domain.mail import SENDING_LEASE, Language, MailOrder, MailState, OutboxMail
from chalicelib.use_cases.mail.rounds import MailRound
from chalicelib.use_cases.mail.send_mail import send_mail
from tests.builders import a_mail_order, an_account, an_applicant_id
from tests.fakes import Killed, World
from tests.fakes.mailing import mailing_of
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ORDER = a_mail_order(blanks={"wave": 7})


def a_world_with_an_account() -> World:
    world = World()
    world.accounts.add(an_account(language=Language.ENGLISH))
    return world


@pytest.fixture
def world() -> World:
    return a_world_with_an_account()


def send(world: World, order: MailOrder = ORDER) -> None:
    in_round = MailRound(mailing_of(world))
    send_mail(order, "correlation-1", in_round)
    in_round.close()


def record(world: World) -> OutboxMail:
    found = world.outbox.get(ORDER.send_key)
    assert found
    return found


def test_a_mail_leaves_by_the_first_provider_and_is_noted(world: World) -> None:
    send(world)
    (mail,) = world.ses.mails
    assert not world.sendgrid.mails
    assert (mail.to, mail.send_key, mail.correlation_id) == ("siti1@contoh.example", ORDER.send_key, "correlation-1")
    assert (mail.language, mail.subject) == (Language.ENGLISH, "identity_verified.en")
    assert (record(world).state, record(world).provider) == (MailState.SENT, "ses")
    assert record(world).provider_message_id == "ses-1"


def test_blanks_of_the_order_are_filled_in(world: World) -> None:
    send(world)
    assert world.ses.mails[0].text == "public_url=https://prakerja.example\nwave=7"


def test_the_record_keeps_neither_address_nor_text(world: World) -> None:
    send(world)
    assert "@" not in repr(record(world))
    assert "https://" not in repr(record(world))


def test_a_mail_that_was_sent_is_not_sent_again(world: World) -> None:
    for _ in range(3):
        send(world)
    assert len(world.ses.mails) == 1


def test_when_the_first_provider_is_out_the_second_sends(world: World) -> None:
    world.ses.is_out = True
    send(world)
    assert [mail.send_key for mail in world.sendgrid.mails] == [ORDER.send_key]
    assert record(world).provider == "sendgrid"
    world.ses.is_out = False
    send(world)
    assert not world.ses.mails


def test_when_both_are_out_the_mail_waits_and_leaves_once_later(world: World) -> None:
    world.ses.is_out = world.sendgrid.is_out = True
    with pytest.raises(MailUnavailable, match="mail_providers_out"):
        send(world)
    assert record(world).state is MailState.WAITING
    with pytest.raises(MailUnavailable, match="mail_providers_out"):
        send(world)
    world.ses.is_out = world.sendgrid.is_out = False
    send(world)
    send(world)
    assert len(world.ses.mails) + len(world.sendgrid.mails) == 1
    assert record(world).state is MailState.SENT


def test_an_address_that_is_refused_is_refused_for_good(world: World) -> None:
    world.ses.refused_addresses.add("siti1@contoh.example")
    send(world)
    assert record(world).state is MailState.REFUSED
    world.ses.refused_addresses.clear()
    send(world)
    assert not world.ses.mails
    assert not world.sendgrid.mails


def test_a_mail_in_other_hands_is_left_to_them_until_they_were_cut_off(world: World) -> None:
    begun = OutboxMail(ORDER.send_key, ORDER.template, ORDER.applicant_id, MailState.SENDING, world.clock.now())
    world.outbox.save(begun)
    world.clock.moves_to(begun.taken_up_at + SENDING_LEASE - timedelta(seconds=1))
    with pytest.raises(MailUnavailable, match="mail_in_other_hands"):
        send(world)
    assert not world.ses.mails
    world.clock.passes(seconds=1)
    send(world)
    assert len(world.ses.mails) == 1


def test_whoever_was_cut_off_after_a_provider_took_it_sends_under_the_same_key_again(world: World) -> None:
    """Two of a kind are better than none; both bear the same Message-ID."""
    world.ses.fails_after("send", Killed())
    with pytest.raises(Killed):
        send(world)
    world.clock.moves_to(world.clock.now() + SENDING_LEASE)
    send(world)
    assert [mail.send_key for mail in world.ses.mails] == [ORDER.send_key] * 2
    first, second = world.ses.mails
    assert replace(first, left_at=second.left_at) == second


def test_a_mail_that_cannot_be_noted_does_not_leave(world: World) -> None:
    world.outbox.fails_before("save")
    with pytest.raises(StoreUnavailable):
        send(world)
    assert not world.ses.mails


def test_nobody_without_an_account_gets_mail(world: World) -> None:
    send(world, replace(ORDER, applicant_id=an_applicant_id(99)))
    assert not world.ses.mails


def look(world: World) -> object:
    sent = {(mail.send_key, mail.to) for provider in world.providers for mail in provider.mails}
    return sent, record(world).state


def test_sending_survives_every_accident() -> None:
    workflow = Workflow(a_world_with_an_account, send, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
