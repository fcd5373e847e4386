"""A provider redeems the buyer's code."""

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import Conflict, IllegalTransition, NotFound
from chalicelib.domain.identifiers import ClientCode, InvoiceCode, RedeemCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.use_cases.training.redeem_course import redeem_course, reset_redeem_code
from chalicelib.use_cases.training.void_purchase import void_purchase
from tests.builders import PLATFORM, PROVIDER, a_paid_purchase
from tests.fakes import NOON
from tests.unit.use_cases.training.market import STRANGER, Market


@pytest.fixture
def market(market: Market) -> Market:
    """With a sale."""
    market.offer()
    market.authorize()
    return market


def redeem(market: Market, partner: ClientCode = PROVIDER) -> Purchase:
    world = market.world
    return redeem_course(partner, market.redeem_code(), purchases=world.purchases, clock=world.clock)


@pytest.mark.parametrize("partner", [PLATFORM, PROVIDER])
def test_platform_and_provider_may_redeem(market: Market, partner: ClientCode) -> None:
    assert redeem(market, partner).state is PurchaseState.REDEEMED
    assert market.purchase().redeemed_at == NOON


def test_redeeming_twice_is_redeeming_once(market: Market) -> None:
    redeem(market)
    market.world.clock.passes(hours=1)
    assert redeem(market).redeemed_at == NOON
    assert market.purchase().version == 3


def test_for_anybody_else_there_is_no_such_code(market: Market) -> None:
    with pytest.raises(NotFound, match="redeem_code_unknown"):
        redeem(market, STRANGER)
    with pytest.raises(NotFound, match="redeem_code_unknown"):
        redeem_course(PROVIDER, RedeemCode("GUESSED"), purchases=market.world.purchases, clock=market.world.clock)


def test_a_voided_sale_is_not_redeemed(market: Market) -> None:
    world = market.world
    void_purchase(PLATFORM, InvoiceCode("INV-1"), purchases=world.purchases, clock=world.clock)
    with pytest.raises(IllegalTransition):
        redeem(market)


def test_only_a_code_of_the_sandbox_is_taken_back(market: Market) -> None:
    redeem(market)
    with pytest.raises(Conflict, match="reset_only_in_sandbox"):
        reset_redeem_code(PROVIDER, market.redeem_code(), purchases=market.world.purchases)
    assert market.purchase().state is PurchaseState.REDEEMED


def test_a_code_of_the_sandbox_can_be_redeemed_again_after_it_was_taken_back(market: Market) -> None:
    trial, purchases = a_paid_purchase(1, redeem_code=RedeemCode("PRAT-1"), version=1), market.world.purchases
    purchases.add_offer(trial)
    price = ledger.purchase(trial.applicant_id, trial.id, partner=PLATFORM, amount=trial.amount, now=NOON)
    purchases.pay(trial, price)
    code = RedeemCode("PRAT-1")
    redeem_course(PROVIDER, code, purchases=purchases, clock=market.world.clock)
    reset_redeem_code(PROVIDER, code, purchases=purchases)
    assert redeem_course(PROVIDER, code, purchases=purchases, clock=market.world.clock).state is PurchaseState.REDEEMED
