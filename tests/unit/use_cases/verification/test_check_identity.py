"""Ask one registry about one applicant. An outage refuses nobody."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import ApplicantId, Index
from chalicelib.domain.registry_budget import MOST_FAILURES
from chalicelib.domain.verification import (
    Applicant,
    Check,
    IdentityState,
    ListMatch,
    Outcome,
    PersonStatus,
    Registry,
    record_check,
)
from chalicelib.domain.waiting_checks import WaitingCheck
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from chalicelib.use_cases.verification.check_lists import check_lists
from chalicelib.use_cases.verification.claim_identity import claim_identity
from chalicelib.use_cases.verification.follow_applicant import CHECK_QUEUES
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity, passed
from tests.fakes import NOON, FakeApplicants, World
from tests.fakes.asking import asking_of
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ME = an_applicant_id()


def claimed() -> World:
    """Applicant 1 holds their NIK, and the population registry knows them."""
    world = World()
    world.population.knows(an_identity())
    world.applicants.save_claim(an_applicant(state=IdentityState.CHECKING, identity=an_identity(), submission=1))
    return world


@pytest.fixture
def world() -> World:
    return claimed()


def waiting(registry: Registry, submission: int = 1) -> WaitingCheck:
    return WaitingCheck(registry, ME, submission, NOON)


def end(world: World, registry: Registry, submission: int = 1) -> Ending:
    """As a worker ends who was handed the check, as it waits now."""
    check = waiting(registry, submission)
    return check_identity(world.waiting_checks.as_it_waits(check) or check, asking_of(world, registry))


def check(world: World, registry: Registry, submission: int = 1) -> Applicant:
    """Asked again after a minute where that is wanted."""
    if end(world, registry, submission) is Ending.WAITS:
        world.clock.passes(minutes=1)
        end(world, registry, submission)
    return world.applicants.get(ME)


def check_all(world: World) -> Applicant:
    for registry in CHECK_QUEUES:
        check(world, registry)
    check_lists(ME, 1, applicants=world.applicants, registry=world.loaded_lists, clock=world.clock)
    return world.applicants.get(ME)


def test_whom_all_registries_answer_for_is_verified(world: World) -> None:
    assert check_all(world).state is IdentityState.VERIFIED


def test_each_answer_is_kept_with_its_source_and_date(world: World) -> None:
    world.social.lists(a_nik(), ListMatch("DTKS", "social_aid", NOON.replace(year=2025)))
    checked = check_all(world)
    social, education = (checked.check(each) for each in (Registry.SOCIAL, Registry.EDUCATION))
    assert replace(social, evidence=None) == Check(Outcome.PASSED, ("social_aid:DTKS",), NOON.replace(year=2025))
    assert replace(education, evidence=None) == Check(Outcome.PASSED, (), NOON)
    assert world.registry_answers.kept[Index(str(social.evidence))].evidence == {
        "social_aid:DTKS": "2025-03-02T05:00:00+00:00"
    }


@pytest.mark.parametrize("registry", CHECK_QUEUES)
def test_a_registry_that_is_out_leaves_its_check_waiting(world: World, registry: Registry) -> None:
    world.population.is_out = world.education.is_out = world.social.is_out = True
    for _ in range(MOST_FAILURES):
        assert end(world, registry) is Ending.WAITS
    applicant = world.applicants.get(ME)
    assert (applicant.state, applicant.check(registry).outcome) == (IdentityState.CHECKING, Outcome.PENDING)
    assert applicant.reasons == ()
    assert world.waiting_checks.as_it_waits(waiting(registry)) is not None
    world.population.is_out = world.education.is_out = world.social.is_out = False
    world.clock.passes(minutes=1)
    assert check_all(world).state is IdentityState.VERIFIED


def test_whom_the_registry_knows_otherwise_has_failed_and_is_told_so(world: World) -> None:
    world.population.knows(an_identity(mother_name="Somebody Else"))
    checked = check_all(world)
    assert (checked.state, checked.reasons) == (IdentityState.FAILED, ("population_differs_family_card",))


@pytest.mark.parametrize("status", [PersonStatus.DECEASED, PersonStatus.INACTIVE, PersonStatus.UNKNOWN])
def test_a_nik_of_nobody_has_failed(world: World, status: PersonStatus) -> None:
    world.population.knows(an_identity(), status)
    assert check_all(world).state is IdentityState.FAILED


def test_a_name_that_is_nearly_right_leads_to_people(world: World) -> None:
    world.population.knows(an_identity(full_name="Sity Rahmawati"), name_score=85)
    checked = check_all(world)
    assert (checked.state, checked.reasons) == (IdentityState.IN_REVIEW, ("population_name_unclear",))


def claims_the_same_nik(world: World) -> IdentityState:
    """What becomes of applicant 2 who states the same NIK now."""
    other = an_applicant(2, state=IdentityState.SUBMITTED, identity=an_identity(2, nik=a_nik(1)), submission=1)
    world.applicants.save(other)
    claim_identity(other.id, 1, applicants=world.applicants, waves=world.wave_look, clock=world.clock)
    return world.applicants.get(other.id).state


def test_a_failed_identity_lets_go_of_its_nik(world: World) -> None:
    """A typo must not lock out whose number it really is."""
    world.population.knows(an_identity(mother_name="Somebody Else"))
    assert check_all(world).state is IdentityState.FAILED
    assert claims_the_same_nik(world) is IdentityState.CHECKING


def test_a_verified_identity_and_one_in_review_hold_on_to_their_nik(world: World) -> None:
    check_all(world)
    assert claims_the_same_nik(world) is IdentityState.IN_REVIEW
    doubted = claimed()
    doubted.population.knows(an_identity(), PersonStatus.DUPLICATE)
    check_all(doubted)
    assert claims_the_same_nik(doubted) is IdentityState.IN_REVIEW


def test_a_registry_is_asked_once(world: World) -> None:
    for _ in range(3):
        check(world, Registry.SOCIAL)
    assert world.trouble.calls.count("list_registry.look_up") == 1


def test_a_message_about_an_earlier_submission_asks_nobody(world: World) -> None:
    assert check(world, Registry.POPULATION, submission=2).check(Registry.POPULATION).outcome is Outcome.PENDING
    assert "population_registry.match" not in world.trouble.calls


@pytest.mark.parametrize("state", [state for state in IdentityState if state is not IdentityState.CHECKING])
def test_nobody_is_asked_about_who_is_not_being_checked(state: IdentityState) -> None:
    world = World()
    world.applicants.save(an_applicant(state=state, identity=an_identity(), submission=1))
    assert check(world, Registry.POPULATION).version == 1
    assert "population_registry.match" not in world.trouble.calls


class Contended(FakeApplicants):
    """Another registry's answer is written between this one's look and its write."""

    def get(self, id: ApplicantId) -> Applicant:
        found = super().get(id)
        if found.check(Registry.SOCIAL).outcome is Outcome.PENDING and found.identity:
            self.save(record_check(found, Registry.SOCIAL, passed("social_aid:DTKS")))
        return found


def test_answers_that_come_at_once_are_all_kept(world: World) -> None:
    contended = Contended()
    contended.save_claim(replace(world.applicants.get(ME), version=0))
    check_identity(waiting(Registry.POPULATION), replace(asking_of(world, Registry.POPULATION), applicants=contended))
    checked = contended.get(ME)
    assert checked.check(Registry.POPULATION).outcome is Outcome.PASSED
    assert checked.check(Registry.SOCIAL) == passed("social_aid:DTKS")
    assert world.trouble.calls.count("population_registry.match") == 1


def test_whoever_meets_others_again_and_again_tries_later(world: World) -> None:
    for _ in range(5):
        world.applicants.fails_before("save", StaleWrite())
    with pytest.raises(StaleWrite):
        check(world, Registry.SOCIAL)


def look(world: World) -> object:
    applicant = world.applicants.get(ME)
    return applicant.state, applicant.reasons, {name: each.outcome for name, each in applicant.checks.items()}


def claimed_by_somebody_unknown() -> World:
    world = claimed()
    world.population.knows(an_identity(mother_name="Somebody Else"))
    return world


@pytest.mark.parametrize("prepare", [claimed, claimed_by_somebody_unknown])
def test_checking_survives_every_accident(prepare: type[World]) -> None:
    workflow = Workflow(prepare, check_all, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
