"""What ``Ledger`` promises: every posting once, both sides sum to zero, balances are sums."""

from collections import Counter

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ledger import PersonAccount, Posting
from chalicelib.ports import Ledger
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.contract.stores.sales import a_shop

MOST_PAGES = 5_000


def walked(ledger: Ledger, limit: int) -> list[Posting]:
    found: list[Posting] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        postings, after = ledger.page(after=after, limit=limit)
        assert len(postings) <= limit
        found.extend(postings)
        if after is None:
            return found
    raise AssertionError("the walk does not end")


def some_sales(stores: Stores) -> list[Posting]:
    """Of five buyers, two of whom changed their mind."""
    shop = a_shop(stores)
    paid = [shop.pay(shop.offer()) for _ in range(5)]
    for each in paid[:2]:
        shop.void(each)
    return [posting for each in paid for posting in stores.ledger.postings_of(each.applicant_id)]


def test_whoever_never_had_money_has_none(ledger: Ledger) -> None:
    person = an_applicant_id(fresh())
    assert [ledger.balance(person, account) for account in PersonAccount] == [0, 0]
    assert not ledger.postings_of(person)


def test_the_ledger_sums_to_zero(stores: Stores) -> None:
    mine = some_sales(stores)
    assert len(mine) == 5 + 5 + 2
    assert sum(amount for posting in walked(stores.ledger, 100) for _, amount in posting.lines()) == 0


def test_a_balance_is_the_sum_of_its_postings(stores: Stores) -> None:
    sums: Counter[str] = Counter()
    for posting in some_sales(stores):
        for account, amount in posting.lines():
            sums[account] += amount
    persons = {account: total for account, total in sums.items() if account.startswith(PersonAccount.TRAINING_BALANCE)}
    assert sorted(persons.values()) == [500_000] * 3 + [1_000_000] * 2
    for account, total in persons.items():
        person = an_applicant_id(int(account.rpartition("-")[2]))
        assert stores.ledger.balance(person, PersonAccount.TRAINING_BALANCE) == total


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_walk_meets_every_posting_exactly_once(stores: Stores, limit: int) -> None:
    mine = some_sales(stores)
    met = Counter((posting.applicant_id, posting.key) for posting in walked(stores.ledger, limit))
    assert max(met.values()) == 1
    assert {(posting.applicant_id, posting.key) for posting in mine} <= met.keys()


@pytest.mark.parametrize("cursor", ["nonsense", "|", "1.somebody|"])
def test_a_place_that_no_page_gave_is_refused(ledger: Ledger, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        ledger.page(after=cursor, limit=10)
