"""Each incentive on the timeline: its amount, its day, how it stands, why, and what to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import PayoutState
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.time import wib_date
from tests.builders import a_membership
from tests.fakes import NOON
from tests.money import a_payout, a_payout_account, a_reviewed_purchase
from tests.unit.domain.timelines import a_recipient, step

TODAY = wib_date(NOON)
FIRST = "incentive_completion_1"


def told(name: str = FIRST, **changes: Any) -> Step:
    usual = {"membership": a_membership(), "purchases": (a_reviewed_purchase(),), "payout_account": a_payout_account()}
    return step(a_recipient(**(usual | changes)), name)


@pytest.mark.parametrize("state", PayoutState)
def test_an_incentive_under_way_is_waited_for_and_told_why(state: PayoutState) -> None:
    settled_at = NOON if state is PayoutState.SETTLED else None
    incentive = told(payouts=(a_payout(state=state, reason="account_closed", settled_at=settled_at),))
    assert (incentive.amount, incentive.due_on) == (600_000, TODAY)
    over = {
        PayoutState.SETTLED: (StepState.DONE, None, None),
        PayoutState.REJECTED: (StepState.FAILED, "account_closed", "change_payout_account"),
        PayoutState.REVERSED: (StepState.FAILED, "account_closed", "change_payout_account"),
        PayoutState.CLOSED: (StepState.FAILED, "account_closed", "change_payout_account"),
        PayoutState.CANCELLED: (StepState.FAILED, "incentive_cancelled", "contact_assisted_service"),
    }
    if state in over:
        assert (incentive.state, incentive.reason, incentive.next_action) == over[state]
    else:
        assert incentive.state is StepState.WAITING
        assert incentive.reason


def test_what_is_due_later_says_so() -> None:
    payout = a_payout(due_on=TODAY + timedelta(days=30))
    assert told(payouts=(payout,)).reason == "incentive_not_due"
    assert told(payouts=(payout,), looked_at=NOON + timedelta(days=30)).reason == "incentive_awaits_approval"


@pytest.mark.parametrize(
    ("reason", "state", "action"),
    [
        ("account_closed", AccountState.VERIFIED, "change_payout_account"),
        ("account_invalid", AccountState.VERIFIED, "change_payout_account"),
        ("account_closed", AccountState.LINKED, None),
        ("amount_limit", AccountState.VERIFIED, "contact_assisted_service"),
        (None, AccountState.VERIFIED, "contact_assisted_service"),
    ],
)
def test_a_refused_payment_says_what_to_do(reason: str | None, state: AccountState, action: str | None) -> None:
    refused = a_payout(state=PayoutState.REJECTED, reason=reason)
    incentive = told(payouts=(refused,), payout_account=a_payout_account(state=state))
    assert (incentive.state, incentive.reason, incentive.next_action) == (StepState.FAILED, reason or "failed", action)


def test_what_is_earned_waits_for_an_account_and_then_for_us() -> None:
    without = told(payout_account=None)
    assert (without.state, without.reason) == (StepState.LATER, "incentive_awaits_account")
    assert told().reason == "incentive_in_preparation"


def test_a_survey_tells_when_it_opens_and_then_that_it_is_to_be_filled() -> None:
    name = "incentive_survey_1"
    assert told(name, purchases=()) == Step(name, StepState.LATER, amount=Rupiah(50_000))
    opens_at = NOON + timedelta(days=3)
    later = Step(name, StepState.LATER, "survey_opens_later", at=opens_at, amount=Rupiah(50_000))
    assert told(name) == later
    now_open = told(name, looked_at=opens_at)
    assert (now_open.state, now_open.next_action) == (StepState.TO_DO, "fill_survey")
    filled = told(name, filled={1: NOON})
    assert (filled.state, filled.reason, filled.due_on) == (StepState.WAITING, "incentive_in_preparation", TODAY)


def test_everybody_sees_beforehand_what_their_scheme_pays() -> None:
    member = replace(a_membership(), scheme="2020")
    names = [f"incentive_completion_{each}" for each in range(1, 5)] + [
        f"incentive_survey_{each}" for each in (1, 2, 3)
    ]
    assert [told(name, membership=member, purchases=()).state for name in names] == [StepState.LATER] * 7
