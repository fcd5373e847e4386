"""Take a registration: one message, whoever asks."""

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import InvalidInput, StoreUnavailable
from chalicelib.domain.mail import Language
from chalicelib.use_cases.registration.request_registration import request_registration
from tests.fakes import World


def request(world: World, email: str = "Siti@Contoh.example") -> None:
    request_registration(email, Language.ENGLISH, "36.68.1.2", chance=world.chance, messages=world.messages)


def test_a_registration_is_one_message_and_nothing_else(world: World) -> None:
    request(world)
    (body,) = world.messages.on(Queue.REGISTRATIONS_TO_OPEN)
    assert (body["email"], body["language"]) == ("Siti@contoh.example", "en")
    assert body["source"] == "36.68.1.2"
    assert world.trouble.calls == ["messages.send"]


def test_the_same_work_is_done_for_an_address_that_is_known(world: World) -> None:
    """Nothing is looked up: there is nothing by which the two could differ."""
    request(world)
    request(world)
    assert world.trouble.calls == ["messages.send"] * 2


def test_every_registration_can_be_told_from_every_other(world: World) -> None:
    for _ in range(3):
        request(world)
    assert len({body["registration_id"] for body in world.messages.on(Queue.REGISTRATIONS_TO_OPEN)}) == 3


def test_what_cannot_be_an_address_is_not_taken(world: World) -> None:
    with pytest.raises(InvalidInput, match="email_invalid"):
        request(world, "siti")
    assert not world.messages.sent


def test_a_registration_that_could_not_be_kept_is_not_acknowledged(world: World) -> None:
    world.messages.fails_before("send")
    with pytest.raises(StoreUnavailable):
        request(world)
