"""Find payouts and batches that stand still without a message on its way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.payout_batches import BatchState, content_of, line_of
from chalicelib.domain.payouts import Payout, PayoutState, release
from tests.fakes import NOON, World
from tests.money import BATCH, a_batch, a_payout, a_ready_payout, a_sent_payout, due_by
from tests.unit.use_cases.payouts.cashier import inquire, sweep

SETTLE, INQUIRE, MOVE = Queue.PAYOUTS_TO_SETTLE, Queue.PAYOUTS_TO_INQUIRE, Queue.PAYOUT_BATCHES_TO_MOVE
HOUR = timedelta(hours=1)


def standing(world: World, *payouts: Payout) -> list[str]:
    for payout in payouts:
        world.payouts.add(payout, due_by(payout))
    world.clock.passes(hours=1)
    return sorted(payout.id for payout in payouts)


def in_batch(world: World, many: int) -> list[str]:
    payouts = [a_ready_payout(number) for number in range(1, many + 1)]
    world.payout_batches.add(a_batch(payouts))
    world.batch_files.write(BATCH, content_of(map(line_of, payouts)))
    return standing(world, *payouts)


def swept(world: World, queue: Queue) -> list[str]:
    return sorted(body["payout_id"] for body in world.messages.on(queue))


def groups(world: World) -> list[list[str]]:
    return [[line["payout_id"] for line in body["lines"]] for body in world.messages.on(SETTLE)]


@pytest.mark.parametrize("state", [PayoutState.SUBMITTING, PayoutState.UNKNOWN])
def test_what_was_cut_off_or_lost_is_asked_about(world: World, state: PayoutState) -> None:
    ids = standing(world, a_sent_payout(state=state))
    sweep(world)
    assert world.messages.sent == [(INQUIRE, {"payout_id": ids[0]})]


def test_what_is_ready_is_sent_on_in_groups_as_it_was_approved(world: World) -> None:
    ids = in_batch(world, 45)
    sweep(world)
    assert max(map(len, groups(world))) <= 20
    assert sorted(id for group in groups(world) for id in group) == ids
    assert {body["batch"] for body in world.messages.on(SETTLE)} == {BATCH}


def test_what_was_just_released_has_its_message(world: World) -> None:
    (id,) = in_batch(world, 1)
    payout = world.payouts.get(a_payout().id)
    assert payout
    batched = replace(payout, state=PayoutState.BATCHED)
    world.payouts.save(release(batched, now=world.clock.now()))
    sweep(world)
    assert not groups(world)
    world.clock.passes(hours=2)
    sweep(world)
    assert groups(world) == [[id]]


def test_of_an_altered_list_nothing_is_sent_again(world: World) -> None:
    in_batch(world, 3)
    world.batch_files.contents[BATCH] += b" "
    sweep(world)
    assert not groups(world)


def test_a_rejection_is_asked_about_when_a_day_has_gone(world: World) -> None:
    rejected = a_sent_payout(state=PayoutState.REJECTED, retry_at=NOON + 24 * HOUR)
    ids = standing(world, rejected)
    sweep(world)
    assert not world.messages.sent
    world.clock.passes(hours=23)
    sweep(world)
    assert swept(world, INQUIRE) == ids


def test_what_is_held_and_may_be_paid_is_asked_about(world: World) -> None:
    held = a_sent_payout(state=PayoutState.HELD, may_be_paid=True, reason="account_changed")
    ids = standing(world, held, a_sent_payout(2, state=PayoutState.HELD, reason="blocklisted"))
    sweep(world)
    assert swept(world, INQUIRE) == ids[:1]


def test_a_rejection_that_was_confirmed_is_not_asked_about_any_more(world: World) -> None:
    (id,) = standing(world, a_sent_payout(state=PayoutState.REJECTED, confirmed_at=NOON))
    sweep(world)
    assert not world.messages.on(INQUIRE)
    assert world.payouts.page(PayoutState.REJECTED, after=None, limit=9)[0] == [id], "people find it"


WAITS = (PayoutState.PREPARED, PayoutState.BATCHED, PayoutState.HELD)
OVER = (PayoutState.SETTLED, PayoutState.CANCELLED)


@pytest.mark.parametrize("state", [*WAITS, *OVER])
def test_what_waits_for_people_or_is_over_is_left_alone(world: World, state: PayoutState) -> None:
    standing(world, *(a_sent_payout(number, state=state) for number in (1, 2, 3)))
    sweep(world)
    assert not world.messages.sent


@pytest.mark.parametrize("state", [BatchState.FILLING, BatchState.APPROVED, BatchState.REFUSED])
def test_a_batch_that_stands_still_is_moved_on(world: World, state: BatchState) -> None:
    world.payout_batches.add(a_batch([a_payout()], state=state))
    sweep(world)
    assert world.messages.sent == [(MOVE, {"batch_id": BATCH})]


def test_no_payout_waits_for_ever_behind_others_that_stay_unknown(world: World) -> None:
    """After an outage of the bank; with the sweep alone asking again, whom it never reaches is never asked about."""
    ids = standing(world, *(a_sent_payout(number, state=PayoutState.UNKNOWN) for number in range(1, 5_101)))
    asked: set[str] = set()
    world.bank.is_out = True
    for _ in range(2):
        sweep(world)
        while world.messages.on(INQUIRE):
            body = world.messages.take(INQUIRE)
            asked.add(body["payout_id"])
            inquire(world, int(body["payout_id"][-6:]))
    assert asked == set(ids)


def test_a_sweep_changes_nothing(world: World) -> None:
    in_batch(world, 3)
    before = world.payouts.all()
    sweep(world)
    assert world.payouts.all() == before
