"""What follows when there is something to do with a selfie: one message, when it is news."""

from typing import Any

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.use_cases.verification.follow_photos import follow_photos
from tests.fakes import World

TO_COMPARE, TO_MATCH = {"selfie_to_compare": "photos/1"}, {"selfie_to_match": "photos/1"}
BODY = {"applicant_id": "0.a", "object_key": "photos/1"}


@pytest.mark.parametrize(
    ("facts", "before", "asked"),
    [
        ({}, {}, []),
        (TO_COMPARE, {}, [Queue.SELFIES_TO_COMPARE]),
        (TO_MATCH, {}, [Queue.FACES_TO_MATCH]),
        (TO_COMPARE | TO_MATCH, {}, [Queue.SELFIES_TO_COMPARE, Queue.FACES_TO_MATCH]),
        (TO_COMPARE | TO_MATCH, TO_COMPARE, [Queue.FACES_TO_MATCH]),
        (TO_MATCH, TO_MATCH, []),
        (TO_MATCH, {"selfie_to_match": "photos/0"}, [Queue.FACES_TO_MATCH]),
        ({}, TO_MATCH, []),
    ],
)
def test_what_is_new_to_do_is_asked_for_once(
    world: World, facts: dict[str, Any], before: dict[str, Any], asked: list[Queue]
) -> None:
    change = Change("applicant", "0.a", "verified", "verified", facts, before)
    follow_photos(change, messages=world.messages)
    assert world.messages.sent == [(queue, BODY) for queue in asked]


def test_nothing_follows_from_other_items_of_the_table(world: World) -> None:
    follow_photos(Change("look", "0.a", None, "seen", TO_COMPARE), messages=world.messages)
    assert not world.messages.sent
