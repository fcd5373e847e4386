"""Ask the bank what became of a payout."""

from dataclasses import replace

from chalicelib.domain.banking import TransferOutcome
from chalicelib.domain.errors import BankUnavailable
from chalicelib.domain.former_attempts import is_news
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payout_answers import after_word
from chalicelib.domain.payout_turns import ask_later
from chalicelib.domain.payouts import SUBMITTING_LEASE, Payout, PayoutState, lose_sight, question_of
from chalicelib.ports import Bank, Clock, Payouts
from chalicelib.use_cases.payouts.note_late_payment import note_late_payment
from chalicelib.use_cases.payouts.note_word import note_word

_ASKED_ABOUT = frozenset({PayoutState.UNKNOWN, PayoutState.REJECTED, PayoutState.SETTLED})


def inquire_payout(id: PayoutId, *, payouts: Payouts, bank: Bank, clock: Clock) -> None:
    """While nobody knows, only the turn moves on, and the sweep has the inquiry made again: behind those whose turn it
    is before. (A message put back would do so, too: with each sweep there would be one more of them.)"""
    payout = payouts.get(id)
    if payout is None or _is_paid_by_former(payout, payouts, bank, clock):
        return
    if payout.state is PayoutState.SUBMITTING:
        return _after_a_crash(payout, payouts, clock)
    if not (payout.state in _ASKED_ABOUT or payout.may_be_paid):
        return
    moved = _after_asking(payout, bank, clock)
    if moved.state is not payout.state:
        return note_word(payout, moved, payouts=payouts, now=clock.now())
    if not payout.is_over:
        payouts.save(ask_later(moved, now=clock.now()))


def _is_paid_by_former(payout: Payout, payouts: Payouts, bank: Bank, clock: Clock) -> bool:
    """Of an order that the bank declared void, it is asked as well."""
    before = replace(payout, attempt=payout.attempt - 1)
    former = payouts.former(before.reference) if payout.attempt > 1 else None
    if former is None or former.bank_letter is None or not is_news(former):
        return False
    try:
        answer = bank.transfer_status(question_of(replace(before, bank=former.bank)))
    except BankUnavailable:
        return False
    if answer.outcome is not TransferOutcome.SETTLED:
        return False
    note_late_payment(former, payout, payouts=payouts, now=clock.now())
    return True


def _after_asking(payout: Payout, bank: Bank, clock: Clock) -> Payout:
    try:
        answer = bank.transfer_status(question_of(payout))
    except BankUnavailable:
        return payout
    return after_word(payout, answer, now=clock.now())


def _after_a_crash(payout: Payout, payouts: Payouts, clock: Clock) -> None:
    if payout.submitted_at and clock.now() < payout.submitted_at + SUBMITTING_LEASE:
        return  # in other hands; should they have been cut off, the sweep comes by again
    payouts.save(lose_sight(payout))
