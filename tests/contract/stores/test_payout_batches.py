"""What batches, channels, notices and the lists of batches promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import BatchId
from chalicelib.domain.payout_batches import Batch, BatchState, fill, refuse
from chalicelib.domain.payout_channels import ChannelState, pause
from chalicelib.domain.payouts import put_in_batch
from tests.builders import a_membership, a_purchase, a_verified_applicant, an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON
from tests.money import a_batch, a_payout, a_payout_account, due_by


def a_fresh_batch(**changes: object) -> Batch:
    return a_batch([a_payout()], id=BatchId(f"2026-03-02-bni-{fresh()}-1"), **changes)


def test_a_batch_comes_back_as_it_was_built(stores: Stores) -> None:
    batch = a_fresh_batch(reason="why", refused_by="ani", built_by="budi")
    stores.payout_batches.add(batch)
    assert stores.payout_batches.get(batch.id) == replace(batch, version=1)
    assert stores.payout_batches.get(BatchId("none")) is None


def test_a_batch_is_begun_once(stores: Stores) -> None:
    batch = a_fresh_batch()
    with stores.one_reply_lost():
        stores.payout_batches.add(batch)
    with pytest.raises(AlreadyDone):
        stores.payout_batches.add(batch)


def test_of_two_who_move_a_batch_one_is_too_late(stores: Stores) -> None:
    batch = a_fresh_batch(state=BatchState.FILLING)
    stores.payout_batches.add(batch)
    moved = fill(replace(batch, version=1))
    with stores.one_reply_lost():
        stores.payout_batches.save(moved)
    with pytest.raises(StaleWrite):
        stores.payout_batches.save(moved)


def test_batches_are_found_by_their_state_oldest_first(stores: Stores) -> None:
    mine = [
        a_fresh_batch(state=BatchState.REFUSED, built_at=NOON + timedelta(minutes=minutes)) for minutes in (3, 1, 2)
    ]
    for batch in mine:
        stores.payout_batches.add(batch)
    found: list[BatchId] = []
    after: str | None = None
    while True:
        ids, after = stores.payout_batches.page(BatchState.REFUSED, after=after, limit=1)
        found.extend(ids)
        if after is None:
            break
    assert [id for id in found if id in {batch.id for batch in mine}] == [mine[place].id for place in (1, 2, 0)]
    assert mine[0].id not in stores.payout_batches.page(BatchState.DISSOLVED, after=None, limit=100)[0]


def test_a_channel_that_nobody_paused_is_open(stores: Stores) -> None:
    bank = f"bank-{fresh()}"
    channel = stores.payout_channels.get(bank)
    assert (channel.state, channel.version) == (ChannelState.OPEN, 0)
    paused = pause(channel, "insufficient_funds", now=NOON)
    with stores.one_reply_lost():
        stores.payout_channels.save(paused)
    with pytest.raises(StaleWrite):
        stores.payout_channels.save(paused)
    assert stores.payout_channels.get(bank) == replace(paused, version=1)


def test_a_notice_is_seen_once_it_was_added(stores: Stores) -> None:
    notice = f"2026-03-02/{fresh()}"
    assert not stores.seen_notices.has(notice)
    for _ in range(2):
        stores.seen_notices.add(notice, at=NOON)
    assert stores.seen_notices.has(notice)


def test_a_list_comes_back_byte_by_byte(stores: Stores) -> None:
    id = BatchId(f"2026-03-02-bni-{fresh()}-1")
    for content in (b'{"amount":1}\n', b'{"amount":2}\n'):
        stores.batch_files.write(id, content)
        assert stores.batch_files.read(id) == content


def test_without_its_list_a_batch_goes_nowhere(stores: Stores) -> None:
    with pytest.raises(StoreUnavailable):
        stores.batch_files.read(BatchId("none"))


def test_many_are_read_at_once(stores: Stores) -> None:
    """What the day's check asks of other stores."""
    numbers = [fresh() for _ in range(3)]
    for number in numbers:
        stores.payout_accounts.save(a_payout_account(number))
        stores.memberships.save(a_membership(number))
        stores.purchases.add_offer(a_purchase(number))
        stores.applicants.save(a_verified_applicant(number))
    people = [an_applicant_id(number) for number in (*numbers, fresh())]
    assert stores.payout_accounts.get_each(people) == {each: stores.payout_accounts.get(each) for each in people[:3]}
    assert stores.memberships.get_each(people) == {each: stores.memberships.get(each) for each in people[:3]}
    assert stores.applicants.get_each(people) == {each: stores.applicants.get(each) for each in people[:3]}
    ids = [a_purchase(number).id for number in numbers]
    assert stores.purchases.get_each(ids) == {id: stores.purchases.get(id) for id in ids}


def test_payouts_come_into_a_batch_only_while_it_is_as_it_was_read(stores: Stores) -> None:
    batch = a_fresh_batch(state=BatchState.FILLING)
    stores.payout_batches.add(batch)
    batch = replace(batch, version=1)
    before, after = ([a_payout(fresh()) for _ in range(many)] for many in (99, 2))
    for each in (*before, *after):
        stores.payouts.add(each, due_by(each))
    with stores.one_reply_lost():
        stores.payouts.save_within(batch, [put_in_batch(replace(each, version=1), batch.id) for each in before])
    assert {each.batch for each in stores.payouts.get_each([each.id for each in before]).values()} == {batch.id}
    stores.payout_batches.save(refuse(batch, "refused_by_staff"))
    with pytest.raises(StaleWrite):
        stores.payouts.save_within(batch, [put_in_batch(replace(each, version=1), batch.id) for each in after])
    assert {each.batch for each in stores.payouts.get_each([each.id for each in after]).values()} == {None}
