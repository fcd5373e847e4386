"""A person is told by mail what an officer did, once for each time."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.verification import IdentityState as State
from chalicelib.use_cases.support.follow_case import follow_case
from tests.fakes import World


def follow(world: World, before: str | None, after: str, **facts: int) -> list[str]:
    known = {"submission": 2, "version": 7, **facts}
    follow_case(Change(kind="applicant", id="0.a", before=before, after=after, facts=known), messages=world.messages)
    return [str(body["send_key"]) for body in world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)]


@pytest.mark.parametrize(
    ("before", "after", "template"),
    [
        (State.IN_REVIEW, State.DOCUMENTS_WANTED, "documents_wanted"),
        (State.FAILED, State.DOCUMENTS_WANTED, "documents_wanted"),
        (State.IN_REVIEW, State.REOPENED, "identity_reopened"),
        (State.FAILED, State.REOPENED, "identity_reopened"),
        (State.IN_REVIEW, State.FAILED, "identity_failed"),
        (State.DOCUMENTS_WANTED, State.FAILED, "identity_failed"),
    ],
)
def test_what_an_officer_did_is_told(world: World, before: State, after: State, template: str) -> None:
    assert follow(world, before, after) == [f"{template}/0.a/v7"]


def test_a_correction_is_told_and_the_persons_own_statement_is_not(world: World) -> None:
    assert follow(world, State.REOPENED, State.SUBMITTED, corrected_submission=1) == []
    assert follow(world, None, State.SUBMITTED, submission=0) == []
    assert follow(world, State.IN_REVIEW, State.SUBMITTED, corrected_submission=2) == ["identity_corrected/0.a/v7"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.CHECKING, State.FAILED),
        (State.CHECKING, State.IN_REVIEW),
        (State.DOCUMENTS_WANTED, State.IN_REVIEW),
        (State.IN_REVIEW, State.VERIFIED),
        (State.DOCUMENTS_WANTED, State.DOCUMENTS_WANTED),
    ],
)
def test_what_is_told_elsewhere_or_moved_nothing_is_not_told_here(world: World, before: State, after: State) -> None:
    assert follow(world, before, after) == []


def test_a_nik_is_no_case(world: World) -> None:
    follow_case(Change(kind="nik", id="0.a", before=None, after="claimed", facts={}), messages=world.messages)
    assert not world.messages.sent
