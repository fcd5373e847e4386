"""Of an expensive course the buyer pays a part."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import InvoiceCode
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.training.offer_purchase import Offer
from chalicelib.use_cases.training.void_purchase import void_purchase
from tests.builders import PLATFORM, a_course, a_membership, a_schedule
from tests.unit.use_cases.training.market import Market, ask_offer

PRICE = Rupiah(1_400_001)
BY_GRANT, BY_BUYER = 980_000, 420_001


@pytest.fixture
def market(market: Market) -> Market:
    """The course has become a certification, and dearer than the balance."""
    course = market.world.courses.get(a_course().code)
    assert course
    market.world.courses.put(replace(course, category="ai_certification", price=PRICE))
    return market


def offer(market: Market, number: int = 1) -> None:
    card = a_membership(number).card_number
    market.token = ask_offer(market.world, Offer(PLATFORM, card, a_course().code, a_schedule().code, PRICE))


def test_the_balance_pays_its_share_and_the_price_stays_the_price(market: Market) -> None:
    offer(market)
    paid = market.authorize()
    assert (paid.amount, paid.by_grant, paid.by_buyer) == (PRICE, BY_GRANT, BY_BUYER)
    assert market.balance() == 1_000_000 - BY_GRANT
    posting = market.world.ledger.all()[-1]
    assert (posting.key, posting.amount) == (f"purchase/{paid.id}", BY_GRANT)


def test_what_the_balance_paid_comes_back_and_no_more(market: Market) -> None:
    offer(market)
    market.authorize()
    void_purchase(PLATFORM, InvoiceCode("INV-1"), purchases=market.world.purchases, clock=market.world.clock)
    assert market.balance() == 1_000_000


def test_a_balance_that_is_smaller_than_its_share_buys_nothing(market: Market) -> None:
    market.welcome(2, money=BY_GRANT - 1)
    market.welcome(3, money=BY_GRANT)
    with pytest.raises(Conflict, match="balance_too_small"):
        offer(market, 2)
    offer(market, 3)


def test_under_a_scheme_that_shares_nothing_the_balance_pays_all(market: Market) -> None:
    buyer = market.world.memberships.get(a_membership().applicant_id)
    assert buyer
    market.world.memberships.save(replace(buyer, scheme="2020"))
    with pytest.raises(Conflict, match="balance_too_small"):
        offer(market)


def test_a_price_that_changes_after_the_offer_changes_no_share(market: Market) -> None:
    offer(market)
    course = market.world.courses.get(a_course().code)
    assert course
    market.world.courses.put(replace(course, price=Rupiah(9_000_000)))
    assert market.authorize().by_grant == BY_GRANT
