"""A code that nobody waits for is not sent, and not in silence."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import MailOrder, Template
from chalicelib.domain.registration import activate, challenge_again
from tests.builders import an_account, an_applicant_id
from tests.fakes import World
from tests.unit.use_cases.mail.test_send_mail import send

ORDER = MailOrder(SendKey("verify_email/challenge-1"), Template.VERIFY_EMAIL, an_applicant_id())


@pytest.fixture
def world() -> World:
    world = World()
    world.accounts.add(an_account())
    return world


def test_the_code_of_an_open_registration_is_sent(world: World) -> None:
    send(world, ORDER)
    assert len(world.ses.mails) == 1


def test_who_registered_again_gets_the_newer_code_only(world: World) -> None:
    opened = replace(an_account(), version=1)
    world.accounts.save(challenge_again(opened, email=opened.email, challenge="newer", now=world.clock.now()))
    with pytest.raises(Conflict, match="mail_no_longer_waited_for"):
        send(world, ORDER)
    assert not world.ses.mails
    assert world.outbox.get(ORDER.send_key) is None


def test_who_verified_the_address_meanwhile_gets_no_code_any_more(world: World) -> None:
    world.accounts.save(activate(replace(an_account(), version=1), password_hash="hash"))
    with pytest.raises(Conflict, match="mail_no_longer_waited_for"):
        send(world, ORDER)
    assert not world.ses.mails
