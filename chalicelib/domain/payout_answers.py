"""What a bank's word does to a payout: the answer to a transfer, to an inquiry, or a notice that the bank sends itself.

A word may come twice, late and out of order. It never moves a payout backwards: what is settled is undone by "refunded"
only, and what was rejected is settled when the bank says that it paid after all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from chalicelib.domain import ledger
from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.ledger import Posting
from chalicelib.domain.payout_turns import ask_later
from chalicelib.domain.payouts import PAYOUT, Payout, PayoutEvent, PayoutState, hold
from chalicelib.domain.time import WIB, next_midnight, wib_date

SEND_AGAIN_AFTER = timedelta(hours=24)
"""A bank that keeps saying "not found" this long is sent the order again, under the same reference; and a rejection is
believed when the bank, asked this much after it, says the same."""
REFUNDED = "refunded"
PAID_NOT_OWED = "paid_not_owed"
_MORNING = timedelta(hours=6)

PARKED = frozenset({"our_request", "suspected_fraud", "not_honoured"})
"""Asking again would be answered the same: people must look."""
PAUSES = frozenset({"insufficient_funds", "bank_refuses_us", "not_permitted", "no_route"})
"""Not this payout is the matter, but the channel: nothing goes through it until staff open it again."""


def _next_morning(now: datetime) -> datetime:
    return next_midnight(now) + _MORNING


def _next_month(now: datetime) -> datetime:
    first = (wib_date(now).replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), WIB) + _MORNING


def _in_an_hour(now: datetime) -> datetime:
    return now + timedelta(hours=1)


def _shortly(now: datetime) -> datetime:
    return now + timedelta(minutes=5)


_WAITS: Mapping[str, Callable[[datetime], datetime]] = {
    "amount_limit": _next_morning,
    "activity_limit": _next_morning,
    "account_limit": _next_month,
    **{reason: _in_an_hour for reason in PAUSES},
}
"""Limits of a day end with it, limits of an account with the month."""


def after_transfer(payout: Payout, answer: TransferAnswer, *, now: datetime) -> Payout:
    """The payout after the bank's answer to a transfer."""
    if answer.outcome is TransferOutcome.NOT_TAKEN:
        return _not_taken(payout, answer, now)
    if answer.outcome is TransferOutcome.SETTLED:
        return _moved(payout, PayoutEvent.SETTLE, answer, now)
    if answer.outcome is TransferOutcome.REFUSED:
        return _moved(payout, PayoutEvent.REJECT, answer, now)
    return _moved(payout, PayoutEvent.LOSE_SIGHT, answer, now)


def after_word(payout: Payout, answer: TransferAnswer, *, now: datetime, was_asked: bool = True) -> Payout:
    """The payout after the bank's word on its reference, asked for or not. Nothing new: unchanged."""
    if payout.bank is None:
        return payout  # never sent: whatever the word is about, it is not this attempt
    if payout.state is PayoutState.CLOSED and payout.came_back:
        return payout  # "paid" and "refunded" are old news
    payout = _noted(payout, answer, now, was_asked)
    event = _event_of(payout, answer, now, was_asked)
    if event is None and payout.state is PayoutState.REJECTED and was_asked:
        return _confirmed(payout, answer, now)
    if event is None or not PAYOUT.allows(payout.state, event):
        return payout
    moved = _moved(payout, event, answer, now)
    return replace(moved, may_be_paid=True) if event is PayoutEvent.PUT_BACK else moved


def _noted(payout: Payout, answer: TransferAnswer, now: datetime, was_asked: bool) -> Payout:
    """With since when the bank has not known of it. Any other word ends that."""
    if answer.outcome is not TransferOutcome.NOT_FOUND:
        return replace(payout, not_found_since=None, not_found_at=None) if payout.not_found_since else payout
    is_in_doubt = payout.state is PayoutState.UNKNOWN or payout.may_be_paid
    if not (was_asked and is_in_doubt):
        return payout
    return replace(payout, not_found_since=payout.not_found_since or now, not_found_at=now)


def _event_of(payout: Payout, answer: TransferAnswer, now: datetime, was_asked: bool) -> PayoutEvent | None:
    if answer.outcome is TransferOutcome.SETTLED:
        return PayoutEvent.SETTLE
    if _is_reversed(payout, answer, was_asked):
        return PayoutEvent.REVERSE
    if answer.outcome is TransferOutcome.REFUSED and _may_be_rejected(payout):
        return PayoutEvent.REJECT
    return PayoutEvent.PUT_BACK if was_asked and _is_lost(payout, answer, now) else None


def _may_be_rejected(payout: Payout) -> bool:
    """What people hold for another reason stays with them."""
    return payout.may_be_paid if payout.state is PayoutState.HELD else payout.state is not PayoutState.REJECTED


def _is_reversed(payout: Payout, answer: TransferAnswer, was_asked: bool) -> bool:
    """A notice that says "failed" of what is settled may be an old one, come late: only the answer to a question of
    today undoes a settlement, or the bank's plain "refunded"."""
    is_undone = payout.state is PayoutState.SETTLED and answer.outcome is TransferOutcome.REFUSED and was_asked
    return is_undone or answer.reason == REFUNDED


def postings_of(before: Payout, after: Payout, *, now: datetime) -> Sequence[Posting]:
    """What a move means for our books. Money that went and came back unseen is posted both ways."""
    if after.state is before.state:
        return ()
    if after.state is PayoutState.SETTLED:
        return (_paid(after, now),)
    if after.state is PayoutState.REVERSED:
        back = _posted(ledger.incentive_reversed, after, now)
        return (back,) if before.state is PayoutState.SETTLED else (_paid(after, now), back)
    return ()


def unposted(before: Payout, *, now: datetime) -> Payout:
    """The bank paid what our books do not owe: people must look, and it must not be cancelled or sent elsewhere."""
    held = before if before.state is PayoutState.HELD else hold(before, PAID_NOT_OWED)
    return ask_later(replace(held, reason=PAID_NOT_OWED, may_be_paid=True), now=now)


def _paid(payout: Payout, now: datetime) -> Posting:
    return _posted(ledger.incentive_paid, payout, now)


def _posted(kind: Callable[..., Posting], payout: Payout, now: datetime) -> Posting:
    whose, bank = (payout.applicant_id, payout.id), str(payout.bank)
    return kind(*whose, bank=bank, attempt=payout.attempt, amount=payout.amount, now=now)


def _not_taken(payout: Payout, answer: TransferAnswer, now: datetime) -> Payout:
    if answer.reason in PARKED:
        return replace(_moved(payout, PayoutEvent.HOLD, answer, now), wish=None, wished_by=None)
    until = _WAITS.get(answer.reason or "", _shortly)(now)
    return replace(_moved(payout, PayoutEvent.PUT_BACK, answer, now), retry_at=until)


def _confirmed(payout: Payout, answer: TransferAnswer, now: datetime) -> Payout:
    """A definite refusal, and the same word when we ask a day after it: it is not paid and will not be."""
    is_late_enough = now >= (payout.rejected_at or now) + SEND_AGAIN_AFTER
    says_so = answer.outcome in (TransferOutcome.REFUSED, TransferOutcome.NOT_FOUND)
    return replace(payout, confirmed_at=now) if is_late_enough and says_so and not payout.confirmed_at else payout


def _is_lost(payout: Payout, answer: TransferAnswer, now: datetime) -> bool:
    """ "Not found" may turn into "paid" an hour later. Only when it stays so for a day is the order put back, and then
    it leaves under the same reference, which the bank refuses should it have paid after all."""
    stays = now >= (payout.not_found_since or now) + SEND_AGAIN_AFTER
    return payout.state is PayoutState.UNKNOWN and answer.outcome is TransferOutcome.NOT_FOUND and stays


def _moved(payout: Payout, event: PayoutEvent, answer: TransferAnswer, now: datetime) -> Payout:
    return replace(
        payout,
        state=PAYOUT.after(payout.state, event),
        settled_at=now if event is PayoutEvent.SETTLE else payout.settled_at,
        rejected_at=now if event is PayoutEvent.REJECT else payout.rejected_at,
        may_be_paid=payout.may_be_paid and event is not PayoutEvent.REJECT,
        retry_at=now + SEND_AGAIN_AFTER if event is PayoutEvent.REJECT else None,
        response_code=answer.response_code,
        reason=answer.reason,
    )
