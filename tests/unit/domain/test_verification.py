"""Who a person is: stated once, claimed, and judged when all three registries have answered."""

from dataclasses import replace
from itertools import permutations

import pytest

from chalicelib.domain.errors import AlreadyDone, Conflict, IllegalTransition
from chalicelib.domain.population import NAME_SCORE_THRESHOLD, judge_population
from chalicelib.domain.verification import (
    MOST_SUBMISSIONS,
    Applicant,
    Check,
    IdentityState,
    ListMatch,
    Outcome,
    PersonStatus,
    Photo,
    PhotoKind,
    PhotoState,
    PopulationAnswer,
    Registry,
    claim_identity,
    judge_lists,
    record_check,
    record_photo,
    sign_declaration,
    submit_identity,
)
from tests.builders import an_applicant, an_identity, passed
from tests.fakes import NOON

FAILED = Check(Outcome.FAILED, ("population_differs",), NOON)
REVIEW = Check(Outcome.REVIEW, ("population_duplicate",), NOON)


def checking() -> Applicant:
    return an_applicant(state=IdentityState.CHECKING, identity=an_identity(), submission=1)


def answered(population: Check, order: tuple[Registry, ...] = tuple(Registry)) -> Applicant:
    applicant = checking()
    for registry in order:
        applicant = record_check(applicant, registry, population if registry is Registry.POPULATION else passed())
    return applicant


def test_an_identity_is_stated_and_then_waits() -> None:
    stated = submit_identity(an_applicant(), an_identity())
    assert (stated.state, stated.identity, stated.submission) == (IdentityState.SUBMITTED, an_identity(), 1)


def test_a_failed_identity_may_be_stated_again_from_the_start() -> None:
    failed = replace(answered(FAILED), submission=1)
    again = submit_identity(failed, an_identity(full_name="Siti R."))
    assert (again.state, again.submission) == (IdentityState.SUBMITTED, 2)
    assert (again.checks, again.reasons) == ({}, ())


def test_typos_are_forgiven_so_often_and_no_more() -> None:
    submit_identity(an_applicant(state=IdentityState.FAILED, submission=MOST_SUBMISSIONS - 1), an_identity())
    with pytest.raises(Conflict, match="identity_attempts_used_up"):
        submit_identity(an_applicant(state=IdentityState.FAILED, submission=MOST_SUBMISSIONS), an_identity())


@pytest.mark.parametrize("state", [IdentityState.SUBMITTED, IdentityState.CHECKING, IdentityState.VERIFIED])
def test_an_identity_under_way_or_verified_is_not_stated_again(state: IdentityState) -> None:
    with pytest.raises(IllegalTransition):
        submit_identity(an_applicant(state=state, submission=1), an_identity())


def test_a_free_nik_is_claimed_and_the_registries_are_asked() -> None:
    assert claim_identity(submit_identity(an_applicant(), an_identity()), is_free=True).state is IdentityState.CHECKING


def test_a_nik_of_another_applicant_leads_to_people_and_does_not_say_that_it_is_taken() -> None:
    claimed = claim_identity(submit_identity(an_applicant(), an_identity()), is_free=False)
    assert (claimed.state, claimed.reasons) == (IdentityState.IN_REVIEW, ("identity_needs_assistance",))


@pytest.mark.parametrize("order", permutations(Registry), ids=str)
@pytest.mark.parametrize(
    ("population", "state"),
    [(passed(), IdentityState.VERIFIED), (FAILED, IdentityState.FAILED), (REVIEW, IdentityState.IN_REVIEW)],
)
def test_the_order_of_the_answers_decides_nothing(
    order: tuple[Registry, ...], population: Check, state: IdentityState
) -> None:
    applicant = answered(population, order)
    assert (applicant.state, applicant.reasons) == (state, population.reasons)


@pytest.mark.parametrize("missing", Registry)
def test_nobody_is_judged_before_all_have_answered(missing: Registry) -> None:
    order = tuple(each for each in Registry if each is not missing)
    assert answered(FAILED, order).state is IdentityState.CHECKING


def test_standing_on_a_list_does_not_fail_an_identity() -> None:
    listed = record_check(checking(), Registry.SOCIAL, passed("blocklist:BLOCKLIST"))
    for registry in (Registry.EDUCATION, Registry.LISTS, Registry.POPULATION):
        listed = record_check(listed, registry, passed())
    assert (listed.state, listed.reasons) == (IdentityState.VERIFIED, ())


def test_a_registry_answers_once() -> None:
    once = record_check(checking(), Registry.SOCIAL, passed())
    with pytest.raises(AlreadyDone):
        record_check(once, Registry.SOCIAL, passed("social_aid:DTKS"))


def population(status: PersonStatus = PersonStatus.FOUND, *differs: str, name_score: int = 100) -> PopulationAnswer:
    return PopulationAnswer(status, frozenset(differs), name_score, NOON)


@pytest.mark.parametrize(
    ("answer", "outcome", "reasons"),
    [
        (population(), Outcome.PASSED, ()),
        (population(PersonStatus.DECEASED), Outcome.FAILED, ("population_deceased",)),
        (population(PersonStatus.UNKNOWN), Outcome.FAILED, ("population_nik_unknown",)),
        (population(PersonStatus.BAD_FORMAT), Outcome.FAILED, ("population_nik_unknown",)),
        (population(PersonStatus.INACTIVE), Outcome.FAILED, ("population_inactive",)),
        (population(PersonStatus.DUPLICATE), Outcome.REVIEW, ("population_duplicate",)),
        (population(PersonStatus.FOUND, "birth_date"), Outcome.FAILED, ("population_differs_birth_date",)),
        (population(PersonStatus.FOUND, "full_name", name_score=89), Outcome.REVIEW, ("population_name_unclear",)),
        (population(PersonStatus.FOUND, "full_name", name_score=70), Outcome.REVIEW, ("population_name_unclear",)),
        (population(PersonStatus.FOUND, "full_name", name_score=69), Outcome.FAILED, ("population_differs_full_name",)),
        (
            population(PersonStatus.FOUND, "full_name", "sex", name_score=89),
            Outcome.FAILED,
            ("population_differs_full_name", "population_differs_sex"),
        ),
    ],
)
def test_what_the_population_registry_says_means_this(
    answer: PopulationAnswer, outcome: Outcome, reasons: tuple[str, ...]
) -> None:
    assert judge_population(answer) == Check(outcome, reasons, NOON)


def test_names_are_the_same_persons_from_the_threshold_that_the_registry_is_told() -> None:
    assert NAME_SCORE_THRESHOLD == 90


@pytest.mark.parametrize("status", PersonStatus)
def test_every_status_of_a_person_is_judged(status: PersonStatus) -> None:
    assert judge_population(population(status)).outcome is not Outcome.PENDING


def test_lists_are_noted_with_their_oldest_date_and_refuse_nobody_by_themselves() -> None:
    older = ListMatch("DTKS", "social_aid", NOON.replace(year=2025))
    newer = ListMatch("BSU", "wage_subsidy", NOON)
    check = judge_lists((older, newer, older), now=NOON)
    assert check == Check(Outcome.PASSED, ("social_aid:DTKS", "wage_subsidy:BSU"), older.as_of)
    assert judge_lists((), now=NOON) == Check(Outcome.PASSED, (), NOON)


def test_a_photo_of_one_kind_leaves_the_other_as_it_is() -> None:
    card, selfie = Photo(PhotoState.ACCEPTED, None, "a"), Photo(PhotoState.REFUSED, "photo_too_small")
    applicant = record_photo(record_photo(an_applicant(), PhotoKind.ID_CARD, card), PhotoKind.SELFIE, selfie)
    assert (applicant.photo(PhotoKind.ID_CARD), applicant.photo(PhotoKind.SELFIE)) == (card, selfie)


def test_signing_twice_is_signing_once() -> None:
    signed = sign_declaration(an_applicant(), now=NOON)
    assert signed.declared_at == NOON
    assert sign_declaration(signed, now=NOON.replace(year=2030)) is signed
