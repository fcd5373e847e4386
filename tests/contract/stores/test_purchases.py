"""What ``Purchases`` promises: purchase, money, seat, invoice and redeem code, together or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, Conflict, StaleWrite
from chalicelib.domain.identifiers import InvoiceCode, PurchaseId, RedeemCode, ScheduleCode
from chalicelib.domain.training import Purchase, Review
from chalicelib.ports import Purchases
from tests.builders import PLATFORM, PROVIDER, a_paid_purchase, a_purchase, an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.contract.stores.sales import PRICE, Shop, a_shop
from tests.fakes import NOON

THREADS = 8


@pytest.fixture
def shop(stores: Stores) -> Shop:
    return a_shop(stores)


def assert_nothing_was_sold(shop: Shop, offered: Purchase, *, seats: int, money: int) -> None:
    assert shop.stores.purchases.get(offered.id) == offered
    assert not shop.stores.purchases.of_applicant(offered.applicant_id)
    assert (shop.seats_left(), shop.balance(offered)) == (seats, money)
    assert len(shop.stores.ledger.postings_of(offered.applicant_id)) == 1


def test_an_offer_comes_back_as_it_was_made(purchases: Purchases) -> None:
    offered = a_purchase(fresh())
    purchases.add_offer(offered)
    assert purchases.get(offered.id) == replace(offered, version=1)


def test_an_offer_is_made_once(purchases: Purchases) -> None:
    offered = a_purchase(fresh())
    purchases.add_offer(offered)
    with pytest.raises(AlreadyDone):
        purchases.add_offer(replace(offered, code_failures=0))


def test_a_purchase_keeps_all_that_happened_to_it(purchases: Purchases) -> None:
    happened = a_paid_purchase(
        fresh(),
        attended={1: NOON, 999: NOON + timedelta(days=3)},
        redeemed_at=NOON,
        completed_at=NOON,
        certificate_no="PRAKERJA-2026-000000000001",
        certified_at=NOON,
        review=Review(5, "Bagus sekali", NOON),
        code_failures=2,
    )
    purchases.add_offer(happened)
    assert purchases.get(happened.id) == replace(happened, version=1)


def test_what_was_never_sold_is_not_found(purchases: Purchases) -> None:
    assert purchases.get(PurchaseId(f"1.{fresh()}")) is None
    assert purchases.by_invoice(PLATFORM, InvoiceCode(f"INV-{fresh()}")) is None
    assert purchases.by_redeem_code(RedeemCode(f"CODE{fresh()}")) is None


def test_a_sale_moves_money_and_seat_and_is_found_by_invoice_and_code(shop: Shop) -> None:
    offered = shop.offer(money=1_000_000)
    paid = shop.pay(offered)
    purchases = shop.stores.purchases
    assert paid.invoice_code
    assert paid.redeem_code
    assert purchases.get(paid.id) == paid
    assert purchases.by_invoice(PLATFORM, paid.invoice_code) == paid
    assert purchases.by_invoice(PROVIDER, paid.invoice_code) is None
    assert purchases.by_redeem_code(paid.redeem_code) == paid
    assert list(purchases.of_applicant(paid.applicant_id)) == [paid]
    assert (shop.seats_left(), shop.balance(paid)) == (9, 500_000)


def test_a_lost_reply_does_not_make_a_sale_a_contended_one(shop: Shop) -> None:
    offered = shop.offer(money=1_000_000)
    with shop.stores.one_reply_lost():
        paid = shop.pay(offered)
    assert shop.stores.purchases.get(paid.id) == paid
    assert (shop.seats_left(), shop.balance(paid)) == (9, 500_000)


def test_what_the_balance_does_not_cover_is_not_sold(shop: Shop) -> None:
    offered = shop.offer(money=int(PRICE) - 1)
    with pytest.raises(Conflict, match="balance_too_small"):
        shop.pay(offered)
    assert_nothing_was_sold(shop, offered, seats=10, money=int(PRICE) - 1)


def test_a_full_schedule_sells_nothing_more(stores: Stores) -> None:
    shop = a_shop(stores, seats=1)
    shop.pay(shop.offer())
    late = shop.offer()
    with pytest.raises(Conflict, match="schedule_full"):
        shop.pay(late)
    assert_nothing_was_sold(shop, late, seats=0, money=1_000_000)


def test_a_schedule_that_is_not_there_sells_nothing(shop: Shop) -> None:
    offered = shop.offer()
    with pytest.raises(Conflict, match="schedule_unknown"):
        shop.pay(offered, schedule_code=ScheduleCode("never"))
    assert_nothing_was_sold(shop, offered, seats=10, money=1_000_000)


def test_an_invoice_pays_for_one_purchase(shop: Shop) -> None:
    first = shop.pay(shop.offer())
    second = shop.offer()
    with pytest.raises(AlreadyDone, match="invoice_already_used"):
        shop.pay(second, invoice_code=first.invoice_code)
    assert_nothing_was_sold(shop, second, seats=9, money=1_000_000)
    assert first.invoice_code
    assert shop.stores.purchases.by_invoice(PLATFORM, first.invoice_code) == first


def test_an_offer_is_paid_once(shop: Shop) -> None:
    offered = shop.offer()
    paid = shop.pay(offered)
    with pytest.raises(StaleWrite):
        shop.pay(offered)
    with pytest.raises(StaleWrite):
        shop.pay(offered, invoice_code=InvoiceCode(f"INV-{fresh()}"))
    assert shop.stores.purchases.get(paid.id) == paid
    assert (shop.seats_left(), shop.balance(paid)) == (9, 500_000)


def test_the_last_seat_is_sold_once(stores: Stores) -> None:
    shop = a_shop(stores, seats=1)
    offers = [shop.offer() for _ in range(THREADS)]

    def pay(offered: Purchase) -> bool:
        try:
            shop.pay(offered)
        except (Conflict, StaleWrite):
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        sold = list(pool.map(pay, offers))
    assert sum(sold) == 1
    assert shop.seats_left() == 0
    assert [shop.balance(each) for each in offers] == [500_000 if is_sold else 1_000_000 for is_sold in sold]


def test_a_voided_sale_gives_money_and_seat_back(shop: Shop) -> None:
    voided = shop.void(shop.pay(shop.offer(money=1_000_000)))
    assert shop.stores.purchases.get(voided.id) == voided
    assert (shop.seats_left(), shop.balance(voided)) == (10, 1_000_000)
    keys = [posting.key.partition("/")[0] for posting in shop.stores.ledger.postings_of(voided.applicant_id)]
    assert sorted(keys) == ["grant", "purchase", "purchase-voided"]


def test_a_sale_is_voided_once(shop: Shop) -> None:
    paid = shop.pay(shop.offer(money=1_000_000))
    voided = shop.void(paid)
    with pytest.raises(StaleWrite):
        shop.void(paid)
    assert shop.stores.purchases.get(voided.id) == voided
    assert (shop.seats_left(), shop.balance(voided)) == (10, 1_000_000)


def test_a_lost_reply_does_not_void_twice(shop: Shop) -> None:
    paid = shop.pay(shop.offer(money=1_000_000))
    with shop.stores.one_reply_lost():
        voided = shop.void(paid)
    assert shop.stores.purchases.get(voided.id) == voided
    assert (shop.seats_left(), shop.balance(voided)) == (10, 1_000_000)


def test_a_stale_purchase_is_refused(shop: Shop) -> None:
    paid = shop.pay(shop.offer())
    shop.stores.purchases.save(replace(paid, attended={1: NOON}))
    with pytest.raises(StaleWrite):
        shop.stores.purchases.save(replace(paid, attended={2: NOON}))
    assert shop.stores.purchases.get(paid.id) == replace(paid, attended={1: NOON}, version=paid.version + 1)


def test_purchases_of_a_person_are_told_oldest_first_and_without_offers(shop: Shop) -> None:
    first = shop.offer(money=2_000_000)
    older = replace(
        a_purchase(fresh(), offered_at=NOON - timedelta(days=1)),
        applicant_id=first.applicant_id,
        course_code=first.course_code,
    )
    unpaid = replace(older, id=PurchaseId(f"1.unpaid-{fresh()}"))
    for each in (older, unpaid):
        shop.stores.purchases.add_offer(each)
    newest = shop.pay(first)
    oldest = shop.pay(replace(older, version=1), applicant_id=first.applicant_id, offered_at=older.offered_at)
    assert list(shop.stores.purchases.of_applicant(first.applicant_id)) == [oldest, newest]


def test_purchases_of_several_people_are_told_together(shop: Shop) -> None:
    first, second, nobody = shop.pay(shop.offer()), shop.pay(shop.offer()), an_applicant_id(fresh())
    told = shop.stores.purchases.of_each([second.applicant_id, nobody, first.applicant_id])
    assert {id: list(mine) for id, mine in told.items()} == {
        first.applicant_id: [first],
        second.applicant_id: [second],
        nobody: [],
    }
