"""The timeline: every step with its state, and the first to do is what comes next."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.journey import Journey, steps_of
from chalicelib.domain.membership import MembershipState
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import PayoutState
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.training import PurchaseState, Review
from chalicelib.domain.verification import (
    MOST_SUBMISSIONS,
    IdentityState,
    Photo,
    PhotoKind,
    PhotoState,
)
from chalicelib.domain.waves import EntryState, WaveState
from tests.builders import (
    a_membership,
    a_paid_purchase,
    a_verified_applicant,
    a_wave,
    accepted_photos,
    an_applicant,
    checks,
)
from tests.fakes import NOON
from tests.money import a_payout, a_payout_account
from tests.unit.domain.timelines import a_journey, a_recipient, entered, next_to_do, step

NAMES = [
    "email",
    "identity",
    "photo_id_card",
    "photo_selfie",
    "face_match",
    "declaration",
    "wave",
    "award",
    "induction",
    "purchase",
    "training",
    "certificate",
    "review",
    "payout_account",
    "incentive",
]
NEW = a_membership(state=MembershipState.AWARDED, videos_seen=())
COMPLETED = a_paid_purchase(state=PurchaseState.COMPLETED, completed_at=NOON)
CERTIFIED = replace(COMPLETED, state=PurchaseState.CERTIFIED, certificate_no="P-1", certified_at=NOON)
REVIEWED = replace(CERTIFIED, state=PurchaseState.REVIEWED, review=Review(5, "Baik", NOON))
REFUSED = {**accepted_photos(), PhotoKind.SELFIE: Photo(PhotoState.REFUSED, "photo_too_small")}


def recipient(**changes: Any) -> Journey:
    return a_recipient(**({"membership": a_membership()} | changes))


@pytest.mark.parametrize(
    "journey", [a_journey(an_applicant()), a_journey(), recipient(), recipient(purchases=(REVIEWED,))]
)
def test_every_timeline_has_all_steps_once_and_in_order(journey: Journey) -> None:
    assert [each.name for each in steps_of(journey)] == NAMES


def test_a_revoked_recipient_is_told_what_was_missed_and_nothing_that_will_never_come() -> None:
    lost = a_membership(state=MembershipState.REVOKED, returned=Rupiah(3_500_000), closed_at=NOON)
    steps = steps_of(recipient(membership=lost))
    assert [each.name for each in steps] == [*NAMES[: NAMES.index("award") + 1], "purchase"]
    assert steps[-1] == Step("purchase", StepState.FAILED, "first_purchase_missed", "contact_assisted_service", at=NOON)


@pytest.mark.parametrize(("returned", "reason"), [(500_000, "balance_returned"), (0, "balance_used_up")])
def test_after_the_years_end_the_training_goes_on_and_the_balance_is_told(returned: int, reason: str) -> None:
    ended = a_membership(state=MembershipState.ENDED, bought=1, returned=Rupiah(returned), closed_at=NOON)
    journey = recipient(membership=ended, purchases=(a_paid_purchase(),))
    assert step(journey, "balance") == Step("balance", StepState.DONE, reason, at=NOON)
    assert step(journey, "induction").state is StepState.DONE
    assert next_to_do(journey) == "training"


@pytest.mark.parametrize(
    ("journey", "name"),
    [
        (a_journey(an_applicant()), "identity"),
        (a_journey(a_verified_applicant(photos={})), "photo_id_card"),
        (a_journey(a_verified_applicant(declared_at=None)), "declaration"),
        (a_journey(), "wave"),
        (recipient(membership=NEW), "induction"),
        (recipient(), "purchase"),
        (recipient(purchases=(a_paid_purchase(),)), "training"),
        (recipient(purchases=(CERTIFIED,)), "review"),
        (recipient(purchases=(REVIEWED,)), "payout_account"),
        (recipient(purchases=(REVIEWED,), payout_account=a_payout_account()), None),
    ],
)
def test_the_first_step_to_do_is_what_comes_next(journey: Journey, name: str | None) -> None:
    assert next_to_do(journey) == name


@pytest.mark.parametrize(
    ("state", "told", "action"),
    [
        (IdentityState.NONE, StepState.TO_DO, "state_identity"),
        (IdentityState.SUBMITTED, StepState.WAITING, None),
        (IdentityState.CHECKING, StepState.WAITING, None),
        (IdentityState.VERIFIED, StepState.DONE, None),
        (IdentityState.FAILED, StepState.FAILED, "correct_identity"),
        (IdentityState.IN_REVIEW, StepState.WAITING, "contact_assisted_service"),
        (IdentityState.DOCUMENTS_WANTED, StepState.TO_DO, "upload_documents"),
        (IdentityState.REOPENED, StepState.TO_DO, "correct_identity"),
    ],
)
def test_an_identity_is_told_with_what_to_do(state: IdentityState, told: StepState, action: str | None) -> None:
    identity = step(a_journey(a_verified_applicant(state=state, reasons=("why",))), "identity")
    assert (identity.state, identity.reason, identity.next_action) == (told, "why", action)


def test_whoever_waits_for_the_registries_is_told_so() -> None:
    assert (
        step(a_journey(a_verified_applicant(state=IdentityState.CHECKING)), "identity").reason == "registries_are_asked"
    )


def test_whoever_used_up_all_attempts_is_sent_to_people() -> None:
    failed = a_verified_applicant(state=IdentityState.FAILED, submission=MOST_SUBMISSIONS)
    assert step(a_journey(failed), "identity").next_action == "contact_assisted_service"


def test_an_accepted_photo_needs_nothing_more() -> None:
    assert step(a_journey(), "photo_selfie") == Step("photo_selfie", StepState.DONE)


def test_a_refused_photo_is_told_with_its_reason() -> None:
    selfie = step(a_journey(a_verified_applicant(photos=REFUSED)), "photo_selfie")
    assert selfie == Step("photo_selfie", StepState.FAILED, "photo_too_small", "upload_selfie")


@pytest.mark.parametrize("changes", [{"photos": REFUSED}, {"photos": {}}, {"declared_at": None}])
def test_joining_waits_for_photos_and_declaration(changes: dict[str, Any]) -> None:
    assert step(a_journey(a_verified_applicant(**changes)), "wave").state is StepState.LATER


def test_joining_waits_for_the_identity() -> None:
    assert step(a_journey(an_applicant()), "wave") == Step("wave", StepState.LATER)


def test_without_an_open_wave_one_waits_for_the_next() -> None:
    assert step(a_journey(open_wave=None), "wave") == Step("wave", StepState.WAITING, "no_open_wave")


def test_a_refusal_says_why_and_who_can_mend_it() -> None:
    student = a_verified_applicant(checks=checks(education=("student:EMIS",)))
    assert step(a_journey(student), "wave") == Step("wave", StepState.FAILED, "student", "see_who_can_mend")


def test_whoever_joined_waits_for_the_announcement_and_not_for_the_draw() -> None:
    """A draw is known before it is announced, to nobody."""
    for state in EntryState:
        drawn = a_wave(1, state=WaveState.DRAWN)
        journey = a_journey(open_wave=None, entries=(entered(drawn, state=state, reason="not_drawn"),))
        assert step(journey, "wave").state is StepState.DONE
        award = step(journey, "award")
        assert award == Step("award", StepState.WAITING, "announcement_pending", at=drawn.announces_at)


@pytest.mark.parametrize(
    ("state", "reason"), [(EntryState.NOT_CHOSEN, "not_drawn"), (EntryState.EXCLUDED, "family_limit")]
)
def test_whoever_was_not_awarded_is_told_why_and_joins_the_next(state: EntryState, reason: str) -> None:
    journey = a_journey(open_wave=a_wave(2), entries=(entered(state=state, reason=reason),))
    assert step(journey, "award") == Step("award", StepState.FAILED, reason, "join_next_wave")
    assert step(journey, "wave") == Step("wave", StepState.TO_DO, "wave_2", "join_wave")


def test_a_wave_that_was_joined_is_not_joined_again() -> None:
    journey = a_journey(entries=(entered(a_wave(1, state=WaveState.OPEN)),))
    assert next_to_do(journey) is None
    assert step(journey, "wave").reason == "wave_1"


def test_a_recipient_has_nothing_to_do_with_the_next_wave() -> None:
    wave = step(recipient(open_wave=a_wave(2)), "wave")
    assert (wave.state, wave.reason) == (StepState.DONE, "wave_1")


def test_a_recipient_of_long_ago_is_not_told_to_join() -> None:
    assert next_to_do(recipient(open_wave=a_wave(14), entries=())) != "wave"


def test_an_award_is_told_by_its_decree() -> None:
    assert step(recipient(), "award") == Step("award", StepState.DONE, "SK-001/PRAKERJA", at=NOON)


def test_the_purchase_has_its_deadline_beside_it() -> None:
    assert step(recipient(), "purchase").at == NOON + timedelta(days=15)


def test_a_voided_purchase_is_none() -> None:
    voided = a_paid_purchase(state=PurchaseState.VOIDED)
    assert next_to_do(recipient(purchases=(voided,))) == "purchase"
    assert next_to_do(recipient(purchases=(voided, a_paid_purchase(2)))) == "training"


def test_a_completed_training_waits_for_its_certificate() -> None:
    journey = recipient(purchases=(COMPLETED,), payout_account=a_payout_account())
    told = [step(journey, name).state for name in ("training", "certificate", "review")]
    assert told == [StepState.DONE, StepState.WAITING, StepState.LATER]
    not_yet = recipient(purchases=(a_paid_purchase(),))
    assert step(not_yet, "certificate").state is StepState.LATER


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (AccountState.LINKED, (StepState.WAITING, "bank_is_asked", None)),
        (AccountState.REFUSED, (StepState.FAILED, "account_invalid", "link_another_account")),
        (AccountState.VERIFIED, (StepState.DONE, None, None)),
    ],
)
def test_a_payout_account_is_told_with_what_to_do(state: AccountState, told: tuple[object, ...]) -> None:
    reason = "account_invalid" if state is AccountState.REFUSED else None
    account = step(recipient(payout_account=a_payout_account(state=state, reason=reason)), "payout_account")
    assert (account.state, account.reason, account.next_action) == told


@pytest.mark.parametrize("state", PayoutState)
def test_an_incentive_under_way_is_waited_for_and_told_why(state: PayoutState) -> None:
    incentive = step(recipient(payout=a_payout(state=state, reason="account_closed", settled_at=NOON)), "incentive")
    over = {
        PayoutState.SETTLED: Step("incentive", StepState.DONE, at=NOON),
        **dict.fromkeys(
            (PayoutState.REJECTED, PayoutState.REVERSED),
            Step("incentive", StepState.FAILED, "account_closed", "contact_assisted_service"),
        ),
        PayoutState.CANCELLED: Step("incentive", StepState.FAILED, "incentive_cancelled", "contact_assisted_service"),
    }
    if state in over:
        assert incentive == over[state]
    else:
        assert incentive.state is StepState.WAITING
        assert incentive.reason
