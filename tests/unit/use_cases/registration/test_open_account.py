"""Open the account that a registration asks for, and have the right mail sent."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite, TooManyAttempts
from chalicelib.domain.mail import Language
from chalicelib.domain.registration import MAILS_ASKED_FOR, Account, AccountState, activate
from chalicelib.use_cases.registration.account_of import account_id_of
from chalicelib.use_cases.registration.open_account import (
    Asked,
    DoneTogether,
    Opening,
    open_account,
    open_new_accounts,
)
from tests.fakes import Killed, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

EMAIL = "siti@contoh.example"


def opening(world: World) -> Opening:
    return Opening(world.accounts, world.buckets, world.disposable_domains, world.indexer, world.clock)


def open_it(world: World, registration: str = "first", email: str = EMAIL) -> None:
    asked = Asked(email, Language.INDONESIAN, registration, "36.68.1.2")
    open_account(asked, DoneTogether(), opening=opening(world), messages=world.messages)


def account(world: World, email: str = EMAIL) -> Account:
    found = world.accounts.get(account_id_of(email, world.indexer))
    assert found
    return found


def verified(world: World) -> Account:
    """Opened by the first registration, and its mail answered."""
    open_it(world)
    active = activate(account(world), password_hash="hash")
    world.accounts.save(active)
    return active


def mails(world: World) -> list[dict[str, Any]]:
    return world.messages.on(Queue.MAILS_TO_SEND)


def send_keys(world: World) -> set[str]:
    return {mail["send_key"] for mail in mails(world)}


def test_a_registration_opens_an_account_and_asks_to_verify_it(world: World) -> None:
    open_it(world)
    opened = account(world)
    assert (opened.email, opened.state, opened.challenge.id) == (EMAIL, AccountState.UNVERIFIED, "first")
    (mail,) = mails(world)
    assert mail == {"send_key": "verify_email/first", "template": "verify_email", "applicant_id": opened.id}


def test_no_message_carries_an_address_or_a_code(world: World) -> None:
    open_it(world)
    assert "@" not in repr(mails(world))
    assert set(mails(world)[0]) == {"send_key", "template", "applicant_id"}


def test_all_spellings_of_an_address_open_one_account(world: World) -> None:
    for number, email in enumerate(("si.ti@gmail.com", "siti@googlemail.com", "SITI+x@gmail.com")):
        open_it(world, f"registration-{number}", email)
    assert len({mail["applicant_id"] for mail in mails(world)}) == 1


def test_a_redelivery_sends_the_same_mail_under_the_same_send_key(world: World) -> None:
    open_it(world)
    open_it(world)
    first, second = mails(world)
    assert first == second
    assert account(world).version == 1


def test_a_crash_between_account_and_mail_loses_no_mail(world: World) -> None:
    world.messages.fails_before("send", Killed())
    with pytest.raises(Killed):
        open_it(world)
    assert not mails(world)
    open_it(world)
    assert send_keys(world) == {"verify_email/first"}
    assert account(world).challenge.id == "first"


def test_registering_again_before_verifying_gives_a_new_code(world: World) -> None:
    open_it(world)
    world.clock.passes(hours=1)
    open_it(world, "second")
    assert account(world).challenge.id == "second"
    assert account(world).challenge.issued_at == world.clock.now()
    assert send_keys(world) == {"verify_email/first", "verify_email/second"}


def test_a_verified_address_gets_another_mail_and_keeps_its_account(world: World) -> None:
    active = verified(world)
    open_it(world, "second")
    assert send_keys(world) == {"verify_email/first", "account_exists/second"}
    assert account(world) == replace(active, version=2)


def test_a_late_copy_of_a_registration_asks_for_no_other_mail(world: World) -> None:
    verified(world)
    open_it(world)
    assert send_keys(world) == {"verify_email/first"}


def test_a_late_copy_of_an_older_registration_does_not_void_the_newer_code(world: World) -> None:
    """The older mail is known to be sent and is not sent again: the newest mail in the box would hold a dead code."""
    open_it(world)
    open_it(world, "second")
    open_it(world)
    assert account(world).challenge.id == "second"


def test_an_account_that_is_gone_when_it_is_looked_at_is_looked_for_again(world: World) -> None:
    world.accounts.fails_before("add", AlreadyDone())
    with pytest.raises(StaleWrite):
        open_it(world)
    assert not mails(world)


def look(world: World) -> object:
    return account(world).state, account(world).challenge.id, send_keys(world)


def once_opened() -> World:
    world = World()
    open_it(world)
    return world


NEW = Workflow(World, open_it, look)
AGAIN = Workflow(once_opened, lambda world: open_it(world, "second"), look)


@pytest.mark.parametrize("workflow", [NEW, AGAIN], ids=["new", "again"])
def test_opening_survives_every_accident(workflow: Workflow) -> None:
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def open_all(world: World, *asked: Asked) -> frozenset[str]:
    return open_new_accounts(asked, opening(world)).opened


def test_a_batch_opens_everybody_in_one_call_and_each_still_gets_one_mail(world: World) -> None:
    asked = [Asked(f"orang{n}@contoh.example", Language.INDONESIAN, f"r{n}") for n in range(30)]
    done = open_new_accounts(asked, opening(world))
    assert done.opened == {each.registration_id for each in asked}
    for each in asked:
        open_account(each, done, opening=opening(world), messages=world.messages)
    assert len(mails(world)) == len(send_keys(world)) == 30


def test_of_two_spellings_of_one_mailbox_in_one_batch_the_first_opens_the_account(world: World) -> None:
    spellings = ("Si.Ti+a@gmail.com", "siti@googlemail.com")
    asked = [Asked(email, Language.ENGLISH, f"r{n}") for n, email in enumerate(spellings)]
    assert open_all(world, *asked) == {"r0"}
    assert account(world, "siti@gmail.com").challenge.id == "r0"


def test_what_cannot_be_an_address_keeps_nobody_else_of_its_batch_out(world: World) -> None:
    asked = [Asked("no address", Language.ENGLISH, "bad"), Asked(EMAIL, Language.ENGLISH, "good")]
    assert open_all(world, *asked) == {"good"}
    with pytest.raises(InvalidInput):
        open_it(world, registration="bad", email="no address")
    assert not mails(world)


def test_a_batch_that_comes_again_opens_nothing_and_every_mail_keeps_its_key(world: World) -> None:
    asked = Asked(EMAIL, Language.INDONESIAN, "first")
    assert open_all(world, asked) == {"first"}
    assert open_all(world, asked) == frozenset()
    open_it(world)
    open_it(world)
    assert send_keys(world) == {"verify_email/first"}


def test_259_registrations_of_one_mailbox_are_one_account_and_a_handful_of_mails(world: World) -> None:
    letters = "sitirahma"
    dots = range(259)
    refused = 0
    for number in dots:
        spelling = "".join(f"{letter}." if number >> place & 1 else letter for place, letter in enumerate(letters))
        try:
            open_it(world, registration=f"r{number}", email=f"{spelling.rstrip('.')}@gmail.com")
        except TooManyAttempts:
            refused += 1
    assert len(mails(world)) == 1 + MAILS_ASKED_FOR.most
    assert refused == 259 - 1 - MAILS_ASKED_FOR.most
    newest = account(world, "sitirahma@gmail.com").challenge.id
    assert mails(world)[-1]["send_key"] == f"verify_email/{newest}", "the code that was sent last is the one that works"
