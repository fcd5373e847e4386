"""What cannot be paid after all attempts is closed by two people: it stays owed, and another account opens it again."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.banking import BankNotice, TransferAnswer, TransferOutcome
from chalicelib.domain.errors import Conflict, IllegalTransition, NotAllowed
from chalicelib.domain.payout_attempts import MOST_ATTEMPTS, NextAction, next_action
from chalicelib.domain.payout_turns import wait
from chalicelib.domain.payouts import Payout, PayoutEvent, hold
from chalicelib.domain.payouts import PayoutState as S
from chalicelib.use_cases.payouts.receive_bank_notice import receive_bank_notice
from tests.builders import CHECKER, MAKER
from tests.fakes import NOON, Fate, World
from tests.money import a_payout, a_ready_payout, a_sent_payout
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import AMOUNT, paid, settle, sweep, with_payouts, work_off
from tests.unit.use_cases.payouts.test_lost_resumptions import resumed
from tests.unit.use_cases.payouts.test_retry_payouts import (
    ID,
    ME,
    confirmed,
    found,
    inquire,
    links_another,
    rejected,
    repeated,
    retry,
)

CLOSE = PayoutEvent.CLOSE


def used_up() -> World:
    """The bank has refused the last attempt, too."""
    world = with_payouts(a_ready_payout(id=ID, attempt=MOST_ATTEMPTS))
    world.bank.will(Fate.REFUSED)
    settle(world)
    world.clock.passes(hours=24)
    inquire(world)
    return world


def decide(world: World, *staff: object, wish: PayoutEvent = CLOSE) -> None:
    cashier.decide(world, wish, *staff, id=ID)  # type: ignore[arg-type]


def closed() -> World:
    world = used_up()
    decide(world, MAKER, CHECKER)
    return world


def listed(world: World, state: S) -> list[str]:
    return list(world.payouts.page(state, after=None, limit=9)[0])


def action(world: World) -> NextAction:
    return next_action(found(world), now=world.clock.now())


def test_two_people_close_it_and_it_stays_owed() -> None:
    world = used_up()
    assert action(world) is NextAction.CLOSE
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        decide(world, MAKER, MAKER)
    decide(world, CHECKER)
    assert (listed(world, S.REJECTED), listed(world, S.CLOSED)) == ([], [ID])
    assert (cashier.owed(world), action(world)) == (AMOUNT, NextAction.PERSON_LINKS_ACCOUNT)
    deeds = [(entry.deed.staff, entry.deed.act, entry.deed.reason) for entry in world.audit_log.all()]
    assert deeds == [(who, Act.DECIDE_PAYOUT, CLOSE) for who in (MAKER, CHECKER)]


def test_whoever_links_another_account_is_paid_without_a_new_approval() -> None:
    world = closed()
    retry(world)
    assert found(world).state is S.CLOSED, "the same account would be refused again"
    world.clock.passes(hours=1)
    links_another(world)
    retry(world)
    sweep(world)
    work_off(world)
    assert (found(world).state, found(world).attempt, paid(world)) == (S.SETTLED, MOST_ATTEMPTS + 1, [AMOUNT])


def test_whoever_had_linked_one_before_it_was_closed_is_paid_then() -> None:
    world = used_up()
    links_another(world)
    retry(world)
    assert (found(world).state, action(world)) == (S.REJECTED, NextAction.CLOSE)
    decide(world, MAKER, CHECKER)
    retry(world)
    assert found(world).state is S.READY


def test_a_lost_message_is_made_up_for_within_a_week() -> None:
    world = closed()
    sweep(world)
    assert resumed(world) == 1
    links_another(world)
    sweep(world)
    assert resumed(world) == 0
    world.clock.passes(days=7)
    sweep(world)
    assert resumed(world) == 1
    assert found(world).state is S.READY


def test_after_a_further_refusal_it_is_closed_again() -> None:
    world = closed()
    world.clock.passes(hours=1)
    links_another(world)
    retry(world)
    world.bank.will(Fate.REFUSED)
    sweep(world)
    work_off(world)
    world.clock.passes(hours=24)
    inquire(world)
    world.clock.passes(hours=1)
    account = world.payout_accounts.get(ME)
    assert account
    world.payout_accounts.save(replace(account, linked_at=world.clock.now()))
    retry(world)
    assert (found(world).state, action(world)) == (S.REJECTED, NextAction.CLOSE)


def test_staff_may_have_a_closed_one_tried_again_with_the_same_account() -> None:
    assert repeated(closed()).attempt == MOST_ATTEMPTS + 1


def test_what_the_bank_may_still_pay_is_not_closed() -> None:
    with pytest.raises(Conflict, match="payout_may_be_paid"):
        decide(rejected(), MAKER)
    for state in set(S) - {S.REJECTED, S.REVERSED}:
        with pytest.raises(IllegalTransition):
            decide(with_payouts(a_sent_payout(id=ID, state=state)), MAKER)
    early = confirmed()
    decide(early, MAKER, CHECKER)
    assert found(early).state is S.CLOSED, "whoever has given up need not wait for five refusals"


def told(world: World, outcome: TransferOutcome, reason: str | None = None) -> None:
    said = TransferAnswer(outcome, "", reason)
    notice = BankNotice(f"N/{outcome}/{reason}", found(world).reference, AMOUNT, said, world.clock.now())
    receive_bank_notice(
        notice, payouts=world.payouts, seen=world.seen_notices, messages=world.messages, clock=world.clock
    )


def test_a_bank_that_pays_a_closed_one_after_all_is_heard() -> None:
    world = closed()
    told(world, TransferOutcome.SETTLED)
    assert (found(world).state, cashier.owed(world)) == (S.SETTLED, 0)


def test_old_news_of_what_came_back_and_was_closed_changes_nothing() -> None:
    world = with_payouts(a_ready_payout(id=ID))
    settle(world)
    world.bank.sends_back(found(world).reference)
    inquire(world)
    decide(world, MAKER, CHECKER)
    told(world, TransferOutcome.SETTLED)
    told(world, TransferOutcome.REFUSED, "refunded")
    assert (found(world).state, cashier.owed(world)) == (S.CLOSED, AMOUNT)


UNPAID: dict[str, Any] = {"state": S.REJECTED, "confirmed_at": NOON, "reason": "account_closed"}
IN_DOUBT: dict[str, Any] = {"bank": "bni", "may_be_paid": True}
A = NextAction


@pytest.mark.parametrize(
    ("payout", "action"),
    [
        (a_payout(), A.WAIT),
        (a_payout(state=S.BATCHED), A.APPROVE_BATCH),
        (a_ready_payout(), A.WAIT),
        (wait(a_ready_payout(), "channel_paused", until=NOON), A.OPEN_CHANNEL),
        (wait(a_ready_payout(), "insufficient_funds", until=NOON), A.OPEN_CHANNEL),
        (wait(a_ready_payout(), "batch_file_altered", until=NOON), A.PUT_LIST_BACK),
        (wait(a_ready_payout(), "payout_account_not_verified", until=NOON), A.PERSON_LINKS_ACCOUNT),
        (wait(a_ready_payout(), "account_limit", until=NOON), A.WAIT),
        (a_sent_payout(), A.WAIT),
        (a_sent_payout(state=S.UNKNOWN), A.WAIT),
        (a_sent_payout(state=S.REJECTED), A.WAIT),
        (a_sent_payout(**UNPAID), A.PERSON_LINKS_ACCOUNT),
        (a_sent_payout(**UNPAID, attempt=5), A.CLOSE),
        (a_sent_payout(state=S.REVERSED, attempt=5), A.CLOSE),
        (a_sent_payout(state=S.CLOSED, attempt=5), A.PERSON_LINKS_ACCOUNT),
        (hold(a_ready_payout(), "blocklisted"), A.RELEASE_OR_CANCEL),
        (hold(a_ready_payout(**IN_DOUBT), "account_changed"), A.WAIT),
        (hold(a_ready_payout(**IN_DOUBT), "paid_not_owed"), A.CORRECT_BOOKS),
        (a_sent_payout(state=S.SETTLED), A.NONE),
        (a_sent_payout(state=S.CANCELLED), A.NONE),
    ],
)
def test_every_payout_has_its_next_action(payout: Payout, action: NextAction) -> None:
    assert next_action(payout, now=NOON) is action
