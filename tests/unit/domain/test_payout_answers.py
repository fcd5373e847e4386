"""What a bank's word does to a payout, in time, late, twice and out of order."""

from datetime import timedelta

import pytest

from chalicelib.domain.banking import TransferOutcome
from chalicelib.domain.errors import Conflict, IllegalTransition
from chalicelib.domain.payout_answers import PAUSES, SEND_AGAIN_AFTER, after_transfer, after_word
from chalicelib.domain.payout_attempts import decide
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState, hold, lose_sight, submit
from tests.builders import MAKER
from tests.fakes import NOON
from tests.money import a_ready_payout, a_sent_payout
from tests.unit.domain.payout_ways import answer, lost, rejected, submitted

SECOND = timedelta(seconds=1)
S = PayoutState


REFUNDED = answer(TransferOutcome.REFUSED, "refunded")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (TransferOutcome.SETTLED, PayoutState.SETTLED),
        (TransferOutcome.REFUSED, PayoutState.REJECTED),
        (TransferOutcome.UNKNOWN, PayoutState.UNKNOWN),
        (TransferOutcome.NOT_FOUND, PayoutState.UNKNOWN),
        (TransferOutcome.NOT_TAKEN, PayoutState.READY),
    ],
)
def test_an_answer_to_a_transfer_means_this(outcome: TransferOutcome, state: PayoutState) -> None:
    moved = after_transfer(submitted(), answer(outcome, "why"), now=NOON + SECOND)
    assert (moved.state, moved.reason, moved.response_code) == (state, "why", "2001800")
    assert moved.settled_at == (NOON + SECOND if state is PayoutState.SETTLED else None)


@pytest.mark.parametrize(
    ("reason", "days_hours"),
    [
        ("rate_limit", (0, 12)),
        ("activity_limit", (1, 6)),
        ("amount_limit", (1, 6)),
        *((reason, (0, 13)) for reason in sorted(PAUSES)),
    ],
)
def test_what_was_not_taken_waits_as_long_as_its_reason_lasts(reason: str, days_hours: tuple[int, int]) -> None:
    """NOON is 12:00 in Jakarta on 2 March."""
    waiting = after_transfer(submitted(), answer(TransferOutcome.NOT_TAKEN, reason), now=NOON)
    assert waiting.state is S.READY
    days, hours = days_hours
    midnight = NOON - timedelta(hours=12)
    assert waiting.retry_at
    assert timedelta() <= waiting.retry_at - (midnight + timedelta(days=days, hours=hours)) < timedelta(hours=1)


def test_a_limit_of_the_month_ends_with_the_month() -> None:
    waiting = after_transfer(submitted(), answer(TransferOutcome.NOT_TAKEN, "account_limit"), now=NOON)
    assert waiting.retry_at
    assert waiting.retry_at.isoformat() == "2026-04-01T06:00:00+07:00"


@pytest.mark.parametrize("reason", ["our_request", "suspected_fraud", "not_honoured"])
def test_what_would_be_answered_the_same_again_is_held_for_people(reason: str) -> None:
    held = after_transfer(submitted(), answer(TransferOutcome.NOT_TAKEN, reason), now=NOON)
    assert (held.state, held.reason, held.retry_at) == (S.HELD, reason, None)


def test_what_was_lost_sight_of_ends_by_the_banks_word_only() -> None:
    for was_asked in (True, False):
        for outcome, state in ((TransferOutcome.SETTLED, S.SETTLED), (TransferOutcome.REFUSED, S.REJECTED)):
            assert after_word(lost(), answer(outcome), now=NOON, was_asked=was_asked).state is state
    with pytest.raises(IllegalTransition):
        submit(lost(), bank="bni", now=NOON + timedelta(days=365))


@pytest.mark.parametrize("outcome", [TransferOutcome.UNKNOWN, TransferOutcome.NOT_TAKEN])
def test_a_word_that_says_nothing_changes_nothing_however_long_ago(outcome: TransferOutcome) -> None:
    payout = lost()
    assert after_word(payout, answer(outcome), now=NOON + timedelta(days=365)) is payout


NOT_FOUND = answer(TransferOutcome.NOT_FOUND)


def not_found(payout: Payout, *, days: int = 1) -> Payout:
    """When asked at first, and so many days later."""
    for after in (0, days):
        payout = after_word(payout, NOT_FOUND, now=NOON + timedelta(days=after))
    return payout


def test_not_found_is_believed_after_a_day_and_not_before_and_only_when_asked() -> None:
    assert timedelta(hours=24) == SEND_AGAIN_AFTER
    payout = after_word(lost(), NOT_FOUND, now=NOON)
    assert (payout.state, payout.not_found_since) == (S.UNKNOWN, NOON)
    assert after_word(payout, NOT_FOUND, now=NOON + SEND_AGAIN_AFTER - SECOND).state is payout.state
    assert after_word(payout, NOT_FOUND, now=NOON + SEND_AGAIN_AFTER, was_asked=False) is payout
    back = after_word(payout, NOT_FOUND, now=NOON + SEND_AGAIN_AFTER)
    assert (back.state, back.reference, back.may_be_paid) == (S.READY, payout.reference, True)


def test_one_not_found_is_not_a_day_of_it() -> None:
    """The bank was out, or nobody asked, until a day after the order."""
    once = after_word(lost(), NOT_FOUND, now=NOON + timedelta(days=3))
    assert (once.state, once.not_found_since) == (S.UNKNOWN, NOON + timedelta(days=3))
    assert after_word(lost(), NOT_FOUND, now=NOON, was_asked=False).not_found_since is None


@pytest.mark.parametrize("was_asked", [True, False])
def test_any_other_word_ends_a_not_found(was_asked: bool) -> None:
    payout = after_word(lost(), NOT_FOUND, now=NOON)
    pending = after_word(payout, answer(TransferOutcome.UNKNOWN), now=NOON + SECOND, was_asked=was_asked)
    assert (pending.state, pending.not_found_since) == (S.UNKNOWN, None)
    assert after_word(pending, NOT_FOUND, now=NOON + SEND_AGAIN_AFTER).state is S.UNKNOWN


def test_after_it_was_put_back_the_day_begins_anew() -> None:
    back = not_found(lost())
    again = lose_sight(submit(back, bank="bni", now=NOON + timedelta(hours=25)))
    assert again.not_found_since is None
    assert after_word(again, NOT_FOUND, now=NOON + timedelta(hours=60)).state is S.UNKNOWN


def held_for_another_bank() -> Payout:
    return hold(not_found(lost()), "account_changed")


def test_what_may_be_paid_and_is_held_is_asked_about_and_ends_by_the_banks_word() -> None:
    held = held_for_another_bank()
    assert not held.waits_for_people
    assert hold(a_ready_payout(), "blocklisted").waits_for_people
    rejected = after_word(held, answer(TransferOutcome.REFUSED, "failed"), now=NOON)
    assert (rejected.state, rejected.rejected_at, rejected.may_be_paid) == (S.REJECTED, NOON, False)
    assert after_word(held, answer(TransferOutcome.SETTLED), now=NOON).state is S.SETTLED
    blocklisted = hold(a_sent_payout(state=S.READY), "blocklisted")
    assert after_word(blocklisted, answer(TransferOutcome.REFUSED, "failed"), now=NOON) is blocklisted


def test_what_may_be_paid_goes_through_no_other_bank_and_is_not_cancelled() -> None:
    back = not_found(lost())
    with pytest.raises(Conflict, match="payout_may_be_paid"):
        submit(back, bank="ovo", now=NOON)
    with pytest.raises(Conflict, match="payout_may_be_paid"):
        decide(hold(back, "account_changed"), PayoutEvent.CANCEL, MAKER, now=NOON)


@pytest.mark.parametrize("state", [S.SUBMITTING, S.READY, S.HELD, S.REJECTED])
def test_the_banks_late_success_counts_wherever_the_payout_is(state: PayoutState) -> None:
    paid = after_word(a_sent_payout(state=state), answer(TransferOutcome.SETTLED), now=NOON, was_asked=False)
    assert paid.state is S.SETTLED


@pytest.mark.parametrize("state", [S.SETTLED, S.REVERSED, S.CANCELLED, S.PREPARED, S.BATCHED])
@pytest.mark.parametrize("outcome", list(TransferOutcome))
def test_a_word_that_comes_late_moves_nothing_backwards(state: PayoutState, outcome: TransferOutcome) -> None:
    payout = a_sent_payout(state=state)
    assert after_word(payout, answer(outcome, "failed"), now=NOON, was_asked=False) is payout


def test_a_success_may_be_sent_back() -> None:
    settled = a_sent_payout(state=S.SETTLED, settled_at=NOON)
    assert after_word(settled, REFUNDED, now=NOON, was_asked=False).state is S.REVERSED
    failed = answer(TransferOutcome.REFUSED, "failed")
    assert after_word(settled, failed, now=NOON, was_asked=True).state is S.REVERSED
    assert after_word(settled, failed, now=NOON, was_asked=False) is settled


def test_of_what_was_never_sent_no_word_is_believed() -> None:
    ready = a_ready_payout()
    assert after_word(ready, answer(TransferOutcome.SETTLED), now=NOON) is ready


def test_a_rejection_is_believed_when_the_bank_says_it_again_a_day_later() -> None:
    no = answer(TransferOutcome.REFUSED, "failed")
    early = after_word(rejected(), no, now=NOON + SEND_AGAIN_AFTER - SECOND)
    assert early.confirmed_at is None
    for word in (no, answer(TransferOutcome.NOT_FOUND)):
        late = after_word(rejected(), word, now=NOON + SEND_AGAIN_AFTER)
        assert late.confirmed_at == NOON + SEND_AGAIN_AFTER
        assert (late.state, late.reason, late.waits_for_people) == (S.REJECTED, "account_closed", True)
        assert not late.is_over, "people find it until it was tried again"


def test_the_day_runs_from_the_rejection_and_only_an_answer_to_our_question_confirms() -> None:
    no, day_later = answer(TransferOutcome.REFUSED, "failed"), NOON + timedelta(hours=25)
    found_late = after_word(lost(), no, now=day_later, was_asked=False)
    assert after_word(found_late, no, now=day_later + SECOND).confirmed_at is None
    much_later = day_later + SEND_AGAIN_AFTER
    assert after_word(found_late, no, now=much_later, was_asked=False).confirmed_at is None
    assert after_word(found_late, no, now=much_later).confirmed_at == much_later
