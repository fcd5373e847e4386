"""Another account in the place of a verified one: consent, a code by mail, and three days in which it can be stopped.

Whoever got hold of somebody's session would do just this. So the old account must be named, the code goes to the mail
address, the person is told twice with a link that stops it, and nothing is paid until it is over.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import Conflict, InvalidInput, TooManyAttempts
from chalicelib.domain.limits import Allowance
from chalicelib.domain.payout_accounts import (
    PAYOUT_ACCOUNT,
    AccountChange,
    AccountEvent,
    AccountState,
    PayoutAccount,
    check_account,
    is_same_number,
    masked_number,
)

CODE_LIVES = timedelta(minutes=10)
MOST_CODE_ATTEMPTS = 5
REMIND_BEFORE = timedelta(hours=24)
ASKING = Allowance(most=3, one_per=timedelta(hours=8))
"""How often somebody may ask for a change: each has a mail sent."""


def ask_change(current: PayoutAccount, account: BankAccount, *, consent: str, now: datetime) -> PayoutAccount:
    """``consent`` is the masked number of the account that is to be given up, as it was shown. The old one serves on
    until the code was typed; who asks again has the newer change only."""
    _check_can_change(current)
    if consent != masked_number(current.account):
        raise InvalidInput("old_account_differs", field="old_account")
    check_account(account)
    if is_same_number(account, current.account):
        raise InvalidInput("account_is_the_same", field="account_no")
    number = current.changes + 1
    return replace(current, changes=number, change=AccountChange(number, account, now))


def _check_can_change(current: PayoutAccount) -> None:
    if current.state is AccountState.CHANGING:
        raise Conflict("account_change_under_way")
    if current.state is not AccountState.VERIFIED:
        raise Conflict("payout_account_not_verified")


def confirm_change(current: PayoutAccount, *, matches: bool, now: datetime) -> PayoutAccount:
    """The cooling-off begins."""
    change = asked_change(current)
    if change.failures >= MOST_CODE_ATTEMPTS:
        raise TooManyAttempts("code_attempts_used_up", field="code")
    if not matches or now > change.asked_at + CODE_LIVES:
        raise InvalidInput("code_wrong_or_expired", field="code")
    state = PAYOUT_ACCOUNT.after(current.state, AccountEvent.BEGIN_CHANGE)
    return replace(current, state=state, change=replace(change, confirmed_at=now))


def count_change_failure(current: PayoutAccount) -> PayoutAccount:
    change = asked_change(current)
    return replace(current, change=replace(change, failures=change.failures + 1))


def asked_change(current: PayoutAccount) -> AccountChange:
    """The one whose code is still to be typed."""
    if current.change is None or current.change.confirmed_at is not None:
        raise Conflict("no_account_change_asked")
    return current.change


def stop_change(current: PayoutAccount) -> PayoutAccount:
    """The old account stays, whether the code was typed or not."""
    if current.change is None:
        raise Conflict("account_change_over")
    if current.state is not AccountState.CHANGING:
        return replace(current, change=None)
    return replace(current, state=PAYOUT_ACCOUNT.after(current.state, AccountEvent.STOP_CHANGE), change=None)


def next_look_at(change: AccountChange) -> datetime | None:
    """When the reminder is due, then when the change takes effect; None while no code was typed."""
    if change.ends_at is None:
        return None
    return change.ends_at if change.reminded else change.ends_at - REMIND_BEFORE


def move_change(current: PayoutAccount, *, now: datetime) -> PayoutAccount:
    """After one step that is due: reminded, or linked anew, for the bank to be asked whose it is. Unchanged before.

    The number that was verified stays claimed until the new one is: else a stranger could claim it in between.
    """
    change = current.change
    due_at = next_look_at(change) if change else None
    if change is None or due_at is None or now < due_at:
        return current
    if not change.reminded:
        return replace(current, change=replace(change, reminded=True))
    state = PAYOUT_ACCOUNT.after(current.state, AccountEvent.TAKE_EFFECT)
    new, old = change.account, current.account
    return replace(current, state=state, account=new, linked_at=now, reason=None, change=None, claimed=old)
