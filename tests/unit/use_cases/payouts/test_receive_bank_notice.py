"""What a bank tells unasked moves a payout as the answer to an inquiry would, and never backwards."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain.banking import BankNotice, TransferAnswer, TransferOutcome
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.receive_bank_notice import receive_bank_notice
from tests.fakes import NOON, Fate, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.payouts.cashier import AMOUNT, cut_off, inquire, lost, owed, payout, ready, settle

PAID = TransferAnswer(TransferOutcome.SETTLED, "")
PENDING = TransferAnswer(TransferOutcome.UNKNOWN, "")
FAILED = TransferAnswer(TransferOutcome.REFUSED, "", "failed")
REFUNDED = TransferAnswer(TransferOutcome.REFUSED, "", "refunded")


def a_notice(world: World, answer: TransferAnswer = PAID, **changes: Any) -> BankNotice:
    return replace(BankNotice(f"PRAKERJA/{answer}", payout(world).reference, AMOUNT, answer, NOON), **changes)


def receive(world: World, notice: BankNotice) -> None:
    receive_bank_notice(
        notice, payouts=world.payouts, seen=world.seen_notices, messages=world.messages, clock=world.clock
    )


def test_what_was_out_of_sight_is_settled_and_posted() -> None:
    world = lost()
    receive(world, a_notice(world))
    assert (payout(world).state, owed(world)) == (PayoutState.SETTLED, 0)


def test_a_notice_may_overtake_the_reply() -> None:
    world = cut_off()
    receive(world, a_notice(world))
    assert payout(world).state is PayoutState.SETTLED


def test_a_notice_that_overtakes_the_reply_is_not_undone_by_it() -> None:
    world = ready()
    answers = world.bank.transfer_each

    def told_first(orders: Any) -> Any:
        given = answers(orders)
        receive(world, a_notice(world))
        return given

    world.bank.transfer_each = told_first  # type: ignore[method-assign]
    settle(world)
    assert payout(world).state is PayoutState.SETTLED
    assert [posting.key.partition("/")[0] for posting in world.ledger.all()] == ["incentive-due", "incentive-paid"]


def test_the_same_notice_is_taken_once() -> None:
    world = lost()
    receive(world, a_notice(world))
    with pytest.raises(AlreadyDone, match="bank_notice_repeated"):
        receive(world, a_notice(world))
    assert owed(world) == 0


def test_of_what_is_not_ours_nothing_moves() -> None:
    world = lost()
    with pytest.raises(NotFound, match="payout_unknown"):
        receive(world, a_notice(world, reference="PRK0"))
    with pytest.raises(Conflict, match="bank_notice_amount_differs"):
        receive(world, a_notice(world, amount=AMOUNT + 1))
    assert payout(world).state is PayoutState.UNKNOWN


def test_a_notice_of_a_former_attempt_moves_nothing() -> None:
    world = lost()
    notice = a_notice(world)
    world.payouts.save(replace(payout(world), attempt=2))
    with pytest.raises(NotFound):
        receive(world, notice)
    assert payout(world).state is PayoutState.UNKNOWN


@pytest.mark.parametrize("order", list(permutations([PAID, PENDING, PAID])))
def test_in_whatever_order_they_come_the_payout_ends_the_same(order: tuple[TransferAnswer, ...]) -> None:
    world = lost()
    for number, answer in enumerate(order):
        receive(world, a_notice(world, answer, id=f"PRAKERJA/{number}"))
    assert (payout(world).state, owed(world)) == (PayoutState.SETTLED, 0)


def test_an_old_failure_that_comes_after_the_success_is_asked_about() -> None:
    world = ready()
    settle(world)
    receive(world, a_notice(world, FAILED))
    assert payout(world).state is PayoutState.SETTLED
    assert world.messages.on(Queue.PAYOUTS_TO_INQUIRE) == [{"payout_id": payout(world).id}]
    inquire(world)
    assert payout(world).state is PayoutState.SETTLED


def test_money_that_is_sent_back_is_owed_again() -> None:
    world = ready()
    settle(world)
    receive(world, a_notice(world, REFUNDED))
    assert (payout(world).state, owed(world)) == (PayoutState.REVERSED, AMOUNT)
    receive(world, a_notice(world, PAID))
    assert payout(world).state is PayoutState.REVERSED, "an older one, come late"


def test_not_found_is_no_news() -> None:
    world = ready()
    world.bank.will(Fate.LOST)
    settle(world)
    world.clock.passes(hours=25)
    receive(world, a_notice(world, PENDING))
    assert payout(world).state is PayoutState.UNKNOWN


def look(world: World) -> object:
    return payout(world).state, owed(world), len(world.ledger.all())


@pytest.mark.parametrize("answer", [PAID, FAILED, REFUNDED, PENDING])
def test_a_notice_survives_every_accident(answer: TransferAnswer) -> None:
    workflow = Workflow(lost, lambda world: receive(world, a_notice(world, answer)), look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
