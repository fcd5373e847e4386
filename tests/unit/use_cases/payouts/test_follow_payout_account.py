"""What follows when a payout account has moved, or a change of it was asked for."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.use_cases.payouts.follow_payout_account import follow_payout_account
from tests.fakes import World

ME = "0.a"
_MAILS = (Queue.MAILS_TO_SEND, Queue.ANNOUNCEMENTS_TO_SEND)


def follow(world: World, before: str | None, after: str, *, was: dict[str, int] | None = None, **facts: int) -> None:
    change = Change("payout_account", ME, before, after, {"version": 4, **facts}, was or facts)
    follow_payout_account(change, messages=world.messages)


def queues(world: World) -> list[Queue]:
    return [queue for queue, _ in world.messages.sent if queue not in _MAILS]


def mails(world: World) -> list[str]:
    return [str(body["send_key"]) for queue in _MAILS for body in world.messages.on(queue)]


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        (None, AccountState.LINKED, [Queue.PAYOUT_ACCOUNTS_TO_VERIFY]),
        (AccountState.REFUSED, AccountState.LINKED, [Queue.PAYOUT_ACCOUNTS_TO_VERIFY]),
        (AccountState.CHANGING, AccountState.LINKED, [Queue.PAYOUT_ACCOUNTS_TO_VERIFY]),
        (AccountState.LINKED, AccountState.VERIFIED, [Queue.INCENTIVES_TO_PREPARE, Queue.PAYOUTS_TO_RESUME]),
        (AccountState.CHANGING, AccountState.VERIFIED, [Queue.INCENTIVES_TO_PREPARE, Queue.PAYOUTS_TO_RESUME]),
        (AccountState.VERIFIED, AccountState.CHANGING, []),
        (AccountState.LINKED, AccountState.REFUSED, []),
    ],
)
def test_an_account_that_moved_is_looked_at_further(
    world: World, before: str | None, after: str, asked: list[Queue]
) -> None:
    follow(world, before, after)
    assert queues(world) == asked


def test_a_first_account_that_is_verified_needs_no_mail(world: World) -> None:
    follow(world, AccountState.LINKED, AccountState.VERIFIED, changes=0)
    assert mails(world) == []


def test_every_step_of_a_change_is_told_by_mail(world: World) -> None:
    follow(world, "verified", "verified", was={"changes": 0}, changes=1)
    follow(world, "verified", "changing", changes=1, was={"changes": 1}, reminders=0)
    follow(world, "changing", "changing", was={"changes": 1, "reminders": 0}, changes=1, reminders=1)
    follow(world, "changing", "linked", changes=1)
    follow(world, "linked", "verified", changes=1)
    assert mails(world) == [
        "payout_account_code/0.a/1",
        "payout_account_changing/0.a/1/begun",
        "payout_account_changing/0.a/1/ending",
        "payout_account_changed/0.a/4",
    ]


def test_a_stopped_change_and_a_refused_account_are_told(world: World) -> None:
    follow(world, "changing", "verified", changes=1)
    follow(world, "linked", "refused", changes=0)
    assert mails(world) == ["payout_account_kept/0.a/4", "payout_account_refused/0.a/4"]


def test_a_counted_failure_or_another_kind_is_followed_by_nothing(world: World) -> None:
    follow(world, "verified", "verified", changes=1)
    follow_payout_account(Change("payout", ME, None, "ready", {}), messages=world.messages)
    assert not world.messages.sent
