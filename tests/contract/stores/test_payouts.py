"""What ``Payouts`` promises: one account per person and one person per account, one payout per entitlement."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger as books
from chalicelib.domain.errors import AlreadyDone, Conflict, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState, submit
from chalicelib.ports import Payouts
from tests.builders import MAKER
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON
from tests.money import a_payout, a_ready_payout, due_by

THREADS = 8
DUE = OwnedAccount.INCENTIVE_DUE


def paid(payout: Payout) -> Posting:
    return books.incentive_paid(
        payout.applicant_id, payout.id, bank="bni", attempt=payout.attempt, amount=payout.amount, now=NOON
    )


def added(stores: Stores) -> Payout:
    payout = a_ready_payout(fresh())
    stores.payouts.add(payout, due_by(payout))
    return replace(payout, version=1)


def settled(payout: Payout) -> Payout:
    return replace(payout, state=PayoutState.SETTLED, bank="bni", settled_at=NOON)


def test_a_payout_comes_back_as_it_was_prepared(payouts: Payouts) -> None:
    payout = a_ready_payout(fresh(), submitted_at=NOON, response_code="4291800", reason="rate_limit")
    payouts.add(payout, due_by(payout))
    assert payouts.get(payout.id) == replace(payout, version=1)


def test_a_payout_that_nobody_prepared_is_not_there(payouts: Payouts) -> None:
    assert payouts.get(PayoutId(f"1.{fresh()}")) is None


def test_an_entitlement_has_one_payout(payouts: Payouts) -> None:
    payout = a_payout(fresh())
    payouts.add(payout, due_by(payout))
    with pytest.raises(AlreadyDone):
        payouts.add(replace(payout, prepared_at=NOON), due_by(payout))
    assert payouts.get(payout.id) == replace(payout, version=1)


def test_a_lost_reply_does_not_make_a_new_payout_a_second_one(stores: Stores) -> None:
    payout = a_payout(fresh())
    with stores.one_reply_lost():
        stores.payouts.add(payout, due_by(payout))
    assert stores.payouts.get(payout.id) == replace(payout, version=1)


def test_a_stale_move_of_a_payout_is_refused(payouts: Payouts) -> None:
    payout = a_ready_payout(fresh())
    payouts.add(payout, due_by(payout))
    read = replace(payout, version=1)
    submitted = submit(read, bank="bni", now=NOON)
    payouts.save(submitted)
    with pytest.raises(StaleWrite):
        payouts.save(submitted)
    assert payouts.get(payout.id) == replace(submitted, version=2)


def test_a_lost_reply_does_not_make_a_submission_stale(stores: Stores) -> None:
    payout = a_ready_payout(fresh())
    stores.payouts.add(payout, due_by(payout))
    submitted = submit(replace(payout, version=1), bank="bni", now=NOON)
    with stores.one_reply_lost():
        stores.payouts.save(submitted)
    assert stores.payouts.get(payout.id) == replace(submitted, version=2)


def test_a_payout_is_prepared_with_what_is_owed(stores: Stores) -> None:
    payout = added(stores)
    assert list(stores.ledger.postings_of(payout.applicant_id)) == [due_by(payout)]
    with pytest.raises(AlreadyDone):
        stores.payouts.add(replace(payout, version=0), due_by(payout))
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount


def test_a_payout_and_its_posting_are_written_together(stores: Stores) -> None:
    payout = added(stores)
    stores.payouts.save_with(settled(payout), paid(payout))
    assert stores.payouts.get(payout.id) == replace(settled(payout), version=2)
    assert list(stores.ledger.postings_of(payout.applicant_id)) == [due_by(payout), paid(payout)]
    assert stores.ledger.balance(payout.applicant_id, DUE) == 0


def test_a_stale_payout_posts_nothing(stores: Stores) -> None:
    payout = added(stores)
    stores.payouts.save(payout)
    with pytest.raises(StaleWrite):
        stores.payouts.save_with(settled(payout), paid(payout))
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount


def test_a_posting_that_was_made_moves_no_payout(stores: Stores) -> None:
    payout = added(stores)
    stores.payouts.save_with(payout, paid(payout))
    other = a_payout(fresh(), applicant_id=payout.applicant_id)
    stores.payouts.add(other, due_by(other))
    with pytest.raises(StaleWrite):
        stores.payouts.save_with(replace(settled(payout), version=2), paid(payout))
    assert stores.payouts.get(payout.id) == replace(payout, version=2)
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount


def test_what_was_posted_without_a_reply_is_posted_once(stores: Stores) -> None:
    payout = added(stores)
    with stores.no_reply_comes("payouts.save_with"), pytest.raises(StoreUnavailable):
        stores.payouts.save_with(settled(payout), paid(payout))
    with pytest.raises((StaleWrite, Conflict)):
        stores.payouts.save_with(settled(payout), paid(payout))
    assert stores.payouts.get(payout.id) == replace(settled(payout), version=2)
    assert stores.ledger.balance(payout.applicant_id, DUE) == 0


def test_a_lost_reply_does_not_post_twice(stores: Stores) -> None:
    payout = added(stores)
    with stores.one_reply_lost():
        stores.payouts.save_with(settled(payout), paid(payout))
    assert stores.payouts.get(payout.id) == replace(settled(payout), version=2)
    assert stores.ledger.balance(payout.applicant_id, DUE) == 0


def test_a_whole_group_is_saved_with_its_postings_also_where_two_are_one_persons(stores: Stores) -> None:
    first, second = added(stores), added(stores)
    third = a_ready_payout(fresh(), applicant_id=first.applicant_id, purpose="survey")
    stores.payouts.add(third, due_by(third))
    group = [first, second, replace(third, version=1)]
    with stores.one_reply_lost():
        stores.payouts.save_each([(settled(each), (paid(each),)) for each in group])
    found = stores.payouts.get_each([each.id for each in group])
    assert [found[each.id].state for each in group] == [PayoutState.SETTLED] * 3
    assert [stores.ledger.balance(each.applicant_id, DUE) for each in group] == [0, 0, 0]
    assert [len(stores.ledger.postings_of(each.applicant_id)) for each in group] == [4, 2, 4]


def test_of_a_group_with_one_that_was_moved_none_is_saved(stores: Stores) -> None:
    first, second = added(stores), added(stores)
    stores.payouts.save(second)
    with pytest.raises(StaleWrite):
        stores.payouts.save_each([(settled(each), (paid(each),)) for each in (first, second)])
    assert stores.payouts.get(first.id) == first
    assert stores.ledger.balance(first.applicant_id, DUE) == first.amount


def test_money_that_came_and_went_is_posted_both_ways_at_once(stores: Stores) -> None:
    payout = added(stores)
    back = books.incentive_reversed(
        payout.applicant_id, payout.id, bank="bni", attempt=1, amount=payout.amount, now=NOON
    )
    stores.payouts.save_with(replace(settled(payout), state=PayoutState.REVERSED), paid(payout), back)
    assert list(stores.ledger.postings_of(payout.applicant_id)) == [due_by(payout), paid(payout), back]
    assert stores.ledger.balance(payout.applicant_id, DUE) == payout.amount


def test_a_payout_is_found_by_the_reference_under_which_it_was_sent(stores: Stores) -> None:
    payout = added(stores)
    assert stores.payouts.by_reference(payout.reference) is None, "it was not sent yet"
    stores.payouts.save(submit(payout, bank="bni", now=NOON))
    assert stores.payouts.by_reference(payout.reference) == payout.id
    assert stores.payouts.by_reference("PRK0") is None


def test_of_many_payouts_those_are_found_that_there_are(stores: Stores) -> None:
    many = [added(stores) for _ in range(7)]
    nobody = PayoutId(f"1.{fresh()}")
    found = stores.payouts.get_each([*(each.id for each in many), nobody, many[0].id])
    assert found == {each.id: each for each in many}
    assert stores.payouts.get_each([]) == {}


def test_every_word_about_a_payout_comes_back(stores: Stores) -> None:
    payout = added(stores)
    full = replace(
        payout,
        state=PayoutState.HELD,
        attempt=3,
        bank="ovo",
        may_be_paid=True,
        retry_at=NOON,
        rejected_at=NOON,
        confirmed_at=NOON,
        not_found_since=NOON,
        wish=PayoutEvent.CANCEL,
        wished_by=MAKER,
        submitted_at=NOON,
    )
    stores.payouts.save(full)
    assert stores.payouts.get(payout.id) == replace(full, version=2)
