"""What ``Payouts`` promises: one account per person and one person per account, one payout per entitlement."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger as books
from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.payouts import Payout, PayoutState, submit
from chalicelib.ports import Payouts
from tests.builders import MAKER
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON
from tests.money import a_payout, a_ready_payout

THREADS = 8
DUE = OwnedAccount.INCENTIVE_DUE


def owed(payout: Payout) -> Posting:
    return books.incentive_due(payout.applicant_id, payout.id, amount=payout.amount, now=NOON)


def test_a_payout_comes_back_as_it_was_prepared(payouts: Payouts) -> None:
    payout = a_ready_payout(fresh(), submitted_at=NOON, response_code="4291800", reason="rate_limit")
    payouts.add(payout)
    assert payouts.get(payout.id) == replace(payout, version=1)


def test_a_payout_that_nobody_prepared_is_not_there(payouts: Payouts) -> None:
    assert payouts.get(PayoutId(f"1.{fresh()}")) is None


def test_an_entitlement_has_one_payout(payouts: Payouts) -> None:
    payout = a_payout(fresh())
    payouts.add(payout)
    with pytest.raises(AlreadyDone):
        payouts.add(replace(payout, prepared_at=NOON))
    assert payouts.get(payout.id) == replace(payout, version=1)


def test_a_lost_reply_does_not_make_a_new_payout_a_second_one(stores: Stores) -> None:
    payout = a_payout(fresh())
    with stores.one_reply_lost():
        stores.payouts.add(payout)
    assert stores.payouts.get(payout.id) == replace(payout, version=1)


def test_a_stale_move_of_a_payout_is_refused(payouts: Payouts) -> None:
    payout = a_ready_payout(fresh())
    payouts.add(payout)
    read = replace(payout, version=1)
    submitted = submit(read, now=NOON)
    payouts.save(submitted)
    with pytest.raises(StaleWrite):
        payouts.save(submitted)
    assert payouts.get(payout.id) == replace(submitted, version=2)


def test_a_lost_reply_does_not_make_a_submission_stale(stores: Stores) -> None:
    payout = a_ready_payout(fresh())
    stores.payouts.add(payout)
    submitted = submit(replace(payout, version=1), now=NOON)
    with stores.one_reply_lost():
        stores.payouts.save(submitted)
    assert stores.payouts.get(payout.id) == replace(submitted, version=2)


def test_a_payout_and_its_posting_are_written_together(stores: Stores) -> None:
    payout = a_payout(fresh())
    stores.payouts.add(payout)
    ready = replace(payout, state=PayoutState.READY, first_approver=MAKER, version=1)
    stores.payouts.save_with(ready, owed(ready))
    assert stores.payouts.get(payout.id) == replace(ready, version=2)
    assert list(stores.ledger.postings_of(payout.applicant_id)) == [owed(ready)]
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount


def test_a_stale_payout_posts_nothing(stores: Stores) -> None:
    payout = a_payout(fresh())
    stores.payouts.add(payout)
    with pytest.raises(StaleWrite):
        stores.payouts.save_with(payout, owed(payout))
    assert not stores.ledger.postings_of(payout.applicant_id)
    assert stores.ledger.balance(payout.applicant_id, DUE) == 0


def test_a_posting_that_was_made_moves_no_payout(stores: Stores) -> None:
    payout = a_payout(fresh())
    stores.payouts.add(payout)
    stores.payouts.save_with(replace(payout, version=1), owed(payout))
    with pytest.raises(StaleWrite):
        stores.payouts.save_with(replace(payout, state=PayoutState.READY, version=2), owed(payout))
    assert stores.payouts.get(payout.id) == replace(payout, version=2)
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount


def test_what_was_posted_without_a_reply_is_posted_once(stores: Stores) -> None:
    payout = a_payout(fresh())
    stores.payouts.add(payout)
    ready = replace(payout, state=PayoutState.READY, version=1)
    with stores.no_reply_comes("payouts.save_with"), pytest.raises(StoreUnavailable):
        stores.payouts.save_with(ready, owed(ready))
    with pytest.raises(StaleWrite):
        stores.payouts.save_with(ready, owed(ready))
    assert stores.payouts.get(payout.id) == replace(ready, version=2)
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount


def test_a_lost_reply_does_not_post_twice(stores: Stores) -> None:
    payout = a_payout(fresh())
    stores.payouts.add(payout)
    ready = replace(payout, state=PayoutState.READY, version=1)
    with stores.one_reply_lost():
        stores.payouts.save_with(ready, owed(ready))
    assert stores.payouts.get(payout.id) == replace(ready, version=2)
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount
