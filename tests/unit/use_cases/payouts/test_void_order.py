"""A bank that says for a week that it does not know of an order, and that pays it after all."""

from datetime import timedelta

import pytest

from chalicelib.domain.banking import BankNotice, TransferAnswer, TransferOutcome
from chalicelib.domain.errors import AlreadyDone, Conflict, NotAllowed
from chalicelib.domain.former_attempts import FormerAttempt, FormerState
from chalicelib.domain.officers import Officer
from chalicelib.domain.payout_attempts import NextAction, next_action
from chalicelib.domain.payouts import Payout, PayoutEvent
from chalicelib.domain.payouts import PayoutState as S
from chalicelib.domain.registration import Role
from chalicelib.use_cases.payouts.receive_bank_notice import receive_bank_notice
from chalicelib.use_cases.payouts.void_payout_order import void_payout_order
from chalicelib.use_cases.support.casework import Casework
from tests.builders import CHECKER, MAKER
from tests.fakes import Fate, World
from tests.money import a_bank_account, a_payout_account, a_ready_payout
from tests.unit.use_cases.payouts import cashier
from tests.unit.use_cases.payouts.cashier import AMOUNT, owed, paid, settle, sweep, with_payouts, work_off
from tests.unit.use_cases.payouts.test_retry_payouts import ID, found, inquire, retry

LETTER = "BNI/2026/0317"


def not_found_for_a_week(late_by: timedelta = timedelta(days=999)) -> World:
    """Put back after a day, and held then: the account is at another bank by now."""
    world = with_payouts(a_ready_payout(id=ID))
    world.bank.late_by = late_by
    world.bank.will(Fate.LATE)
    settle(world)
    inquire(world)
    world.clock.passes(hours=24)
    inquire(world)
    world.payout_accounts.save(a_payout_account(version=1, account=a_bank_account(bank="ovo")))
    settle(world)
    assert (found(world).state, found(world).reason) == (S.HELD, "account_changed")
    world.clock.passes(days=7)
    inquire(world)
    return world


def void(world: World, *staff: object, letter: str = LETTER) -> Payout:
    casework = Casework(world.applicants, world.audit_log, world.clock)
    for each in staff:
        officer = Officer(each, Role.APPROVER)  # type: ignore[arg-type]
        void_payout_order(ID, letter, officer, payouts=world.payouts, casework=casework)
    return found(world)


def voided(late_by: timedelta = timedelta(days=999)) -> tuple[World, str]:
    """With the reference of the order that the bank declared void."""
    world = not_found_for_a_week(late_by)
    reference = found(world).reference
    void(world, MAKER, CHECKER)
    return world, reference


def told(world: World, reference: str, outcome: TransferOutcome = TransferOutcome.SETTLED, number: int = 1) -> None:
    said = TransferAnswer(outcome, "")
    notice = BankNotice(f"{reference}/{outcome}/{number}", reference, AMOUNT, said, world.clock.now())
    receive_bank_notice(
        notice, payouts=world.payouts, seen=world.seen_notices, messages=world.messages, clock=world.clock
    )


def former(world: World, reference: str) -> FormerAttempt:
    kept = world.payouts.former(reference)
    assert kept
    return kept


def go_on(world: World) -> None:
    world.clock.passes(hours=3)
    sweep(world)
    work_off(world)


def test_a_bank_that_says_not_found_and_pays_an_hour_later_is_heard_before_anybody_can_decide() -> None:
    world = not_found_for_a_week(timedelta(days=8, hours=1))
    world.clock.passes(hours=1)
    inquire(world)
    assert found(world).state is S.SETTLED
    with pytest.raises(Conflict):
        void(world, MAKER)


def test_two_people_name_the_same_letter_and_it_goes_through_the_other_bank() -> None:
    world = not_found_for_a_week()
    reference = found(world).reference
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        void(world, MAKER, MAKER)
    assert void(world, CHECKER, letter="BNI/2026/9999").attempt == 1, "another letter is not the same word"
    assert void(world, MAKER, letter="BNI/2026/9999").attempt == 2
    kept = former(world, reference)
    assert (kept.bank, kept.bank_letter, kept.state) == ("bni", "BNI/2026/9999", FormerState.GIVEN_UP)
    assert [entry.deed.reason for entry in world.audit_log.all()][-1] == "void BNI/2026/9999"
    go_on(world)
    assert (found(world).state, found(world).bank, paid(world)) == (S.SETTLED, "ovo", [AMOUNT])


def test_letting_it_go_makes_no_new_attempt() -> None:
    world = not_found_for_a_week()
    cashier.decide(world, PayoutEvent.LET_GO, MAKER, CHECKER, id=ID)
    assert (found(world).state, found(world).attempt, found(world).may_be_paid) == (S.READY, 1, True)
    settle(world)
    assert (found(world).state, found(world).reason) == (S.HELD, "account_changed")


def not_asked_lately(world: World) -> None:
    """The bank is out: for hours it has said nothing."""
    world.bank.is_out = True
    world.clock.passes(hours=3)
    inquire(world)


def test_without_certainty_nothing_is_voided_or_cancelled() -> None:
    world = not_found_for_a_week()
    assert next_action(found(world), now=world.clock.now()) is NextAction.VOID_OR_CANCEL
    not_asked_lately(world)
    with pytest.raises(Conflict, match="payout_may_be_paid"):
        void(world, MAKER)
    with pytest.raises(Conflict, match="payout_may_be_paid"):
        cashier.decide(world, PayoutEvent.CANCEL, MAKER, id=ID)
    assert next_action(found(world), now=world.clock.now()) is NextAction.WAIT


def test_a_late_payment_stops_the_new_attempt_that_has_not_left() -> None:
    world, reference = voided()
    told(world, reference)
    payout = found(world)
    assert (payout.state, payout.reference, payout.bank) == (S.SETTLED, reference, "bni")
    assert (owed(world), former(world, reference).state) == (0, FormerState.PAID)
    go_on(world)
    assert len(world.bank.orders) == 1, "the second is never made"
    keys = [posting.key for posting in world.ledger.all()]
    assert keys == [f"incentive-due/{ID}", f"incentive-paid/{ID}/1"]
    with pytest.raises(AlreadyDone):
        told(world, reference)
    told(world, reference, number=2)
    assert len(world.ledger.all()) == 2


def test_a_late_payment_after_the_new_one_is_found_out() -> None:
    """The bank's own books show both; the stream of the former attempt rings."""
    world, reference = voided(timedelta(days=10))
    go_on(world)
    assert found(world).state is S.SETTLED
    world.clock.passes(days=5)
    assert paid(world) == [AMOUNT, AMOUNT]
    told(world, reference)
    assert former(world, reference).state is FormerState.PAID
    assert (found(world).state, found(world).paid_before, owed(world)) == (S.SETTLED, 1, 0)


def test_a_late_payment_is_found_by_asking_too() -> None:
    """Whoever asks about the payout, asks about the void order as well."""
    world, reference = voided(timedelta(days=10))
    world.clock.passes(days=5)
    inquire(world)
    assert (former(world, reference).state, found(world).state) == (FormerState.PAID, S.SETTLED)
    assert owed(world) == 0


def in_the_air(fate: Fate) -> tuple[World, str]:
    world, reference = voided()
    world.bank.will(fate)
    go_on(world)
    told(world, reference)
    assert found(world).paid_before == 1
    return world, reference


def test_while_the_new_one_is_in_the_air_only_the_bank_knows_and_nothing_more_is_sent() -> None:
    world, _ = in_the_air(Fate.LOST)
    assert found(world).state is S.UNKNOWN
    inquire(world)
    world.clock.passes(hours=24)
    inquire(world)
    assert found(world).state is S.READY
    go_on(world)
    assert (found(world).state, found(world).reason) == (S.HELD, "former_attempt_paid")
    assert len(world.bank.orders) == 2


def test_where_the_new_one_is_refused_the_former_settles_it() -> None:
    world, reference = in_the_air(Fate.REFUSED)
    world.clock.passes(hours=24)
    inquire(world)
    retry(world)
    assert (found(world).state, found(world).reference, owed(world)) == (S.SETTLED, reference, 0)


def test_what_came_back_of_the_late_payment_goes_out_under_a_third_reference() -> None:
    world, reference = voided()
    second = found(world).reference
    told(world, reference)
    world.bank.sends_back(reference)
    receive_refund(world, reference)
    assert (found(world).state, owed(world)) == (S.REVERSED, AMOUNT)
    world.clock.passes(hours=1)
    world.payout_accounts.save(
        a_payout_account(version=2, account=a_bank_account(bank="ovo"), linked_at=world.clock.now())
    )
    retry(world)
    assert (found(world).state, found(world).attempt) == (S.READY, 3)
    assert found(world).reference not in (reference, second)
    assert former(world, reference).came_back


def receive_refund(world: World, reference: str) -> None:
    said = TransferAnswer(TransferOutcome.REFUSED, "", "refunded")
    notice = BankNotice("refund", reference, AMOUNT, said, world.clock.now())
    receive_bank_notice(
        notice, payouts=world.payouts, seen=world.seen_notices, messages=world.messages, clock=world.clock
    )


def test_other_words_of_a_former_attempt_are_no_news() -> None:
    world, reference = voided()
    told(world, reference, TransferOutcome.REFUSED)
    told(world, reference, TransferOutcome.UNKNOWN)
    assert (former(world, reference).state, found(world).state) == (FormerState.GIVEN_UP, S.READY)
