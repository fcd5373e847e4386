"""What follows when an applicant's identity has moved."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.verification import IdentityState
from chalicelib.use_cases.verification.follow_applicant import follow_applicant
from tests.fakes import NOON, World


def follow(world: World, after: str, before: str | None = "x", kind: str = "applicant") -> None:
    change = Change(kind=kind, id="0.a", before=before, after=after, facts={"submission": 2})
    follow_applicant(change, messages=world.messages, waiting=world.waiting_checks, clock=world.clock)


def test_a_stated_identity_is_claimed(world: World) -> None:
    follow(world, IdentityState.SUBMITTED)
    assert world.messages.sent == [(Queue.IDENTITIES_TO_CLAIM, {"applicant_id": "0.a", "submission": 2})]


def test_a_claimed_identity_is_checked_by_all_registries(world: World) -> None:
    follow(world, IdentityState.CHECKING)
    asked = {Queue.POPULATION_CHECKS_TO_MAKE, Queue.EDUCATION_CHECKS_TO_MAKE, Queue.SOCIAL_CHECKS_TO_MAKE}
    assert {queue for queue, _ in world.messages.sent} == asked | {Queue.LIST_CHECKS_TO_MAKE}
    order = {"applicant_id": "0.a", "submission": 2, "since": NOON.isoformat()}
    own = {"applicant_id": "0.a", "submission": 2}
    assert [body for _, body in world.messages.sent] == [order] * 3 + [own]


@pytest.mark.parametrize(
    ("state", "template"),
    [
        (IdentityState.VERIFIED, "identity_verified"),
        (IdentityState.FAILED, "identity_failed"),
        (IdentityState.IN_REVIEW, "identity_in_review"),
    ],
)
def test_the_end_is_told_by_mail_once_per_submission(world: World, state: IdentityState, template: str) -> None:
    follow(world, state)
    mail = {"send_key": f"{template}/0.a/2", "template": template, "applicant_id": "0.a"}
    assert world.messages.sent == [(Queue.ANNOUNCEMENTS_TO_SEND, mail)]


@pytest.mark.parametrize("state", IdentityState)
def test_nothing_follows_where_nothing_moved(world: World, state: IdentityState) -> None:
    """A photo, a signature, one answer of three."""
    follow(world, state, before=state)
    assert not world.messages.sent


def test_nothing_follows_from_a_claim_or_a_new_applicant(world: World) -> None:
    follow(world, "claimed", before=None, kind="nik")
    follow(world, IdentityState.NONE, before=None)
    assert not world.messages.sent


def test_an_identity_stated_in_the_first_write_is_claimed_too(world: World) -> None:
    follow(world, IdentityState.SUBMITTED, before=None)
    assert world.messages.on(Queue.IDENTITIES_TO_CLAIM)
