"""Incentives on their way: one entitlement, one payout, one reference, and never a guess about money."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import PayoutId, StaffId
from chalicelib.domain.payout_accounts import BANKS, AccountState, judge_holder, link_account, refuse_account
from chalicelib.domain.payouts import (
    PAYOUT,
    SEND_AGAIN_AFTER,
    Payout,
    PayoutEvent,
    PayoutState,
    after_inquiry,
    after_transfer,
    approve,
    lose_sight,
    order_of,
    submit,
)
from tests.builders import CHECKER, MAKER, an_applicant_id
from tests.fakes import NOON
from tests.money import a_bank_account, a_payout, a_payout_account, a_ready_payout

SECOND = timedelta(seconds=1)
UNAPPROVED = (PayoutState.AWAITING_APPROVAL, PayoutState.APPROVED_ONCE)


def submitted() -> Payout:
    return submit(a_ready_payout(), now=NOON)


def lost() -> Payout:
    return lose_sight(submitted())


def answer(outcome: TransferOutcome, reason: str | None = None) -> TransferAnswer:
    return TransferAnswer(outcome, "2001800", reason)


def test_a_payout_takes_two_approvals_by_two_people() -> None:
    once = approve(a_payout(), MAKER)
    twice = approve(once, CHECKER)
    assert [each.state for each in (once, twice)] == [PayoutState.APPROVED_ONCE, PayoutState.READY]
    assert (twice.first_approver, twice.second_approver) == (MAKER, CHECKER)


def test_the_second_approver_is_not_the_first() -> None:
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        approve(approve(a_payout(), MAKER), MAKER)


@pytest.mark.parametrize("state", [state for state in PayoutState if state not in UNAPPROVED])
def test_what_has_two_approvals_takes_no_third(state: PayoutState) -> None:
    with pytest.raises(IllegalTransition):
        approve(a_ready_payout(state=state), StaffId("citra"))


@pytest.mark.parametrize("state", UNAPPROVED)
def test_nothing_is_sent_without_two_approvals(state: PayoutState) -> None:
    with pytest.raises(IllegalTransition):
        submit(a_payout(state=state), now=NOON)


def test_a_reference_follows_from_what_is_paid_for_and_from_nothing_else() -> None:
    payout = a_payout()
    later = replace(submitted(), reason="rate_limit", version=9)
    assert payout.reference == later.reference != a_payout(2).reference
    assert len(payout.reference) <= 64


def test_a_reference_is_the_same_for_ever() -> None:
    """``printf %s 0.payout-000001 | sha256sum``: another one would pay twice."""
    payout = replace(a_payout(), id=PayoutId("0.payout-000001"))
    assert payout.reference == "PRK661532c7c4b47294b313ea8b75bf9acfb255366c"


def test_the_bank_is_told_the_same_words_each_time() -> None:
    account = a_payout_account()
    order = order_of(a_ready_payout(), account)
    assert order_of(replace(submitted(), submitted_at=NOON + timedelta(days=2)), account) == order
    assert (order.amount, order.to, order.ordered_at) == (600_000, account.account, a_payout().prepared_at)


@pytest.mark.parametrize("state", [AccountState.LINKED, AccountState.REFUSED])
def test_money_goes_to_verified_accounts_only(state: AccountState) -> None:
    with pytest.raises(Conflict, match="payout_account_not_verified"):
        order_of(a_ready_payout(), a_payout_account(state=state))


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


def test_every_outcome_of_a_transfer_has_a_meaning() -> None:
    for outcome in TransferOutcome:
        assert after_transfer(submitted(), answer(outcome), now=NOON).state in PayoutState


def test_what_was_lost_sight_of_ends_by_inquiry_only() -> None:
    for outcome, state in (
        (TransferOutcome.SETTLED, PayoutState.SETTLED),
        (TransferOutcome.REFUSED, PayoutState.REJECTED),
    ):
        assert after_inquiry(lost(), answer(outcome), now=NOON).state is state
    with pytest.raises(IllegalTransition):
        submit(lost(), now=NOON + timedelta(days=365))


@pytest.mark.parametrize("outcome", [TransferOutcome.UNKNOWN, TransferOutcome.NOT_TAKEN])
def test_an_inquiry_that_says_nothing_changes_nothing_however_long_ago(outcome: TransferOutcome) -> None:
    payout = lost()
    assert after_inquiry(payout, answer(outcome), now=NOON + timedelta(days=365)) is payout


def test_not_found_is_believed_after_a_day_and_not_before() -> None:
    payout, not_found = lost(), answer(TransferOutcome.NOT_FOUND)
    assert timedelta(hours=24) == SEND_AGAIN_AFTER
    assert after_inquiry(payout, not_found, now=NOON + SEND_AGAIN_AFTER - SECOND) is payout
    back = after_inquiry(payout, not_found, now=NOON + SEND_AGAIN_AFTER)
    assert (back.state, back.reference) == (PayoutState.READY, payout.reference)


def test_after_it_was_put_back_the_day_begins_anew() -> None:
    not_found = answer(TransferOutcome.NOT_FOUND)
    back = after_inquiry(lost(), not_found, now=NOON + SEND_AGAIN_AFTER)
    again = lose_sight(submit(back, now=NOON + timedelta(hours=25)))
    assert after_inquiry(again, not_found, now=NOON + timedelta(hours=48)) is again


def test_what_is_settled_or_rejected_stays_so() -> None:
    for outcome in (TransferOutcome.SETTLED, TransferOutcome.REFUSED):
        over = after_transfer(submitted(), answer(outcome), now=NOON)
        for event in PayoutEvent:
            assert not PAYOUT.allows(over.state, event)


@pytest.mark.parametrize("bank", BANKS)
def test_an_account_may_be_linked_at_any_of_the_five(bank: str) -> None:
    linked = link_account(None, an_applicant_id(), a_bank_account(bank=bank), now=NOON)
    assert (linked.state, linked.account.bank, linked.linked_at) == (AccountState.LINKED, bank, NOON)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bank": "bca"}, "bank_unknown"),
        ({"account_no": "1234567"}, "account_no_invalid"),
        ({"account_no": "1" * 21}, "account_no_invalid"),
        ({"account_no": "12345678a"}, "account_no_invalid"),
        ({"account_no": "١٢٣٤٥٦٧٨"}, "account_no_invalid"),
    ],
)
def test_what_is_no_account_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        link_account(None, an_applicant_id(), a_bank_account(**changes), now=NOON)


def test_another_account_is_linked_after_a_refusal_and_not_before() -> None:
    refused = refuse_account(a_payout_account(state=AccountState.LINKED), "account_invalid")
    again = link_account(refused, refused.applicant_id, a_bank_account(2), now=NOON + SECOND)
    assert (again.state, again.account, again.reason) == (AccountState.LINKED, a_bank_account(2), None)
    for state in (AccountState.LINKED, AccountState.VERIFIED):
        with pytest.raises(IllegalTransition):
            link_account(a_payout_account(state=state), an_applicant_id(), a_bank_account(2), now=NOON)


@pytest.mark.parametrize("holder", ["Siti Rahmawati", "SITI  RAHMAWATI", "siti rahmawati.", "Siti-Rahmawati"])
def test_an_account_in_the_persons_name_is_verified_however_it_is_spelt(holder: str) -> None:
    judged = judge_holder(a_payout_account(state=AccountState.LINKED), holder=holder, person="Siti Rahmawati")
    assert (judged.state, judged.account.holder_name) == (AccountState.VERIFIED, holder)


@pytest.mark.parametrize(
    ("holder", "reason"), [(None, "account_invalid"), ("Siti R.", "account_name_differs"), ("", "account_name_differs")]
)
def test_anothers_account_is_refused_with_a_reason(holder: str | None, reason: str) -> None:
    judged = judge_holder(a_payout_account(state=AccountState.LINKED), holder=holder, person="Siti Rahmawati")
    assert (judged.state, judged.reason) == (AccountState.REFUSED, reason)
