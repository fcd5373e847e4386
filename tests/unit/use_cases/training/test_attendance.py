"""The provider invites, the learner says "present" by signing in."""

from itertools import permutations

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound
from chalicelib.domain.identifiers import ClientCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.use_cases.training.attend_session import attend_session
from chalicelib.use_cases.training.invite_attendance import invite_attendance
from tests.builders import PROVIDER, an_applicant_id
from tests.unit.use_cases.training.market import STRANGER, Market


@pytest.fixture
def market(market: Market) -> Market:
    """With a redeemed purchase of applicant 1."""
    market.redeemed()
    return market


def invite(market: Market, sequence: int, partner: ClientCode = PROVIDER) -> str:
    world = market.world
    return invite_attendance(partner, market.redeem_code(), sequence, purchases=world.purchases, indexer=world.indexer)[
        1
    ]


def attend(market: Market, state: str, number: int = 1) -> Purchase:
    world = market.world
    return attend_session(
        an_applicant_id(number), state, purchases=world.purchases, indexer=world.indexer, clock=world.clock
    )


@pytest.mark.parametrize("order", permutations((1, 2, 999)), ids=str)
def test_whoever_attended_everything_has_completed_the_training(market: Market, order: tuple[int, ...]) -> None:
    for sequence in order:
        assert market.purchase().state is PurchaseState.REDEEMED
        attend(market, invite(market, sequence))
    assert market.purchase().state is PurchaseState.COMPLETED
    assert set(market.purchase().attended) == {1, 2, 999}


def test_saying_present_twice_is_saying_it_once(market: Market) -> None:
    state = invite(market, 1)
    attend(market, state)
    market.world.clock.passes(hours=1)
    attend(market, state)
    assert market.purchase().version == 4


def test_an_invitation_is_the_same_however_often_it_is_asked_for(market: Market) -> None:
    assert invite(market, 1) == invite(market, 1) != invite(market, 2)


def test_anothers_invitation_is_answered_as_if_there_were_none(market: Market) -> None:
    market.welcome(2)
    states = [invite(market, 1), "GUESSED.1.proof"]
    told = []
    for state in states:
        with pytest.raises(InvalidInput) as refusal:
            attend(market, state, number=2)
        told.append((str(refusal.value), refusal.value.details))
    assert told[0] == told[1]
    assert not market.purchase().attended


@pytest.mark.parametrize("state", ["", "x", "a.b", "a.b.c", "a.-1.c", "a.1.b.c", "a.².c"])
def test_what_is_no_invitation_is_refused(market: Market, state: str) -> None:
    with pytest.raises(InvalidInput, match="attendance_state_wrong"):
        attend(market, state)


def test_an_invitation_cannot_be_written_by_the_learner(market: Market) -> None:
    code, _, proof = invite(market, 1).split(".")
    for forged in (f"{code}.999.{proof}", f"{code}.1.{proof[:-1]}", f"{code}.1."):
        with pytest.raises(InvalidInput, match="attendance_state_wrong"):
            attend(market, forged)
    assert not market.purchase().attended


def test_a_session_that_the_schedule_does_not_have_has_no_invitation(market: Market) -> None:
    with pytest.raises(InvalidInput, match="sequence_unknown"):
        invite(market, 3)


def test_only_the_courses_own_partners_invite(market: Market) -> None:
    with pytest.raises(NotFound, match="redeem_code_unknown"):
        invite(market, 1, STRANGER)


def test_nobody_is_invited_before_redeeming() -> None:
    market = Market()
    market.offer()
    market.authorize()
    with pytest.raises(Conflict, match="redeem_code_not_redeemed"):
        invite(market, 1)
