"""The sale: the holder's code moves money, seat and redeem code in one transaction."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, NotFound, StaleWrite, TooManyAttempts
from chalicelib.domain.identifiers import InvoiceCode
from chalicelib.domain.training import MOST_CODE_ATTEMPTS, PurchaseState
from chalicelib.use_cases.training.void_purchase import void_purchase
from tests.builders import PLATFORM, PROVIDER, a_course, a_schedule
from tests.fakes import Killed, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.training.market import Market


@pytest.fixture
def market(world: World) -> Market:
    """With an offer that waits for its code."""
    market = Market(world)
    market.offer()
    return market


def wrong(market: Market) -> str:
    return "000000" if market.code() != "000000" else "111111"


def assert_sold_once(market: Market) -> None:
    assert (market.balance(), market.seats_left()) == (500_000, 9)
    assert [posting.key.partition("/")[0] for posting in market.world.ledger.all()] == ["grant", "purchase"]


def assert_not_sold(market: Market) -> None:
    assert market.purchase().state is PurchaseState.OFFERED
    assert (market.balance(), market.seats_left()) == (1_000_000, 10)


def test_the_right_code_sells(market: Market) -> None:
    paid = market.authorize()
    assert (paid.state, paid.invoice_code) == (PurchaseState.PAID, "INV-1")
    assert re.fullmatch(r"TRX-[A-Z2-7]{16}", paid.transaction_code or "")
    assert re.fullmatch(r"[A-Z2-7]{12}", paid.redeem_code or "")
    assert market.purchase() == replace(paid, version=2)
    assert_sold_once(market)


def test_a_sale_of_the_sandbox_says_so_in_its_redeem_code(market: Market) -> None:
    trial = replace(market.asked(), is_trial=True)
    first, again = market.authorize(trial), market.authorize(trial)
    assert re.fullmatch(r"PRAT-[A-Z2-7]{12}", first.redeem_code or "")
    assert first.redeem_code == again.redeem_code
    assert_sold_once(market)


def test_asked_twice_it_pays_once_and_tells_the_same_sale(market: Market) -> None:
    first, second = market.authorize(), market.authorize()
    assert (first.transaction_code, first.redeem_code) == (second.transaction_code, second.redeem_code)
    assert_sold_once(market)


def test_the_sale_is_told_again_after_its_code_died(market: Market) -> None:
    market.authorize()
    market.world.clock.passes(days=1)
    assert market.authorize().state is PurchaseState.PAID


def test_a_reply_that_was_lost_is_told_by_asking_again(market: Market) -> None:
    market.world.purchases.fails_after("pay", Killed())
    with pytest.raises(Killed):
        market.authorize()
    assert market.authorize().state is PurchaseState.PAID
    assert_sold_once(market)


def test_a_paid_offer_is_not_paid_under_another_invoice(market: Market) -> None:
    market.authorize()
    with pytest.raises(Conflict):
        market.authorize(market.asked(invoice="INV-2"))
    assert_sold_once(market)


def test_an_invoice_pays_for_one_purchase(market: Market) -> None:
    market.authorize()
    market.offer()
    with pytest.raises(AlreadyDone, match="invoice_already_used"):
        market.authorize()
    assert_sold_once(market)


def test_a_wrong_code_sells_nothing_and_is_counted(market: Market) -> None:
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        market.authorize(market.asked(code=wrong(market)))
    assert market.purchase().code_failures == 1
    assert_not_sold(market)
    assert market.authorize().state is PurchaseState.PAID


def test_after_too_many_wrong_codes_the_right_one_comes_too_late(market: Market) -> None:
    for _ in range(MOST_CODE_ATTEMPTS):
        with pytest.raises(InvalidInput):
            market.authorize(market.asked(code=wrong(market)))
    with pytest.raises(TooManyAttempts, match="code_attempts_used_up"):
        market.authorize()
    assert_not_sold(market)


def test_a_code_dies_after_ten_minutes(market: Market) -> None:
    market.world.clock.passes(minutes=11)
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        market.authorize()
    assert_not_sold(market)


def test_a_code_opens_its_own_offer_only(market: Market) -> None:
    first = market.token
    other = market.code(market.offer())
    with pytest.raises(InvalidInput):
        market.authorize(market.asked(token=first, code=other))


def test_another_platform_cannot_use_the_token(market: Market) -> None:
    with pytest.raises(NotFound, match="payment_token_unknown"):
        market.authorize(replace(market.asked(), platform=PROVIDER))
    assert_not_sold(market)


def test_a_token_that_was_never_given_is_unknown(market: Market) -> None:
    with pytest.raises(NotFound, match="payment_token_unknown"):
        market.authorize(market.asked(token="guessed"))


def test_two_offers_do_not_spend_the_same_money(market: Market) -> None:
    tokens = [market.token, market.offer(), market.offer()]
    for number, token in enumerate(tokens[:2]):
        market.authorize(market.asked(invoice=f"INV-{number}", token=token))
    with pytest.raises(Conflict, match="balance_too_small"):
        market.authorize(market.asked(invoice="INV-9", token=tokens[2]))
    assert (market.balance(), market.seats_left()) == (0, 8)


def test_the_last_seat_may_be_gone_by_now(market: Market) -> None:
    schedule = market.world.courses.schedule(a_course().code, a_schedule().code)
    assert schedule
    market.world.courses.put_schedule(replace(schedule, seats_taken=schedule.seats))
    with pytest.raises(Conflict, match="schedule_full"):
        market.authorize()
    assert market.balance() == 1_000_000


def test_a_seat_that_another_took_at_once_is_looked_at_again(market: Market) -> None:
    market.world.purchases.fails_before("pay", StaleWrite())
    assert market.authorize().state is PurchaseState.PAID
    assert_sold_once(market)


def test_where_everybody_buys_at_once_the_platform_asks_later(market: Market) -> None:
    for _ in range(3):
        market.world.purchases.fails_before("pay", StaleWrite())
    with pytest.raises(StaleWrite):
        market.authorize()
    assert_not_sold(market)


def test_a_voided_sale_is_not_told_as_a_sale_again(market: Market) -> None:
    market.authorize()
    void_purchase(PLATFORM, InvoiceCode("INV-1"), purchases=market.world.purchases, clock=market.world.clock)
    with pytest.raises(AlreadyDone, match="invoice_already_voided"):
        market.authorize()


def test_selling_survives_every_accident() -> None:
    markets: list[Market] = []

    def offered() -> World:
        market = Market(World())
        market.offer()
        markets.append(market)
        return market.world

    def look(world: World) -> object:
        market = markets[-1]
        sale = market.purchase()
        (buyer,) = world.memberships.all()
        return sale.state, sale.redeem_code, sale.code_failures, market.balance(), market.seats_left(), buyer.bought

    workflow = Workflow(offered, lambda _: markets[-1].authorize(), look, wait_minutes=1)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
