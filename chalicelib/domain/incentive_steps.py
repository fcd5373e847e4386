"""The steps of the timeline that are about money: the account, and each incentive with its amount and its day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.entitlements import Entitlement, certified_at, entitlements_of
from chalicelib.domain.incentives import SURVEY, Incentive
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.schemes import Scheme
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.surveys import surveys_of
from chalicelib.domain.time import wib_date
from chalicelib.domain.training import Purchase

ACCOUNT_IS_THE_MATTER = frozenset({"account_closed", "account_invalid", "refunded"})
"""Reasons of the bank that end when the person names another account."""


@dataclass(frozen=True, slots=True)
class Earnings:
    """What the steps are drawn from. ``filled``: when each survey was, by its number."""

    scheme: Scheme
    purchases: Sequence[Purchase]
    filled: Mapping[int, datetime]
    payouts: Sequence[Payout]
    account: PayoutAccount | None
    now: datetime


def account_step(account: PayoutAccount | None, *, is_recipient: bool) -> Step:
    if not is_recipient:
        return Step("payout_account", StepState.LATER)
    if account is None:
        return Step("payout_account", StepState.TO_DO, next_action="link_payout_account")
    if account.state is AccountState.LINKED:
        return Step("payout_account", StepState.WAITING, "bank_is_asked")
    if account.state is AccountState.REFUSED:
        return Step("payout_account", StepState.FAILED, account.reason, "link_another_account")
    if account.state is AccountState.CHANGING and account.change is not None:
        return Step("payout_account", StepState.WAITING, "account_cools_off", expected_at=account.change.ends_at)
    return Step("payout_account", StepState.DONE, at=account.linked_at)


def incentive_steps(earnings: Earnings) -> Iterator[Step]:
    """Every one that the scheme has, in the order of its file: so that people see beforehand what they can earn."""
    earned = entitlements_of(earnings.scheme, earnings.purchases, earnings.filled)
    by_place = {(each.purpose, each.period): each for each in earned}
    payouts = {(each.purpose, each.period): each for each in earnings.payouts}
    for incentive in earnings.scheme.incentives:
        for period in incentive.numbers:
            place = incentive.purpose, period
            yield _step(incentive, period, by_place.get(place), payouts.get(place), earnings)


def _step(
    incentive: Incentive, period: int, earned: Entitlement | None, payout: Payout | None, earnings: Earnings
) -> Step:
    name = f"incentive_{incentive.purpose}_{period}"
    if payout is not None:
        return _of_payout(name, payout, earnings)
    if earned is not None:
        return _of_earned(name, earned, earnings.account)
    if incentive.purpose == SURVEY:
        return _of_survey(name, incentive, period, earnings)
    return Step(name, StepState.LATER, amount=incentive.amount)


def _of_earned(name: str, earned: Entitlement, account: PayoutAccount | None) -> Step:
    if account is None or account.state is not AccountState.VERIFIED:
        return Step(name, StepState.LATER, "incentive_awaits_account", amount=earned.amount, due_on=earned.due_on)
    return Step(name, StepState.WAITING, "incentive_in_preparation", amount=earned.amount, due_on=earned.due_on)


def _of_survey(name: str, incentive: Incentive, number: int, earnings: Earnings) -> Step:
    survey = next((each for each in surveys_of(earnings.scheme.name) if each.number == number), None)
    certified = certified_at(earnings.purchases)
    if survey is None or certified is None:
        return Step(name, StepState.LATER, amount=incentive.amount)
    opens_at = survey.opens_at(certified)
    if earnings.now < opens_at:
        return Step(name, StepState.LATER, "survey_opens_later", at=opens_at, amount=incentive.amount)
    return Step(name, StepState.TO_DO, next_action="fill_survey", at=opens_at, amount=incentive.amount)


_UNDER_WAY = {
    PayoutState.PREPARED: "incentive_awaits_approval",
    PayoutState.BATCHED: "incentive_awaits_approval",
    PayoutState.HELD: "incentive_is_checked",
    PayoutState.UNKNOWN: "incentive_bank_is_asked",
}
"""By the payout's state; whatever else is not over is in process."""
_NOT_SENT = frozenset({PayoutState.PREPARED, PayoutState.BATCHED, PayoutState.READY})
_SENT_BACK = frozenset({PayoutState.REJECTED, PayoutState.REVERSED, PayoutState.CLOSED})


def _of_payout(name: str, payout: Payout, earnings: Earnings) -> Step:
    if payout.state is PayoutState.SETTLED:
        return Step(name, StepState.DONE, at=payout.settled_at, amount=payout.amount, due_on=payout.due_on)
    if payout.state is PayoutState.CANCELLED:
        action = "contact_assisted_service"
        return Step(name, StepState.FAILED, "incentive_cancelled", action, amount=payout.amount, due_on=payout.due_on)
    if payout.state in _SENT_BACK:
        return _sent_back(name, payout, earnings.account)
    return _told(name, payout, _reason_to_wait(payout, earnings.account, wib_date(earnings.now)))


def _reason_to_wait(payout: Payout, account: PayoutAccount | None, today: date) -> str:
    if payout.state in _NOT_SENT and today < payout.due_on:
        return "incentive_not_due"
    if payout.state in _NOT_SENT and account is not None and account.state is not AccountState.VERIFIED:
        return "incentive_awaits_account"
    return _UNDER_WAY.get(payout.state, "incentive_in_process")


def _told(name: str, payout: Payout, reason: str) -> Step:
    return Step(name, StepState.WAITING, reason, amount=payout.amount, due_on=payout.due_on)


def _sent_back(name: str, payout: Payout, account: PayoutAccount | None) -> Step:
    """Whose account was the matter names another one; while that is checked, there is nothing to do but wait."""
    reason = payout.reason or "failed"
    if reason not in ACCOUNT_IS_THE_MATTER and payout.state is not PayoutState.REVERSED:
        action: str | None = "contact_assisted_service"
    elif account is not None and account.state is AccountState.VERIFIED:
        action = "change_payout_account"
    else:
        action = None
    return Step(name, StepState.FAILED, reason, action, amount=payout.amount, due_on=payout.due_on)
