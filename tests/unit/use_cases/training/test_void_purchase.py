"""Undo a sale that was not redeemed."""

import pytest

from chalicelib.domain.errors import AlreadyDone, IllegalTransition, NotFound, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ClientCode, InvoiceCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.use_cases.training.void_purchase import void_purchase
from tests.builders import PLATFORM, PROVIDER
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
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


def test_a_void_counts_the_sale_no_more(market: Market) -> None:
    void(sold(market))
    (buyer,) = market.world.memberships.all()
    assert buyer.bought == 0


def test_where_something_else_moved_the_void_looks_again(market: Market) -> None:
    sold(market)
    market.world.purchases.fails_before("give_back", StaleWrite())
    assert void(market).state is PurchaseState.VOIDED
    assert (market.balance(), market.seats_left()) == (1_000_000, 10)


def test_voiding_survives_every_accident() -> None:
    markets: list[Market] = []

    def with_a_sale() -> World:
        markets.append(sold(Market(World())))
        return markets[-1].world

    def look(world: World) -> object:
        (buyer,) = world.memberships.all()
        return markets[-1].purchase().state, markets[-1].balance(), markets[-1].seats_left(), buyer.bought

    workflow = Workflow(with_a_sale, lambda _: void(markets[-1]), look, wait_minutes=1)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
