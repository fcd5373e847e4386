"""Claim the stated NIK before any ministry is asked about it."""

from datetime import timedelta

import pytest

from chalicelib.domain.verification import Applicant, IdentityState, submit_identity
from chalicelib.use_cases.verification.claim_identity import claim_identity
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once


def state(world: World, number: int, nik_of: int) -> None:
    world.applicants.save(submit_identity(an_applicant(number), an_identity(number, nik=a_nik(nik_of))))


def claim(world: World, number: int = 1, submission: int = 1) -> Applicant:
    claim_identity(
        an_applicant_id(number), submission, applicants=world.applicants, waves=world.wave_look, clock=world.clock
    )
    return world.applicants.get(an_applicant_id(number))


def stated() -> World:
    world = World()
    state(world, 1, nik_of=1)
    return world


def stated_by_two() -> World:
    world = stated()
    claim(world)
    state(world, 2, nik_of=1)
    return world


def test_a_free_nik_is_claimed() -> None:
    assert claim(stated()).state is IdentityState.CHECKING


def test_the_claim_says_since_when_it_is_checked_and_for_which_wave() -> None:
    world = stated()
    world.wave_look.closing = NOON + timedelta(days=2)
    claimed = claim(world)
    assert (claimed.checking_since, claimed.wave_closes_at) == (NOON, NOON + timedelta(days=2))


def test_a_nik_of_another_leads_to_people() -> None:
    second = claim(stated_by_two(), 2)
    assert (second.state, second.reasons) == (IdentityState.IN_REVIEW, ("identity_needs_assistance",))


def test_a_message_about_an_earlier_submission_is_void() -> None:
    assert claim(stated(), submission=2).state is IdentityState.SUBMITTED


@pytest.mark.parametrize("state", [state for state in IdentityState if state is not IdentityState.SUBMITTED])
def test_a_message_that_comes_too_late_changes_nothing(world: World, state: IdentityState) -> None:
    world.applicants.save(an_applicant(state=state, identity=an_identity(), submission=1))
    assert claim(world).version == 1


def look(world: World) -> object:
    return [world.applicants.get(an_applicant_id(number)).state for number in (1, 2)]


FREE = Workflow(stated, claim, look)
TAKEN = Workflow(stated_by_two, lambda world: claim(world, 2), look)


@pytest.mark.parametrize("workflow", [FREE, TAKEN], ids=["free", "taken"])
def test_claiming_survives_every_accident(workflow: Workflow) -> None:
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
