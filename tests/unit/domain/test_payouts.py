"""Incentives on their way: one entitlement, one payout, one reference an attempt, and never a guess about money."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.banking import TransferOutcome
from chalicelib.domain.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payout_accounts import BANKS, AccountState, judge_holder, link_account, refuse_account
from chalicelib.domain.payout_attempts import decide, may_try_again, try_again
from chalicelib.domain.payouts import (
    PAYOUT,
    PayoutEvent,
    PayoutState,
    hold,
    order_of,
    question_of,
    submit,
)
from tests.builders import CHECKER, MAKER, an_applicant_id
from tests.fakes import NOON
from tests.money import a_bank_account, a_payout, a_payout_account, a_ready_payout, a_sent_payout
from tests.unit.domain.payout_ways import answer, rejected, submitted

SECOND = timedelta(seconds=1)
S = PayoutState


REFUNDED = answer(TransferOutcome.REFUSED, "refunded")


@pytest.mark.parametrize("state", [state for state in S if state is not S.READY])
def test_only_what_was_released_is_sent(state: PayoutState) -> None:
    with pytest.raises(IllegalTransition):
        submit(a_payout(state=state), bank="bni", now=NOON)


def test_a_reference_follows_from_what_is_paid_for_and_the_attempt_and_from_nothing_else() -> None:
    payout = a_payout()
    later = replace(submitted(), reason="rate_limit", version=9)
    assert payout.reference == later.reference != a_payout(2).reference
    references = {replace(payout, attempt=attempt).reference for attempt in range(1, 6)}
    assert len(references) == 5
    assert all(len(reference) <= 64 for reference in references)


def test_a_reference_is_the_same_for_ever() -> None:
    """``printf %s 0.payout-000001 | sha256sum``: another one would pay twice. ``.../2`` is the second attempt's."""
    payout = replace(a_payout(), id=PayoutId("0.payout-000001"))
    assert payout.reference == "PRK661532c7c4b47294b313ea8b75bf9acfb255366c"
    assert replace(payout, attempt=2).reference == "PRK028f817cb3b5c02dc921fa79b00e62c2ad84f21f"


def test_the_bank_is_told_the_same_words_each_time() -> None:
    account = a_payout_account()
    order = order_of(a_ready_payout(), account)
    assert order_of(replace(submitted(), submitted_at=NOON + timedelta(days=2)), account) == order
    assert (order.amount, order.to, order.ordered_at) == (600_000, account.account, a_payout().prepared_at)


def test_a_question_names_the_order_and_no_account() -> None:
    asked = question_of(submitted())
    order = order_of(submitted(), a_payout_account())
    assert replace(asked, to=order.to) == order
    assert (asked.to.bank, asked.to.account_no) == ("bni", "")


@pytest.mark.parametrize("state", [state for state in AccountState if state is not AccountState.VERIFIED])
def test_money_goes_to_verified_accounts_only(state: AccountState) -> None:
    for payout in (a_ready_payout(), submitted()):
        with pytest.raises(Conflict, match="payout_account_not_verified"):
            order_of(payout, a_payout_account(state=state))


def test_a_new_attempt_takes_certainty_and_another_account() -> None:
    same = a_payout_account(linked_at=NOON - SECOND)
    other = a_payout_account(linked_at=NOON + SECOND)
    confirmed = replace(rejected(), confirmed_at=NOON)
    assert not may_try_again(rejected(), other)
    assert not may_try_again(confirmed, same)
    assert not may_try_again(confirmed, None)
    assert not may_try_again(confirmed, replace(other, state=AccountState.LINKED))
    again = try_again(confirmed, other)
    assert (again.state, again.attempt, again.bank, again.confirmed_at) == (S.READY, 2, None, None)
    assert again.reference != confirmed.reference
    assert again.batch == confirmed.batch, "the amount was approved there"


def test_where_the_account_is_not_the_matter_the_same_one_will_do() -> None:
    same = a_payout_account(linked_at=NOON - SECOND)
    assert may_try_again(replace(rejected("cancelled"), confirmed_at=NOON), same)


def test_what_was_sent_back_goes_to_another_account_or_at_somebodys_word_to_the_same() -> None:
    back, same = a_sent_payout(state=S.REVERSED), a_payout_account(linked_at=NOON - SECOND)
    assert not may_try_again(back, same)
    assert may_try_again(back, same, at_request=True)
    assert may_try_again(back, a_payout_account(linked_at=NOON + SECOND))


@pytest.mark.parametrize("state", [state for state in S if state not in (S.REJECTED, S.REVERSED, S.CLOSED)])
def test_nothing_else_gets_a_new_reference(state: PayoutState) -> None:
    """Least of all what nobody knows about."""
    payout = a_sent_payout(state=state, confirmed_at=NOON)
    with pytest.raises(Conflict, match="payout_not_to_be_repeated"):
        try_again(payout, a_payout_account(linked_at=NOON + SECOND), at_request=True)


def test_there_is_an_end_to_attempts() -> None:
    fifth = replace(rejected(), confirmed_at=NOON, attempt=5)
    assert not may_try_again(fifth, a_payout_account(linked_at=NOON + SECOND))


@pytest.mark.parametrize(("wish", "state"), [(PayoutEvent.LET_GO, S.READY), (PayoutEvent.CANCEL, S.CANCELLED)])
def test_what_is_held_takes_two_people_who_want_the_same(wish: PayoutEvent, state: PayoutState) -> None:
    held = hold(a_ready_payout(), "blocklisted")
    once = decide(held, wish, MAKER, now=NOON)
    assert (once.state, once.wish, once.wished_by) == (S.HELD, wish, MAKER)
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        decide(once, wish, MAKER, now=NOON)
    other = PayoutEvent.CANCEL if wish is PayoutEvent.LET_GO else PayoutEvent.LET_GO
    assert decide(once, other, CHECKER, now=NOON).wished_by == CHECKER
    assert decide(once, wish, CHECKER, now=NOON).state is state


def test_what_is_cancelled_stays_so() -> None:
    for event in PayoutEvent:
        assert not PAYOUT.allows(S.CANCELLED, event)


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
        with pytest.raises(Conflict):
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
