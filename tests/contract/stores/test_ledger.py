"""What ``Ledger`` promises: every posting once, both sides sum to zero, balances are sums."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain import ledger as books
from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.ledger_chain import flaws_of
from chalicelib.domain.money import Rupiah
from chalicelib.ports import Ledger
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.contract.stores.sales import a_shop
from tests.fakes import NOON

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
    assert [ledger.balance(person, account) for account in OwnedAccount] == [0] * len(OwnedAccount)
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
    persons = {account: total for account, total in sums.items() if account.startswith(OwnedAccount.TRAINING_BALANCE)}
    assert sorted(persons.values()) == [500_000] * 3 + [1_000_000] * 2
    for account, total in persons.items():
        person = an_applicant_id(int(account.rpartition("-")[2]))
        assert stores.ledger.balance(person, OwnedAccount.TRAINING_BALANCE) == total


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_walk_meets_every_posting_exactly_once(stores: Stores, limit: int) -> None:
    mine = some_sales(stores)
    met = Counter((posting.owner, posting.key) for posting in walked(stores.ledger, limit))
    assert max(met.values()) == 1
    assert {(posting.owner, posting.key) for posting in mine} <= met.keys()


@pytest.mark.parametrize("cursor", ["nonsense", "|", "1.somebody|"])
def test_a_place_that_no_page_gave_is_refused(ledger: Ledger, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        ledger.page(after=cursor, limit=10)


def a_demand(number: int = 1) -> Posting:
    return books.repayment_demanded(an_applicant_id(fresh()), f"debt-{number}", amount=Rupiah(500), now=NOON)


def test_a_posting_of_its_own_is_made_once(ledger: Ledger) -> None:
    demand = a_demand()
    ledger.post(demand)
    with pytest.raises(AlreadyDone, match="posted_already"):
        ledger.post(demand)
    assert ledger.balance(demand.owner, OwnedAccount.REPAYMENT) == -500
    assert list(ledger.postings_of(demand.owner)) == [demand]


def test_what_does_not_fit_a_balance_is_not_posted(ledger: Ledger) -> None:
    demand = a_demand()
    ledger.post(demand)
    with pytest.raises(Conflict, match="repaid_too_much"):
        ledger.post(books.repaid(ApplicantId(demand.owner), "debt-1", number=1, amount=Rupiah(501), now=NOON))
    assert ledger.head(demand.owner).number == 1


def test_an_owners_postings_follow_from_one_another(ledger: Ledger) -> None:
    person = an_applicant_id(fresh())
    for number in range(1, 4):
        ledger.post(books.repayment_demanded(person, f"debt-{number}", amount=Rupiah(5), now=NOON))
    entries, head = ledger.entries_of(person), ledger.head(person)
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert (head.number, head.digest, dict(head.balances)) == (3, entries[-1].digest, {OwnedAccount.REPAYMENT: -15})
    assert not list(flaws_of(head, entries))


def test_a_posting_is_found_by_its_key(ledger: Ledger) -> None:
    demand = a_demand()
    ledger.post(demand)
    found = ledger.entry(demand.owner, demand.key)
    assert found
    assert (found.posting, found.number) == (demand, 1)
    assert ledger.entry(demand.owner, "repayment-demanded/another") is None


def test_whoever_has_postings_is_among_the_owners(ledger: Ledger) -> None:
    demand = a_demand()
    ledger.post(demand)
    met: list[str] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        owners, after = ledger.owners(after=after, limit=50)
        met.extend(owners)
        if after is None:
            break
    assert met.count(demand.owner) == 1


def test_of_many_at_once_none_is_lost_and_none_is_doubled(ledger: Ledger) -> None:
    person = an_applicant_id(fresh())
    demands = [books.repayment_demanded(person, f"debt-{number}", amount=Rupiah(5), now=NOON) for number in range(8)]

    def post(demand: Posting) -> None:
        for _ in range(50):
            try:
                return ledger.post(demand)
            except StaleWrite:
                continue
        raise AssertionError("never its turn")

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(post, demands))
    assert ledger.balance(person, OwnedAccount.REPAYMENT) == -5 * len(demands)
    assert not list(flaws_of(ledger.head(person), ledger.entries_of(person)))


def test_a_lost_reply_posts_once(stores: Stores) -> None:
    demand = a_demand()
    with stores.one_reply_lost():
        stores.ledger.post(demand)
    assert stores.ledger.head(demand.owner).number == 1
