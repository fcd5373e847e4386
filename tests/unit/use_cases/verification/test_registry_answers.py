"""What a registry says is believed once it is sure, kept while it is valid, and told to who needs it."""

from dataclasses import replace

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.population import CONFIRMED_AFTER
from chalicelib.domain.verification import Check, IdentityState, Outcome, PersonStatus, Registry
from chalicelib.domain.waiting_checks import WaitingCheck
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from chalicelib.use_cases.verification.claim_identity import claim_identity
from tests.builders import an_applicant_id, an_identity, passed
from tests.fakes import NOON
from tests.fakes.asking import asking_of
from tests.unit.use_cases.verification.office import POPULATION, a_world, applicant, check, is_untouched, waiting


def test_an_answer_is_asked_for_once_while_it_is_valid() -> None:
    world = a_world()
    assert check(world) is Ending.RECORDED
    again = replace(applicant(world), state=IdentityState.CHECKING, submission=2, checks={Registry.SOCIAL: passed()})
    world.applicants.save(again)
    second = WaitingCheck(POPULATION, an_applicant_id(1), 2, NOON)
    assert check_identity(second, asking_of(world, POPULATION)) is Ending.RECORDED
    assert world.trouble.calls.count("population_registry.match") == 1
    assert applicant(world).check(POPULATION).outcome is Outcome.PASSED
    assert applicant(world).check(POPULATION).as_of == NOON


@pytest.mark.parametrize("status", [PersonStatus.UNKNOWN, PersonStatus.DECEASED, PersonStatus.INACTIVE])
def test_who_is_said_not_to_live_is_asked_about_once_more_before_it_is_believed(status: PersonStatus) -> None:
    world = a_world()
    world.population.knows(an_identity(), status)
    assert check(world) is Ending.WAITS
    assert is_untouched(world)
    assert waiting(world).not_before == world.clock.now() + CONFIRMED_AFTER
    world.clock.passes(minutes=1)
    assert check(world) is Ending.RECORDED
    assert applicant(world).state is IdentityState.FAILED


def test_answers_that_contradict_each_other_lead_to_people() -> None:
    world = a_world()
    world.population.knows(an_identity(), PersonStatus.UNKNOWN)
    check(world)
    world.population.knows(an_identity())
    world.clock.passes(minutes=1)
    check(world)
    assert applicant(world).state is IdentityState.IN_REVIEW
    assert applicant(world).reasons == ("population_contradicts",)


def test_who_guesses_at_a_nik_under_many_accounts_is_told_nothing_after_five() -> None:
    world = a_world(7)
    told = []
    for number in range(1, 8):
        guess = an_identity(50, mother_name=f"Guess {number}")
        world.applicants.save(replace(applicant(world, number), identity=guess))
        world.population.knows(an_identity(50))
        check(world, number)
        told.append(applicant(world, number).reasons)
    assert told == [("population_differs_family_card",)] * 5 + [("identity_needs_assistance",)] * 2


def test_whose_checks_began_before_there_were_lists_is_looked_up_on_them_now() -> None:
    world = a_world()
    before = applicant(world)
    checks: dict[Registry, Check] = {each: passed() for each in (Registry.EDUCATION, Registry.SOCIAL)}
    world.applicants.save(replace(before, checks=checks))
    check(world)
    assert world.messages.on(Queue.LIST_CHECKS_TO_MAKE) == [{"applicant_id": before.id, "submission": 1}]


def test_a_guesser_does_not_hold_the_nik() -> None:
    world = a_world(8)
    world.population.knows(an_identity(50))
    for number in range(1, 7):
        guess = an_identity(50, mother_name=f"Guess {number}")
        world.applicants.save(replace(applicant(world, number), identity=guess))
        check(world, number)
    owner = replace(applicant(world, 8), state=IdentityState.SUBMITTED, identity=an_identity(50))
    world.applicants.save(owner)
    claim_identity(owner.id, 1, applicants=world.applicants, waves=world.wave_look, clock=world.clock)
    assert applicant(world, 8).state is IdentityState.CHECKING
