"""Who may take part: the same person, judged by two schemes."""

from datetime import date

import pytest

from chalicelib.domain.eligibility import Verdict, decide_eligibility, missing_steps
from chalicelib.domain.face_match import FaceMatch
from chalicelib.domain.remedies import REMEDIES
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.verification import Applicant, IdentityState, Photo, PhotoKind, PhotoState
from tests.builders import a_verified_applicant, accepted_photos, an_applicant, an_identity, checks

DAY = date(2026, 3, 2)
STRICT, MILD = scheme_named("2023"), scheme_named("2020")


def reasons(applicant: Applicant, scheme: str, day: date = DAY) -> tuple[str, ...]:
    decision = decide_eligibility(applicant, scheme_named(scheme), on=day)
    assert decision.scheme == scheme
    assert (decision.verdict is Verdict.NOT_ELIGIBLE) is (decision.reasons != ())
    return decision.reasons


def born(birth_date: date) -> Applicant:
    return a_verified_applicant(identity=an_identity(birth_date=birth_date))


def test_whom_nothing_speaks_against_may_take_part() -> None:
    assert reasons(a_verified_applicant(), "2020") == reasons(a_verified_applicant(), "2023") == ()


@pytest.mark.parametrize("aid", ["social_aid", "wage_subsidy", "micro_business_aid"])
def test_other_aid_excluded_until_2022_and_no_longer(aid: str) -> None:
    receives_aid = a_verified_applicant(checks=checks(social=(f"{aid}:DTKS",)))
    assert reasons(receives_aid, "2020") == (aid,)
    assert reasons(receives_aid, "2023") == ()


@pytest.mark.parametrize("reason", ["student:DAPODIK", "excluded_profession:ASN", "blocklist:BLOCKLIST"])
@pytest.mark.parametrize("scheme", ["2020", "2023"])
def test_some_lists_exclude_under_every_scheme(reason: str, scheme: str) -> None:
    category = reason.partition(":")[0]
    assert reasons(a_verified_applicant(checks=checks(education=(reason,))), scheme) == (category,)
    assert reasons(a_verified_applicant(checks=checks(social=(reason,))), scheme) == (category,)


def test_every_reason_is_told_once() -> None:
    lists = ("social_aid:DTKS", "social_aid:PKH", "wage_subsidy:BSU")
    applicant = a_verified_applicant(
        identity=an_identity(birth_date=date(2015, 3, 12)), checks=checks(education=("student:EMIS",), social=lists)
    )
    assert reasons(applicant, "2020") == ("age", "student", "social_aid", "wage_subsidy")


def test_a_list_that_no_rule_speaks_of_refuses_nobody() -> None:
    assert reasons(a_verified_applicant(checks=checks(social=("laid_off:KEMNAKER",))), "2020") == ()


@pytest.mark.parametrize(
    ("birth_date", "may"),
    [
        (date(2008, 3, 3), False),
        (date(2008, 3, 2), True),
        (date(1961, 3, 3), True),
        (date(1961, 3, 2), False),
    ],
)
def test_one_may_take_part_from_18_to_the_day_before_65(birth_date: date, may: bool) -> None:
    assert reasons(born(birth_date), "2023") == (() if may else ("age",))


def test_a_decision_can_be_made_again_for_a_past_day() -> None:
    applicant = born(date(2005, 3, 12))
    assert reasons(applicant, "2023", date(2023, 3, 11)) == ("age",)
    assert reasons(applicant, "2023", date(2023, 3, 12)) == ()


def test_who_was_born_on_29_february_turns_18_on_1_march() -> None:
    assert reasons(born(date(2008, 2, 29)), "2023", date(2026, 2, 28)) == ("age",)
    assert reasons(born(date(2008, 2, 29)), "2023", date(2026, 3, 1)) == ()


def test_every_refusal_has_somebody_who_can_mend_it() -> None:
    lists = [f"{each}:X" for each in ("student", "excluded_profession", "blocklist")]
    aid = [f"{each}:X" for each in ("social_aid", "wage_subsidy", "micro_business_aid")]
    child = an_identity(birth_date=date(2020, 1, 1))
    told = reasons(a_verified_applicant(identity=child, checks=checks(social=(*lists, *aid))), "2020")
    assert len(told) == 7
    assert set(told) <= REMEDIES.keys()


def test_who_has_done_everything_misses_nothing() -> None:
    assert missing_steps(a_verified_applicant(), STRICT) == ()


def test_missing_steps_are_told_in_order() -> None:
    told = ("identity", "photo_id_card", "photo_selfie", "face_match", "declaration")
    assert missing_steps(an_applicant(), STRICT) == told


def test_a_recognised_face_is_asked_for_where_the_scheme_says_so() -> None:
    unknown = a_verified_applicant(face=FaceMatch())
    assert (missing_steps(unknown, STRICT), missing_steps(unknown, MILD)) == (("face_match",), ())


@pytest.mark.parametrize("state", [state for state in IdentityState if state is not IdentityState.VERIFIED])
def test_an_identity_counts_when_it_is_verified(state: IdentityState) -> None:
    assert missing_steps(a_verified_applicant(state=state), STRICT) == ("identity",)


@pytest.mark.parametrize("photo", [Photo(), Photo(PhotoState.REFUSED, "photo_too_small")])
def test_a_photo_counts_when_it_is_accepted(photo: Photo) -> None:
    photos = {**accepted_photos(), PhotoKind.SELFIE: photo}
    assert missing_steps(a_verified_applicant(photos=photos), MILD) == ("photo_selfie",)


def test_who_signed_nothing_has_the_declaration_to_do() -> None:
    assert missing_steps(a_verified_applicant(declared_at=None), STRICT) == ("declaration",)
