"""What follows when a payout has moved."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.payout_batches import BatchState
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.follow_payout import follow_payout
from tests.fakes import World

FACTS: dict[str, str | int] = {"applicant_id": "0.a", "amount": 600_000}


def follow(world: World, kind: str, after: str, *, before: str | None = "x", **facts: str | int) -> None:
    change = Change(kind=kind, id="0.id", before=before, after=after, facts={**FACTS, **facts})
    follow_payout(change, messages=world.messages)


def test_a_payout_out_of_sight_is_asked_about(world: World) -> None:
    follow(world, "payout", PayoutState.UNKNOWN)
    assert world.messages.sent == [(Queue.PAYOUTS_TO_INQUIRE, {"payout_id": "0.id"})]


@pytest.mark.parametrize("state", [BatchState.FILLING, BatchState.APPROVED, BatchState.REFUSED])
def test_a_batch_that_moved_goes_on(world: World, state: BatchState) -> None:
    follow(world, "payout_batch", state)
    assert world.messages.sent == [(Queue.PAYOUT_BATCHES_TO_MOVE, {"batch_id": "0.id"})]


@pytest.mark.parametrize("state", [BatchState.WAITING, BatchState.APPROVED_ONCE, BatchState.RELEASED])
def test_a_batch_that_waits_for_people_or_is_done_needs_no_message(world: World, state: BatchState) -> None:
    follow(world, "payout_batch", state)
    assert not world.messages.sent


def test_a_rejection_that_was_confirmed_may_be_tried_again(world: World) -> None:
    rejected = PayoutState.REJECTED
    follow(world, "payout", rejected, before=rejected, confirmed_at="2026-03-03T05:00:00+00:00")
    assert world.messages.sent == [(Queue.PAYOUTS_TO_RESUME, {"applicant_id": "0.a"})]


def test_what_came_back_may_be_tried_again_where_there_is_another_account_already(world: World) -> None:
    follow(world, "payout", PayoutState.REVERSED, before=PayoutState.SETTLED)
    assert world.messages.on(Queue.PAYOUTS_TO_RESUME) == [{"applicant_id": "0.a"}]


def test_each_attempt_is_told_and_what_came_back_too(world: World) -> None:
    follow(world, "payout", PayoutState.SETTLED, payment_attempt=1)
    follow(world, "payout", PayoutState.REVERSED, payment_attempt=1, reason="refunded")
    follow(world, "payout", PayoutState.SETTLED, payment_attempt=2)
    keys = [mail["send_key"] for mail in world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)]
    assert keys == ["incentive_paid/0.id", "incentive_refused/0.id/back", "incentive_paid/0.id/2"]


def test_a_paid_incentive_is_told_by_mail(world: World) -> None:
    follow(world, "payout", PayoutState.SETTLED)
    (mail,) = world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)
    assert (mail["send_key"], mail["applicant_id"]) == ("incentive_paid/0.id", "0.a")
    assert mail["blanks"] == {"amount": "Rp 600.000", "reason": ""}


def test_a_refused_incentive_is_told_with_its_reason(world: World) -> None:
    follow(world, "payout", PayoutState.REJECTED, reason="account_closed")
    (mail,) = world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)
    assert mail["send_key"] == "incentive_refused/0.id"
    assert mail["blanks"] == {"amount": "Rp 600.000", "reason": "account_closed"}


@pytest.mark.parametrize(
    "state", [PayoutState.PREPARED, PayoutState.BATCHED, PayoutState.READY, PayoutState.SUBMITTING, PayoutState.HELD]
)
def test_what_waits_for_people_or_is_on_its_way_needs_no_message(world: World, state: PayoutState) -> None:
    follow(world, "payout", state)
    assert not world.messages.sent


@pytest.mark.parametrize("state", PayoutState)
def test_nothing_follows_where_nothing_moved(world: World, state: PayoutState) -> None:
    follow(world, "payout", state, before=state)
    follow(world, "holder", "held", before=None)
    assert not world.messages.sent
