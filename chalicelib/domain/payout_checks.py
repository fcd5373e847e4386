"""What is looked at once more right before money leaves, however long ago it was approved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.incentives import COMPLETION
from chalicelib.domain.ledger_dues import Owed
from chalicelib.domain.membership import Membership, MembershipState
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payout_answers import PAUSES
from chalicelib.domain.payout_channels import Channel, ChannelState
from chalicelib.domain.payout_turns import wait
from chalicelib.domain.payouts import (
    ACCOUNT_CHANGED,
    ACCOUNT_REASONS,
    NOT_VERIFIED,
    Payout,
    PayoutState,
    hold,
    submit,
)
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.domain.verification import ListMatch

BLOCKLIST = "blocklist"
FORMER_PAID = "former_attempt_paid"
CHANNEL_PAUSED = "channel_paused"
_ACCOUNT_WAITS = timedelta(days=1)
_CHANNEL_WAITS = timedelta(minutes=15)
_CHANNEL_WAITS_AT_MOST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one payout, as it is today. ``matches`` None: nobody knows whom to look for."""

    membership: Membership | None
    training: Purchase | None
    matches: Sequence[ListMatch] | None
    account: PayoutAccount | None
    owed: Owed
    promised: int = 0
    """What is on its way to the same person besides."""


def objection_to(payout: Payout, evidence: Evidence) -> str | None:
    """Why it may not be sent today, unless people look into it."""
    if not evidence.owed.covers(int(payout.amount), promised=evidence.promised):
        return "not_owed"
    return _objection_to_recipient(evidence) or _objection_to_person(payout, evidence)


def promised_beside(payout: Payout, others: Iterable[Payout], owed: Mapping[PayoutId, Owed]) -> int:
    """The books' balance is one sum for all of a person's payouts. What may have left counts whatever the books say;
    what is approved and waits counts where they owe it: else it will not leave."""
    mine = [each for each in others if each.applicant_id == payout.applicant_id and each.id != payout.id]
    leaving = [each for each in mine if each.may_have_left or _will_leave(each, owed)]
    return sum(int(each.amount) for each in leaving)


def _will_leave(payout: Payout, owed: Mapping[PayoutId, Owed]) -> bool:
    return payout.is_to_leave and owed.get(payout.id, Owed()).covers(int(payout.amount))


def _objection_to_recipient(evidence: Evidence) -> str | None:
    if evidence.membership is None:
        return "not_a_recipient"
    return "membership_revoked" if evidence.membership.state is MembershipState.REVOKED else None


def _objection_to_person(payout: Payout, evidence: Evidence) -> str | None:
    if payout.purpose == COMPLETION and not _is_reviewed(payout, evidence.training):
        return "training_not_reviewed"
    if evidence.matches is None:
        return "identity_missing"
    if any(match.category == BLOCKLIST for match in evidence.matches):
        return "blocklisted"
    return None


def judge(payout: Payout, evidence: Evidence, channel: Channel | None, *, now: datetime) -> Payout:
    """The payout as submitting, held or waiting. ``channel`` is the account's bank's."""
    objection = FORMER_PAID if payout.paid_before else objection_to(payout, evidence)
    if objection:
        return hold(payout, objection)
    account = evidence.account
    if account is None or account.state is not AccountState.VERIFIED or channel is None:
        return wait(payout, NOT_VERIFIED, until=now + _ACCOUNT_WAITS)
    if payout.may_be_paid and payout.bank != account.account.bank:
        return hold(payout, ACCOUNT_CHANGED)
    if channel.state is ChannelState.PAUSED:
        return wait(payout, CHANNEL_PAUSED, until=now + _pause_after(channel, now=now))
    return submit(payout, bank=account.account.bank, now=now)


def _pause_after(channel: Channel, *, now: datetime) -> timedelta:
    """As long again as the channel has been paused: a long pause of one bank must not fill the sweep of all."""
    paused_for = now - (channel.moved_at or now)
    return min(max(paused_for, _CHANNEL_WAITS), _CHANNEL_WAITS_AT_MOST)


def waits_for_channel(payout: Payout) -> bool:
    """It found the channel paused, or is itself what the bank paused it by."""
    return payout.state is PayoutState.READY and payout.reason in (CHANNEL_PAUSED, *PAUSES)


def needs_account(payout: Payout) -> bool:
    return payout.state is PayoutState.REJECTED and payout.reason in ACCOUNT_REASONS


def _is_reviewed(payout: Payout, training: Purchase | None) -> bool:
    return (
        training is not None
        and training.applicant_id == payout.applicant_id
        and training.state is PurchaseState.REVIEWED
        and set(training.attended) >= set(training.sequences)
    )
