"""One person's way through the programme as one timeline: each step, its state, its reason, what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.eligibility import Decision, missing_steps
from chalicelib.domain.membership import Membership, MembershipState
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.person_steps import declaration_step, face_match_step, identity_step, photo_step
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.domain.verification import Applicant, PhotoKind
from chalicelib.domain.waiting_checks import Promise
from chalicelib.domain.waves import EntryState, Wave, WaveEntry, WaveState


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that the timeline is drawn from. ``decision`` is the one under the open (or newest) wave's scheme."""

    opened_at: datetime
    applicant: Applicant
    decision: Decision
    open_wave: Wave | None
    entries: Sequence[tuple[Wave, WaveEntry]]
    membership: Membership | None
    purchases: Sequence[Purchase]
    payout_account: PayoutAccount | None
    payout: Payout | None
    promise: Promise | None = None
    """Of the checks that wait for registries."""


def steps_of(journey: Journey) -> tuple[Step, ...]:
    """In order. A step that cannot be taken yet is ``later``, so that the first ``to_do`` is what comes next."""
    return tuple(_steps(journey))


def _steps(journey: Journey) -> Iterator[Step]:
    yield Step("email", StepState.DONE, at=journey.opened_at)
    yield identity_step(journey.applicant, journey.promise)
    for kind in PhotoKind:
        yield photo_step(kind, journey.applicant.photo(kind))
    if scheme_named(journey.decision.scheme).face_match_required:
        yield face_match_step(journey.applicant)
    yield declaration_step(journey.applicant)
    yield _wave(journey)
    yield _award(journey)
    if journey.membership and journey.membership.state is MembershipState.REVOKED:
        yield _revocation(journey.membership)
        return
    yield _induction(journey.membership)
    yield from _training(journey)
    yield from _balance(journey.membership)
    yield _payout_account(journey)
    yield _incentive(journey)


def _wave(journey: Journey) -> Step:
    if journey.membership:
        return Step("wave", StepState.DONE, reason=f"wave_{int(journey.membership.wave)}")
    if journey.entries:
        wave, entry = journey.entries[-1]
        if journey.open_wave is None or journey.open_wave.number == wave.number:
            return Step("wave", StepState.DONE, reason=f"wave_{int(wave.number)}", at=entry.joined_at)
    return _wave_to_join(journey)


def _wave_to_join(journey: Journey) -> Step:
    if journey.decision.reasons:
        return Step("wave", StepState.FAILED, journey.decision.reasons[0], "see_who_can_mend")
    if missing_steps(journey.applicant, scheme_named(journey.decision.scheme)):
        return Step("wave", StepState.LATER)
    if journey.open_wave is None:
        return Step("wave", StepState.WAITING, "no_open_wave")
    return Step("wave", StepState.TO_DO, f"wave_{int(journey.open_wave.number)}", "join_wave")


def _award(journey: Journey) -> Step:
    if journey.membership:
        return Step("award", StepState.DONE, journey.membership.decree, at=journey.membership.awarded_at)
    if not journey.entries:
        return Step("award", StepState.LATER)
    wave, entry = journey.entries[-1]
    if wave.state is not WaveState.ANNOUNCED or entry.state in (EntryState.JOINED, EntryState.CHOSEN):
        return Step("award", StepState.WAITING, "announcement_pending", at=wave.announces_at)
    return Step("award", StepState.FAILED, entry.reason, "join_next_wave")


def _induction(membership: Membership | None) -> Step:
    if membership is None:
        return Step("induction", StepState.LATER)
    if membership.state is not MembershipState.AWARDED:
        return Step("induction", StepState.DONE)
    return Step("induction", StepState.TO_DO, next_action="watch_induction_videos")


def _revocation(membership: Membership) -> Step:
    """The last step there is: what would follow never will."""
    return Step(
        "purchase",
        StepState.FAILED,
        "first_purchase_missed",
        "contact_assisted_service",
        at=membership.closed_at,
    )


def _balance(membership: Membership | None) -> Iterator[Step]:
    """Told once it is over: until then the card says when it ends."""
    if membership and membership.state is MembershipState.ENDED:
        reason = "balance_returned" if membership.returned else "balance_used_up"
        yield Step("balance", StepState.DONE, reason, at=membership.closed_at)


def _training(journey: Journey) -> Iterator[Step]:
    names: tuple[str, ...] = ("purchase", "training", "certificate", "review")
    bought = [purchase for purchase in journey.purchases if purchase.state is not PurchaseState.VOIDED]
    if bought:
        yield from _steps_of_purchase(bought[0])
        return
    membership = journey.membership
    if membership and membership.state is MembershipState.INDUCTED:
        yield Step("purchase", StepState.TO_DO, next_action="buy_course", at=membership.first_purchase_by)
        names = names[1:]
    for name in names:
        yield Step(name, StepState.LATER)


def _steps_of_purchase(purchase: Purchase) -> Iterator[Step]:
    yield Step("purchase", StepState.DONE, at=purchase.offered_at)
    if purchase.completed_at is None:
        yield Step("training", StepState.TO_DO, next_action="attend_sessions")
    else:
        yield Step("training", StepState.DONE, at=purchase.completed_at)
    waiting = StepState.WAITING if purchase.completed_at else StepState.LATER
    yield Step("certificate", StepState.DONE if purchase.certificate_no else waiting, at=purchase.certified_at)
    if purchase.review:
        yield Step("review", StepState.DONE, at=purchase.review.written_at)
    elif purchase.certificate_no:
        yield Step("review", StepState.TO_DO, next_action="write_review")
    else:
        yield Step("review", StepState.LATER)


def _payout_account(journey: Journey) -> Step:
    linked = journey.payout_account
    if journey.membership is None:
        return Step("payout_account", StepState.LATER)
    if linked is None:
        return Step("payout_account", StepState.TO_DO, next_action="link_payout_account")
    if linked.state is AccountState.LINKED:
        return Step("payout_account", StepState.WAITING, "bank_is_asked")
    if linked.state is AccountState.REFUSED:
        return Step("payout_account", StepState.FAILED, linked.reason, "link_another_account")
    return Step("payout_account", StepState.DONE, at=linked.linked_at)


_PAYOUT_REASONS = {
    PayoutState.PREPARED: "incentive_awaits_approval",
    PayoutState.BATCHED: "incentive_awaits_approval",
    PayoutState.READY: "incentive_in_process",
    PayoutState.SUBMITTING: "incentive_in_process",
    PayoutState.UNKNOWN: "incentive_bank_is_asked",
    PayoutState.HELD: "incentive_looked_into",
}


def _incentive(journey: Journey) -> Step:
    payout = journey.payout
    if payout is None:
        return Step("incentive", StepState.LATER)
    if payout.state is PayoutState.SETTLED:
        return Step("incentive", StepState.DONE, at=payout.settled_at)
    if payout.state is PayoutState.CANCELLED:
        return Step("incentive", StepState.FAILED, "incentive_cancelled", "contact_assisted_service")
    if payout.state in (PayoutState.REJECTED, PayoutState.REVERSED):
        return Step("incentive", StepState.FAILED, payout.reason, "contact_assisted_service")
    return Step("incentive", StepState.WAITING, _PAYOUT_REASONS[payout.state])
