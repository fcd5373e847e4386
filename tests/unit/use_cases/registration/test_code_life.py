"""A code and a link live from the moment at which their mail left."""

from collections.abc import Callable

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import MailState, OutboxMail, Template, sent
from chalicelib.domain.registration import Account, AccountState
from chalicelib.use_cases.registration.verify_email import Answer
from tests.fakes import World
from tests.unit.use_cases.registration.test_verify_email import account, by_code, by_link, state, verify

__all__ = ["account"]


@pytest.mark.parametrize("answer_of", [by_code, by_link])
def test_a_code_and_a_link_live_from_when_their_mail_left(
    world: World, account: Account, answer_of: Callable[[World, Account], Answer]
) -> None:
    """On a launch day a mail waits for hours: its code must not be dead when it arrives."""
    left = world.clock.passes(hours=30)
    key = SendKey(f"verify_email/{account.challenge.id}")
    begun = OutboxMail(key, Template.VERIFY_EMAIL, account.id, MailState.SENDING, left)
    world.outbox.save(sent(begun, provider="ses", message_id="1"))
    world.clock.passes(minutes=9)
    verify(world, answer_of(world, account))
    assert state(world, account) is AccountState.ACTIVE


def test_a_mail_that_has_not_left_gives_its_code_no_longer_life(world: World, account: Account) -> None:
    key = SendKey(f"verify_email/{account.challenge.id}")
    world.outbox.save(OutboxMail(key, Template.VERIFY_EMAIL, account.id, MailState.SENDING, world.clock.now()))
    world.clock.passes(minutes=11)
    with pytest.raises(InvalidInput):
        verify(world, by_code(world, account))
