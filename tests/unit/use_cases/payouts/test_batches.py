"""Batches: built of what is due, approved by two, released as they were approved, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import IllegalTransition, InvalidInput, NotAllowed, NotFound
from chalicelib.domain.identifiers import BatchId, StaffId
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payout_batches import BatchState, lines_of
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.approve_batch import approve_batch
from chalicelib.use_cases.payouts.refuse_batch import refuse_batch
from tests.builders import CHECKER, MAKER
from tests.money import a_bank_account, a_payout, a_payout_account, due_by
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import (
    AMOUNT,
    approve,
    batch_states,
    build,
    built,
    move,
    paid,
    prepared,
    states,
    work_off,
)

S, B = PayoutState, BatchState


def test_what_is_due_is_put_in_one_batch_a_bank() -> None:
    world = prepared(4)
    for number, bank in ((2, "ovo"), (4, "ovo")):
        account = replace(a_payout_account(number, version=1), account=a_bank_account(number, bank=bank))
        world.payout_accounts.save(account)
    batches = sorted(build(world), key=lambda batch: batch.bank)
    assert [(batch.bank, batch.size, int(batch.total)) for batch in batches] == [
        ("bni", 2, 2 * AMOUNT),
        ("ovo", 2, 2 * AMOUNT),
    ]
    for batch in batches:
        listed = lines_of(world.batch_files.contents[batch.id], batch)
        assert len(listed) == batch.size
        assert b"8000000" not in world.batch_files.contents[batch.id], "no account number is in a list"


def test_what_is_not_due_or_has_no_verified_account_waits() -> None:
    tomorrow = a_payout(2, due_on=a_payout().due_on + timedelta(days=1))
    world = cashier.with_payouts(a_payout(1), tomorrow, a_payout(3))
    world.payout_accounts.save(a_payout_account(3, version=1, state=AccountState.LINKED))
    (batch,) = build(world)
    assert [line.payout_id for line in lines_of(world.batch_files.contents[batch.id], batch)] == [a_payout(1).id]


def test_a_batch_has_an_end() -> None:
    world = prepared(12)
    assert sorted(batch.size for batch in build(world, most=5)) == [2, 5, 5]


def test_while_one_is_filled_no_other_is_begun() -> None:
    world = prepared(3)
    build(world)
    assert len(build(world)) == 1


def test_what_is_in_a_batch_is_in_no_other() -> None:
    world = built()
    assert states(world) == [S.BATCHED] * 3
    assert len(build(world)) == 1


def test_two_builders_at_once_make_one_batch_of_one_list() -> None:
    world = prepared(3)
    world.payout_batches.fails_after("add")
    with pytest.raises(Exception, match="store_unavailable"):
        build(world)
    assert len(build(world)) == 1


def test_of_two_lists_that_overlap_the_later_is_refused_and_what_it_took_is_free_again() -> None:
    """Two builders saw the payouts before either had filled its batch."""
    world = prepared(2)
    (first,) = build(world)
    world.payout_batches.save(replace(first, version=1, state=B.WAITING))
    cashier.a_person(world, 3)
    world.payouts.add(a_payout(3), due_by(a_payout(3)))
    second = next(batch for batch in build(world) if batch.size == 3)
    stored = world.payout_batches.get(first.id)
    assert stored
    world.payout_batches.save(replace(stored, state=B.FILLING))
    assert move(world, first.id).state is B.WAITING
    assert move(world, second.id).state is B.REFUSED
    assert move(world, second.id).state is B.DISSOLVED
    assert states(world) == [S.BATCHED, S.BATCHED, S.PREPARED]


def test_two_people_release_a_batch_and_its_payouts_are_paid() -> None:
    world = built(45)
    (batch,) = world.payout_batches.all()
    approve(world, batch)
    assert move(world, batch.id).state is B.RELEASED
    assert states(world) == [S.READY] * 45
    assert [len(body["lines"]) for body in world.messages.on(Queue.PAYOUTS_TO_SETTLE)] == [20, 20, 5]
    work_off(world)
    assert states(world) == [S.SETTLED] * 45
    assert sum(paid(world)) == batch.total


def test_two_approvers_who_are_one_are_one() -> None:
    world = built()
    (batch,) = world.payout_batches.all()
    approve(world, batch, MAKER)
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        approve(world, batch, MAKER)
    move(world, batch.id)
    assert (batch_states(world), states(world)) == ([B.APPROVED_ONCE], [S.BATCHED] * 3)


@pytest.mark.parametrize("order", [(MAKER,), (CHECKER, MAKER)])
def test_whoever_built_a_batch_approves_it_neither_first_nor_second(order: tuple[StaffId, ...]) -> None:
    world = prepared(3)
    (batch,) = build(world, by=MAKER)
    move(world, batch.id)
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        approve(world, batch, *order)


def test_an_approver_names_the_list_that_they_saw() -> None:
    world = built()
    (batch,) = world.payout_batches.all()
    with pytest.raises(InvalidInput, match="batch_checksum_differs"):
        approve_batch(batch.id, "0" * 64, MAKER, batches=world.payout_batches)
    assert batch_states(world) == [B.WAITING]


def test_a_third_approval_changes_nothing() -> None:
    world = built()
    (batch,) = world.payout_batches.all()
    approve(world, batch)
    with pytest.raises(IllegalTransition):
        approve(world, batch, StaffId("citra"))


def test_nobody_approves_what_is_not_filled_or_not_there() -> None:
    world = prepared()
    (batch,) = build(world)
    with pytest.raises(IllegalTransition):
        approve(world, batch, MAKER)
    with pytest.raises(NotFound, match="batch_unknown"):
        approve_batch(BatchId("none"), batch.checksum, MAKER, batches=world.payout_batches)


@pytest.mark.parametrize("turned", [b"600000", b"completion"])
def test_a_list_that_was_altered_after_approval_sends_nothing_and_its_payouts_are_free_again(turned: bytes) -> None:
    world = built()
    (batch,) = world.payout_batches.all()
    approve(world, batch)
    content = world.batch_files.contents[batch.id]
    world.batch_files.contents[batch.id] = content.replace(turned, turned[::-1], 1)
    refused = move(world, batch.id)
    assert (refused.state, refused.reason) == (B.REFUSED, "batch_file_altered")
    assert not world.messages.on(Queue.PAYOUTS_TO_SETTLE)
    assert [move(world, batch.id).state for _ in range(2)] == [B.REFUSED, B.DISSOLVED]
    assert states(world) == [S.PREPARED] * 3


def test_a_refused_batch_lets_its_payouts_go_and_they_come_into_another() -> None:
    world = built()
    (batch,) = world.payout_batches.all()
    refuse_batch(batch.id, MAKER, batches=world.payout_batches)
    move(world, batch.id)
    assert states(world) == [S.PREPARED] * 3
    again = next(each for each in build(world) if each.id != batch.id)
    assert again.checksum == batch.checksum, "the same list, as a batch of its own"
    assert move(world, again.id).state is B.WAITING


def test_what_is_released_cannot_be_refused() -> None:
    world = built()
    (batch,) = world.payout_batches.all()
    approve(world, batch)
    move(world, batch.id)
    with pytest.raises(IllegalTransition):
        refuse_batch(batch.id, MAKER, batches=world.payout_batches)
