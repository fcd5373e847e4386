"""What follows when a payout has moved."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.follow_payout import follow_payout
from tests.fakes import World

FACTS: dict[str, str | int] = {"applicant_id": "0.a", "amount": 600_000}


def follow(world: World, kind: str, after: str, *, before: str | None = "x", **facts: str | int) -> None:
    change = Change(kind=kind, id="0.id", before=before, after=after, facts={**FACTS, **facts})
    follow_payout(change, messages=world.messages)


@pytest.mark.parametrize(
    ("state", "queue"),
    [(PayoutState.READY, Queue.PAYOUTS_TO_SETTLE), (PayoutState.UNKNOWN, Queue.PAYOUTS_TO_INQUIRE)],
)
def test_a_payout_that_moved_goes_on(world: World, state: PayoutState, queue: Queue) -> None:
    follow(world, "payout", state)
    assert world.messages.sent == [(queue, {"payout_id": "0.id"})]


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


@pytest.mark.parametrize("state", [PayoutState.AWAITING_APPROVAL, PayoutState.APPROVED_ONCE, PayoutState.SUBMITTING])
def test_what_waits_for_people_or_is_on_its_way_needs_no_message(world: World, state: PayoutState) -> None:
    follow(world, "payout", state)
    assert not world.messages.sent


@pytest.mark.parametrize("state", PayoutState)
def test_nothing_follows_where_nothing_moved(world: World, state: PayoutState) -> None:
    follow(world, "payout", state, before=state)
    follow(world, "holder", "held", before=None)
    assert not world.messages.sent
