"""Offer a course to a card's holder."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound
from chalicelib.domain.identifiers import CourseCode, PurchaseId, ScheduleCode
from chalicelib.domain.membership import MembershipState
from chalicelib.domain.money import Rupiah
from chalicelib.domain.training import PurchaseState
from chalicelib.use_cases.training.offer_purchase import Offer
from tests.builders import PLATFORM, PROVIDER, a_card_number, a_course, a_membership, a_schedule, an_applicant_id
from tests.fakes import NOON
from tests.unit.use_cases.training.market import Market, ask_offer

OFFER = Offer(PLATFORM, a_card_number(1), a_course().code, a_schedule().code, Rupiah(500_000))


def ask(market: Market, **changes: Any) -> str:
    return ask_offer(market.world, replace(OFFER, **changes))


def nothing_was_offered(market: Market) -> bool:
    return "purchases.add_offer" not in market.world.trouble.calls


def test_an_offer_waits_for_its_code_and_moves_nothing(market: Market) -> None:
    market.token = ask(market)
    offered = market.purchase()
    assert (offered.state, offered.applicant_id, offered.amount) == (PurchaseState.OFFERED, an_applicant_id(), 500_000)
    assert (offered.provider, offered.sequences, offered.offered_at) == (PROVIDER, (1, 2, 999), NOON)
    assert (market.balance(), market.seats_left()) == (1_000_000, 10)


def test_the_payment_token_is_not_stored(market: Market) -> None:
    market.token = ask(market)
    assert market.token not in repr(market.purchase())
    assert market.world.purchases.get(PurchaseId(market.token)) is None


def test_every_offer_has_a_token_of_its_own(market: Market) -> None:
    assert ask(market) != ask(market)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"course_code": CourseCode("never")}, "course_unknown"),
        ({"schedule_code": ScheduleCode("never")}, "schedule_unknown"),
        ({"card_number": a_card_number(9)}, "card_unknown"),
    ],
)
def test_what_is_not_there_cannot_be_offered(market: Market, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(NotFound, match=code):
        ask(market, **changes)
    assert nothing_was_offered(market)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"platform": PROVIDER}, "course_not_of_partner"),
        ({"amount": Rupiah(1)}, "amount_not_the_price"),
        ({"card_number": "1234"}, "card_number_invalid"),
    ],
)
def test_what_does_not_fit_is_refused(market: Market, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        ask(market, **changes)
    assert nothing_was_offered(market)


def test_nobody_buys_before_the_induction(market: Market) -> None:
    recipient = market.world.memberships.get(an_applicant_id())
    assert recipient
    market.world.memberships.save(replace(recipient, state=MembershipState.AWARDED))
    with pytest.raises(Conflict, match="induction_missing"):
        ask(market)


def test_the_first_purchase_has_a_deadline_and_the_next_has_none(market: Market) -> None:
    late = a_membership().first_purchase_by + timedelta(seconds=1)
    market.world.courses.put_schedule(a_schedule("april", ends_on=(late + timedelta(days=9)).date()))
    market.offer()
    market.authorize()
    market.world.clock.moves_to(late)
    assert ask(market, schedule_code=ScheduleCode("april"))
    market.welcome(2)
    with pytest.raises(Conflict, match="first_purchase_too_late"):
        ask(market, schedule_code=ScheduleCode("april"), card_number=a_card_number(2))


def test_an_offer_is_no_purchase(market: Market) -> None:
    """Whoever was only offered a course in time has not bought in time."""
    market.offer()
    market.world.courses.put_schedule(a_schedule("april", ends_on=NOON.date() + timedelta(days=60)))
    market.world.clock.moves_to(a_membership().first_purchase_by + timedelta(seconds=1))
    with pytest.raises(Conflict, match="first_purchase_too_late"):
        ask(market, schedule_code=ScheduleCode("april"))


def test_what_the_balance_does_not_cover_is_not_offered(market: Market) -> None:
    market.welcome(2, money=499_999)
    with pytest.raises(Conflict, match="balance_too_small"):
        ask(market, card_number=a_card_number(2))


def test_a_schedule_that_is_over_is_not_offered(market: Market) -> None:
    market.world.clock.moves_to(NOON + timedelta(days=9))
    with pytest.raises(Conflict, match="schedule_over"):
        ask(market)
