"""What ``Memberships`` promises of time: what is due is found, and each step is made whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain import grant_dues
from chalicelib.domain import ledger as books
from chalicelib.domain.errors import Conflict, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.ledger import GrantReturn, OwnedAccount, Posting
from chalicelib.domain.membership import Due, Membership, MembershipState
from chalicelib.domain.money import Rupiah
from chalicelib.domain.selection.freed_places import FreedPlace
from chalicelib.domain.training import Purchase
from tests.builders import a_membership
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.contract.stores.sales import Shop, a_shop
from tests.fakes import NOON

GRANT = Rupiah(1_000_000)
PROVINCE = "31"
LONG_AGO = datetime.fromisoformat("2001-01-01T00:00:00+00:00")
"""Before anything that other tests leave in the engine."""


def recipient(stores: Stores, **changes: object) -> Membership:
    held = a_membership(fresh(), **changes)
    grant = books.grant(held.applicant_id, wave=int(held.wave), amount=GRANT, now=NOON)
    stores.memberships.award(held, grant, most_per_family=2)
    return replace(held, version=1)


def due_before(stores: Stores, now: datetime, limit: int = 100) -> list[ApplicantId]:
    found: list[ApplicantId] = []
    after: str | None = None
    while True:
        page, after = stores.memberships.due(now=now, after=after, limit=limit)
        assert len(page) <= limit
        found += page
        if after is None:
            return found


def returned(membership: Membership) -> Posting:
    id, wave = membership.applicant_id, int(membership.wave)
    reason = GrantReturn.FIRST_PURCHASE_MISSED
    return books.grant_returned(id, wave=wave, reason=reason, amount=GRANT, now=NOON)


def revoke(stores: Stores, held: Membership) -> None:
    """As of the version that was read."""
    place = FreedPlace(held.wave, held.applicant_id, PROVINCE)
    order = stores.places.order(held.wave, PROVINCE).with_lapsed()
    revoked = grant_dues.revoke(held, balance=GRANT, now=NOON)
    stores.memberships.revoke(revoked, returned(held), place, order)


def balance(stores: Stores, held: Membership) -> int:
    return stores.ledger.balance(held.applicant_id, OwnedAccount.TRAINING_BALANCE)


def test_what_is_due_is_found_page_by_page_once_its_moment_is_past(stores: Stores) -> None:
    past = LONG_AGO + timedelta(days=fresh())
    held = [recipient(stores, due=Due.REVOKE, due_at=past + timedelta(microseconds=place)) for place in range(7)]
    ids = [each.applicant_id for each in held]
    assert not set(ids) & set(due_before(stores, past))
    assert sorted(set(ids) & set(due_before(stores, past + timedelta(microseconds=3), limit=2))) == sorted(ids[:3])
    assert sorted(set(ids) & set(due_before(stores, past + timedelta(seconds=1), limit=2))) == sorted(ids)


def test_whoever_has_nothing_to_come_is_not_in_the_index(stores: Stores) -> None:
    past = LONG_AGO + timedelta(days=fresh())
    held = recipient(stores, due=Due.REVOKE, due_at=past)
    stores.memberships.save(replace(held, due=None, due_at=None))
    assert held.applicant_id not in due_before(stores, past + timedelta(seconds=1))


def test_a_cursor_of_somewhere_else_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="cursor_invalid"):
        stores.memberships.due(now=NOON, after="x", limit=1)


def test_a_revocation_moves_membership_money_and_place_together(stores: Stores) -> None:
    held = recipient(stores, wave=WaveNumber(100 + fresh()))
    revoke(stores, held)
    kept = stores.memberships.get(held.applicant_id)
    assert kept
    assert (kept.state, kept.returned, kept.version) == (MembershipState.REVOKED, GRANT, 2)
    assert balance(stores, held) == 0
    assert stores.places.lapsed(held.wave) == 1
    assert stores.places.freed(held.wave, held.applicant_id) == FreedPlace(held.wave, held.applicant_id, PROVINCE)


def test_a_revocation_as_of_an_older_version_moves_nothing(stores: Stores) -> None:
    held = recipient(stores, wave=WaveNumber(100 + fresh()))
    stores.memberships.save(held)
    with pytest.raises(StaleWrite):
        revoke(stores, held)
    assert balance(stores, held) == GRANT
    assert stores.places.lapsed(held.wave) == 0


def test_a_lost_reply_revokes_once(stores: Stores) -> None:
    held = recipient(stores, wave=WaveNumber(100 + fresh()))
    with stores.one_reply_lost():
        revoke(stores, held)
    assert stores.places.lapsed(held.wave) == 1
    assert balance(stores, held) == 0


def test_what_is_left_at_the_years_end_goes_back_and_nothing_is_posted_of_nothing(stores: Stores) -> None:
    held, spent = recipient(stores, bought=1), recipient(stores, bought=1)
    ended = grant_dues.end(held, balance=GRANT, now=NOON)
    with stores.one_reply_lost():
        stores.memberships.end(ended, returned(held))
    assert stores.memberships.get(held.applicant_id) == replace(ended, version=2)
    assert balance(stores, held) == 0
    stores.memberships.end(grant_dues.end(spent, balance=Rupiah(0), now=NOON), None)
    assert len(stores.ledger.postings_of(spent.applicant_id)) == 1
    with pytest.raises(StaleWrite):
        stores.memberships.end(ended, None)


def test_more_than_is_left_does_not_go_back(stores: Stores) -> None:
    """A sale came between the look at the balance and the posting."""
    held = recipient(stores, bought=1)
    too_much = replace(returned(held), amount=Rupiah(GRANT + 1))
    with pytest.raises(StaleWrite):
        stores.memberships.end(grant_dues.end(held, balance=GRANT, now=NOON), too_much)
    assert stores.memberships.get(held.applicant_id) == held
    assert balance(stores, held) == GRANT


def buyer_of(shop: Shop, offered: Purchase) -> Membership:
    found = shop.stores.memberships.get(offered.applicant_id)
    assert found
    return found


def test_a_sale_is_counted_with_its_buyer_and_voided_with_it(stores: Stores) -> None:
    shop = a_shop(stores)
    offered = shop.offer()
    paid = shop.pay(offered)
    assert (buyer_of(shop, paid).bought, buyer_of(shop, paid).due) == (1, Due.WARN_BALANCE_END)
    shop.void(paid)
    assert (buyer_of(shop, paid).bought, buyer_of(shop, paid).due) == (0, Due.WARN_FIRST_PURCHASE)


def test_nothing_is_sold_to_whoever_was_revoked(stores: Stores) -> None:
    shop = a_shop(stores)
    offered = shop.offer()
    revoke(stores, buyer_of(shop, offered))
    with pytest.raises(Conflict, match="membership_revoked"):
        shop.pay(offered)
    assert stores.purchases.get(offered.id) == offered
    assert shop.seats_left() == 10


def test_of_a_sale_and_a_revocation_at_once_there_is_one(stores: Stores) -> None:
    for _ in range(6):
        shop = a_shop(stores)
        offered = shop.offer()
        held = buyer_of(shop, offered)
        with ThreadPoolExecutor(2) as pool:
            sale, revocation = pool.submit(shop.pay, offered), pool.submit(revoke, stores, held)
        refused = [each for each in (sale.exception(), revocation.exception()) if each]
        assert len(refused) == 1
        after = buyer_of(shop, offered)
        is_sold = after.bought == 1
        assert (after.state is MembershipState.REVOKED) is not is_sold
        assert shop.balance(offered) == (500_000 if is_sold else 0)
        assert shop.seats_left() == (9 if is_sold else 10)
