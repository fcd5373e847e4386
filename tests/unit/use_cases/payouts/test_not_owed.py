"""The ledger is asked before money leaves, and what it refuses afterwards is not lost."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.banking import BankNotice, TransferAnswer, TransferOutcome
from chalicelib.domain.ledger import CorrectionReason, Posting
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import PayoutState
from chalicelib.use_cases.payouts.receive_bank_notice import receive_bank_notice
from tests.builders import an_applicant_id
from tests.fakes import World
from tests.fakes.shelves import commit
from tests.money import a_ready_payout, due_by
from tests.unit.use_cases.payouts.cashier import AMOUNT, ID, inquire, lost, owed, paid, payout, ready, settle

ME = an_applicant_id()


def correct(world: World, key: str) -> None:
    wrong = world.ledger.entry(ME, key)
    assert wrong
    undone = ledger.correction(wrong.posting, reason=CorrectionReason.NEVER_HAPPENED, now=world.clock.now())
    world.ledger.post(undone)


def post(world: World, posting: Posting) -> None:
    world.ledger.post(posting)


def assert_held(world: World, reason: str) -> None:
    assert (payout(world).state, payout(world).reason) == (PayoutState.HELD, reason)


def test_what_the_books_corrected_is_held() -> None:
    world = ready(2)
    correct(world, f"incentive-due/{ID}")
    settle(world)
    assert_held(world, "not_owed")
    assert paid(world) == [AMOUNT], "the other of the group is paid"


def test_what_was_corrected_is_held_though_the_person_is_owed_for_something_else() -> None:
    world = ready()
    post(world, due_by(a_ready_payout(9, applicant_id=ME)))
    correct(world, f"incentive-due/{ID}")
    settle(world)
    assert_held(world, "not_owed")


def test_a_row_that_nobody_posted_is_held() -> None:
    """Whoever writes the table of payouts alone is paid nothing."""
    world = ready()
    forged = a_ready_payout(7, applicant_id=ME)
    commit([world.payouts._payouts.put(forged.id, replace(forged, version=1))])
    settle(world)
    found = world.payouts.get(forged.id)
    assert found
    assert (found.state, found.reason, paid(world)) == (PayoutState.HELD, "not_owed", [AMOUNT])


def test_another_amount_than_became_due_is_held() -> None:
    world = ready()
    world.payouts.save(replace(payout(world), amount=Rupiah(AMOUNT * 2)))
    settle(world)
    assert_held(world, "not_owed")


def test_what_was_cancelled_or_is_owed_no_more_is_held() -> None:
    cancelled = ledger.incentive_cancelled(ME, ID, amount=Rupiah(AMOUNT), now=a_ready_payout().prepared_at)
    spent = ledger.incentive_cancelled(ME, a_ready_payout(8).id, amount=Rupiah(1), now=a_ready_payout().prepared_at)
    for posting in (cancelled, spent):
        world = ready()
        post(world, posting)
        settle(world)
        assert_held(world, "not_owed")


def corrected_in_the_air() -> World:
    """It was owed when it was sent."""
    world = ready()
    answers = world.bank.transfer_each

    def corrected_then(orders):  # type: ignore[no-untyped-def]
        correct(world, f"incentive-due/{ID}")
        return answers(orders)

    world.bank.transfer_each = corrected_then  # type: ignore[method-assign]
    settle(world)
    return world


def test_what_was_paid_and_is_not_owed_is_held_and_posted_once_the_books_are_right() -> None:
    world = corrected_in_the_air()
    assert_held(world, "paid_not_owed")
    assert payout(world).may_be_paid, "nobody may cancel it, or send it elsewhere"
    inquire(world)
    assert_held(world, "paid_not_owed")
    correct(world, f"correction/incentive-due/{ID}")
    inquire(world)
    assert (payout(world).state, owed(world), paid(world)) == (PayoutState.SETTLED, 0, [AMOUNT])


@pytest.mark.parametrize("state", [PayoutState.UNKNOWN, PayoutState.REJECTED, PayoutState.SUBMITTING])
def test_a_notice_of_what_is_not_owed_is_not_lost(state: PayoutState) -> None:
    world = lost()
    world.payouts.save(replace(payout(world), state=state))
    correct(world, f"incentive-due/{ID}")
    said = TransferAnswer(TransferOutcome.SETTLED, "2003600")
    notice = BankNotice("one", payout(world).reference, AMOUNT, said, world.clock.now())
    receive_bank_notice(
        notice, payouts=world.payouts, seen=world.seen_notices, messages=world.messages, clock=world.clock
    )
    assert_held(world, "paid_not_owed")
