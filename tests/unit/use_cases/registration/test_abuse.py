"""Mail is what costs: how much of it one network or one address may cause, and what is noticed on the way."""

from dataclasses import replace

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import MailUnavailable, StoreUnavailable, TooManyAttempts
from chalicelib.domain.mail import Language
from chalicelib.domain.registration import ANSWERS_FROM_A_NETWORK, MAILS_TO_A_NETWORK, network_of
from chalicelib.use_cases.registration.limit_network import limit_network
from chalicelib.use_cases.registration.open_account import Asked, DoneTogether, open_account, open_new_accounts
from tests.fakes import World
from tests.unit.use_cases.registration.test_open_account import account, opening

MOST = MAILS_TO_A_NETWORK.most
ONE = Asked("siti@contoh.example", Language.INDONESIAN, "first", "36.68.1.2")


def open_alone(world: World, asked: Asked) -> None:
    open_account(asked, DoneTogether(), opening=opening(world), messages=world.messages)


def use_up(world: World, asked: Asked = ONE) -> None:
    network = opening(world).network(asked)
    assert network
    assert opening(world).allows(network, mails=MOST)


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("36.68.1.2", "36.68.1.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", None),
        ("unknown", None),
        ("127.0.0.1", None),
        ("::1", None),
        ("36.68.1.2, 10.0.0.1", None),
    ],
)
def test_a_network_is_what_its_owner_was_given(source: str, network: str | None) -> None:
    assert network_of(source) == network


def test_a_network_that_asked_for_too_many_waits_and_loses_nothing(world: World) -> None:
    use_up(world)
    with pytest.raises(MailUnavailable, match="network_asked_for_too_many"):
        open_alone(world, ONE)
    assert account(world).challenge.id == "first", "the account is open all the same"
    assert not world.messages.on(Queue.MAILS_TO_SEND)
    world.clock.passes(seconds=1)
    open_alone(world, ONE)
    assert [mail["send_key"] for mail in world.messages.on(Queue.MAILS_TO_SEND)] == ["verify_email/first"]


def test_another_network_is_not_held_up(world: World) -> None:
    use_up(world)
    open_alone(world, replace(ONE, source="36.68.2.2"))
    assert world.messages.on(Queue.MAILS_TO_SEND)


def test_who_comes_through_a_front_that_knows_no_source_is_not_counted(world: World) -> None:
    open_alone(world, replace(ONE, source=None))
    assert not world.buckets.full_at


def test_a_batch_takes_from_each_network_once(world: World) -> None:
    asked = [Asked(f"orang{n}@contoh.example", Language.INDONESIAN, f"r{n}", f"36.68.{n % 2}.9") for n in range(20)]
    done = open_new_accounts(asked, opening(world))
    assert done.allowed == done.opened == {each.registration_id for each in asked}
    assert world.trouble.calls.count("buckets.take") == 2
    for each in asked:
        open_account(each, done, opening=opening(world), messages=world.messages)
    assert world.trouble.calls.count("buckets.take") == 2
    assert len(world.messages.on(Queue.MAILS_TO_SEND)) == 20


def test_of_a_batch_whose_network_is_used_up_each_waits_by_itself(world: World) -> None:
    use_up(world)
    done = open_new_accounts([ONE, replace(ONE, email="budi@contoh.example", registration_id="second")], opening(world))
    assert (len(done.opened), len(done.allowed)) == (2, 0)


def test_no_key_of_a_bucket_tells_a_network_or_an_address(world: World) -> None:
    for number in range(2):
        open_alone(world, replace(ONE, registration_id=f"r{number}"))
    assert len(world.buckets.full_at) == 2
    assert not [key for key in world.buckets.full_at if "36.68" in key or "@" in key]


def test_a_network_that_tried_too_many_passwords_and_codes_waits(world: World) -> None:
    def tries(source: str = "36.68.1.2") -> None:
        limit_network(source, buckets=world.buckets, indexer=world.indexer, clock=world.clock)

    for _ in range(ANSWERS_FROM_A_NETWORK.most):
        tries()
    with pytest.raises(TooManyAttempts, match="network_tried_too_often"):
        tries("36.68.1.99")
    tries("36.68.2.2")
    tries("")
    world.clock.passes(seconds=1)
    tries()


@pytest.mark.parametrize(("domain", "is_signal"), [("sekali.example", True), ("contoh.example", False)])
def test_a_lent_address_is_a_signal_and_no_reason_to_refuse(world: World, domain: str, is_signal: bool) -> None:
    open_alone(world, replace(ONE, email=f"siti@{domain}"))
    assert account(world, f"siti@{domain}").has_disposable_email is is_signal
    assert world.messages.on(Queue.MAILS_TO_SEND)


def test_a_registration_that_waits_for_its_network_uses_up_nobodys_mails(world: World) -> None:
    open_alone(world, ONE)
    world.clock.passes(seconds=1)
    use_up(world)
    again = replace(ONE, registration_id="again")
    for _ in range(9):
        with pytest.raises(MailUnavailable):
            open_alone(world, again)
    world.clock.passes(seconds=1)
    open_alone(world, again)
    assert [mail["send_key"] for mail in world.messages.on(Queue.MAILS_TO_SEND)][-1] == "verify_email/again"


def test_a_registration_that_is_cut_off_again_and_again_is_not_dropped_for_its_own_tries(world: World) -> None:
    open_alone(world, ONE)
    again = replace(ONE, registration_id="again")
    for _ in range(9):
        world.accounts.fails_before("save")
        with pytest.raises(StoreUnavailable):
            open_alone(world, again)
    open_alone(world, again)
    assert account(world).challenge.id == "again"
