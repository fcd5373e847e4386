"""Rate and review a finished course."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.identifiers import RedeemCode
from chalicelib.domain.training import PurchaseState, Review, certify
from chalicelib.use_cases.training.review_course import review_course
from tests.builders import an_applicant_id
from tests.fakes import NOON
from tests.unit.use_cases.training.market import Market


def review(market: Market, number: int = 1, code: RedeemCode | None = None, stars: int = 5) -> None:
    world = market.world
    review_course(
        an_applicant_id(number),
        code or market.redeem_code(),
        stars,
        "Jelas",
        purchases=world.purchases,
        clock=world.clock,
    )


@pytest.fixture
def certified(market: Market) -> Market:
    market.redeemed()
    completed = replace(market.purchase(), state=PurchaseState.COMPLETED)
    market.world.purchases.save(certify(completed, "PRAKERJA-1", now=NOON))
    return market


def test_a_review_is_kept_with_its_moment(certified: Market) -> None:
    review(certified)
    assert certified.purchase().review == Review(5, "Jelas", NOON)
    assert certified.purchase().state is PurchaseState.REVIEWED


def test_a_review_is_written_once(certified: Market) -> None:
    review(certified)
    with pytest.raises(AlreadyDone, match="review_already_written"):
        review(certified, stars=1)
    assert certified.purchase().review == Review(5, "Jelas", NOON)


def test_nobody_reviews_anothers_course(certified: Market) -> None:
    for number, code in ((2, None), (1, RedeemCode("GUESSED"))):
        with pytest.raises(NotFound, match="redeem_code_unknown"):
            review(certified, number, code)
    assert certified.purchase().review is None


def test_a_course_is_reviewed_after_its_certificate(market: Market) -> None:
    market.redeemed()
    with pytest.raises(Conflict, match="training_not_completed"):
        review(market)
