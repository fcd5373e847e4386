"""Note that an induction video was seen to the end."""

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.membership import Membership, MembershipState
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.membership.watch_induction_video import watch_induction_video
from tests.builders import a_membership, an_applicant_id
from tests.fakes import NOON, World


@pytest.fixture
def world() -> World:
    world = World()
    posting = ledger.grant(an_applicant_id(), wave=1, amount=Rupiah(1), now=NOON)
    recipient = a_membership(state=MembershipState.AWARDED, videos_seen=())
    world.memberships.award(recipient, posting, most_per_family=2)
    return world


def watch(world: World, video: int, number: int = 1) -> Membership | None:
    watch_induction_video(an_applicant_id(number), video, memberships=world.memberships)
    return world.memberships.get(an_applicant_id(number))


def test_three_videos_end_the_induction(world: World) -> None:
    states = [(seen.state, seen.videos_seen) for video in (2, 1, 3) if (seen := watch(world, video))]
    assert states == [
        (MembershipState.AWARDED, (2,)),
        (MembershipState.AWARDED, (1, 2)),
        (MembershipState.INDUCTED, (1, 2, 3)),
    ]


def test_a_video_seen_again_is_not_written_again(world: World) -> None:
    assert watch(world, 1) == watch(world, 1)


def test_there_are_three_videos(world: World) -> None:
    with pytest.raises(InvalidInput, match="video_unknown"):
        watch(world, 4)


def test_only_recipients_have_an_induction(world: World) -> None:
    with pytest.raises(NotFound, match="not_a_recipient"):
        watch(world, 1, number=2)
