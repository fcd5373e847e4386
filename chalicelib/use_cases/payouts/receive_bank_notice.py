"""Take what a bank tells unasked of one transfer: proof enough, like the answer to an inquiry."""

from datetime import datetime

from chalicelib.domain.banking import BankNotice, TransferOutcome
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_answers import after_word
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.ports import Clock, Messages, Payouts, SeenNotices
from chalicelib.use_cases.payouts.note_late_payment import note_late_payment
from chalicelib.use_cases.payouts.note_word import note_word


def receive_bank_notice(
    notice: BankNotice, *, payouts: Payouts, seen: SeenNotices, messages: Messages, clock: Clock
) -> None:
    """Noted as seen at the end: one that comes again after a crash finds its work done. ``AlreadyDone`` for one that
    came before, ``NotFound`` for a reference that is not ours, ``Conflict`` where the amount is another."""
    if seen.has(notice.id):
        raise AlreadyDone("bank_notice_repeated")
    now = clock.now()
    id = payouts.by_reference(notice.reference)
    payout = payouts.get(id) if id else None
    if payout is None or payout.reference != notice.reference:
        _take_of_former(notice, payouts, now)
    else:
        _take(notice, payout, payouts, messages, now)
    seen.add(notice.id, at=now)


def _take(notice: BankNotice, payout: Payout, payouts: Payouts, messages: Messages, now: datetime) -> None:
    _check_amount(notice, payout.amount)
    moved = after_word(payout, notice.answer, now=now, was_asked=False)
    if moved is not payout:
        note_word(payout, moved, payouts=payouts, now=now)
    elif _contradicts(payout, notice):
        messages.send(Queue.PAYOUTS_TO_INQUIRE, {"payout_id": payout.id})


def _take_of_former(notice: BankNotice, payouts: Payouts, now: datetime) -> None:
    """An attempt that was given up for another."""
    former = payouts.former(notice.reference)
    payout = payouts.get(former.payout_id) if former else None
    if former is None or payout is None:
        raise NotFound("payout_unknown")
    _check_amount(notice, former.amount)
    if notice.answer.outcome is TransferOutcome.SETTLED:
        note_late_payment(former, payout, payouts=payouts, now=now)


def _check_amount(notice: BankNotice, amount: Rupiah) -> None:
    if notice.amount is not None and notice.amount != amount:
        raise Conflict("bank_notice_amount_differs")


def _contradicts(payout: Payout, notice: BankNotice) -> bool:
    """An old notice that comes late, or news: the bank is asked."""
    return payout.state is PayoutState.SETTLED and notice.answer.outcome is TransferOutcome.REFUSED
