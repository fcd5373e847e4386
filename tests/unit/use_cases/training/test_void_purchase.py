"""Undo a sale that was not redeemed."""

import pytest

from chalicelib.domain.errors import AlreadyDone, IllegalTransition, NotFound, StoreUnavailable
from chalicelib.domain.identifiers import ClientCode, InvoiceCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.use_cases.training.void_purchase import void_purchase
from tests.builders import PLATFORM, PROVIDER
from tests.unit.use_cases.training.market import Market


def void(market: Market, platform: ClientCode = PLATFORM, invoice: str = "INV-1") -> Purchase:
    world = market.world
    return void_purchase(platform, InvoiceCode(invoice), purchases=world.purchases, clock=world.clock)


def sold(market: Market) -> Market:
    market.offer()
    market.authorize()
    return market


def test_a_voided_sale_gives_money_and_seat_back_as_new_entries(market: Market) -> None:
    assert void(sold(market)).state is PurchaseState.VOIDED
    assert (market.balance(), market.seats_left()) == (1_000_000, 10)
    keys = [posting.key.partition("/")[0] for posting in market.world.ledger.all()]
    assert keys == ["grant", "purchase", "purchase-voided"]


def test_voiding_twice_is_told_and_gives_back_once(market: Market) -> None:
    void(sold(market))
    with pytest.raises(AlreadyDone, match="invoice_already_voided"):
        void(market)
    assert (market.balance(), market.seats_left()) == (1_000_000, 10)


def test_a_reply_that_was_lost_gives_back_once(market: Market) -> None:
    sold(market)
    market.world.purchases.fails_after("give_back")
    with pytest.raises(StoreUnavailable):
        void(market)
    with pytest.raises(AlreadyDone):
        void(market)
    assert (market.balance(), market.seats_left()) == (1_000_000, 10)


def test_an_invoice_is_known_to_its_platform_only(market: Market) -> None:
    sold(market)
    for platform, invoice in ((PROVIDER, "INV-1"), (PLATFORM, "INV-2")):
        with pytest.raises(NotFound, match="invoice_unknown"):
            void(market, platform, invoice)


def test_what_was_redeemed_is_not_voided(market: Market) -> None:
    market.redeemed()
    with pytest.raises(IllegalTransition):
        void(market)
    assert market.balance() == 500_000
