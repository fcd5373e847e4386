"""What was typed wrongly is corrected, and nothing else is entered again."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, IllegalTransition, InvalidInput
from chalicelib.domain.verification import MOST_SUBMISSIONS, IdentityState
from chalicelib.use_cases.verification.amend_identity import amend_identity
from tests.builders import an_applicant, an_applicant_id, an_identity
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ME = an_applicant_id()
STATED = an_identity(mother_name="Dewi Lestary")


def failed(submission: int = 1) -> World:
    world = World()
    state = IdentityState.FAILED
    world.applicants.save(an_applicant(state=state, identity=STATED, submission=submission, reasons=("x",)))
    return world


def amend(world: World, **changes: object) -> None:
    amend_identity(ME, changes, applicants=world.applicants, clock=world.clock)


def test_one_field_is_corrected_and_all_others_stay() -> None:
    world = failed()
    amend(world, mother_name="Dewi Lestari")
    amended = world.applicants.get(ME)
    assert amended.identity == replace(STATED, mother_name="Dewi Lestari")
    assert (amended.state, amended.submission, amended.reasons) == (IdentityState.SUBMITTED, 2, ())


def test_a_correction_is_checked_as_a_statement_is() -> None:
    with pytest.raises(InvalidInput) as refused:
        amend(failed(), birth_date=STATED.birth_date.replace(year=1990))
    assert (refused.value.code, refused.value.field) == ("nik_birth_date_differs", "birth_date")


def test_a_correction_of_nothing_uses_up_no_attempt() -> None:
    world = failed()
    for changes in ({}, {"mother_name": STATED.mother_name}):
        with pytest.raises(InvalidInput, match="correction_changes_nothing"):
            amend(world, **changes)
    assert world.applicants.get(ME).submission == 1


def test_corrections_are_counted_as_attempts() -> None:
    with pytest.raises(Conflict, match="identity_attempts_used_up"):
        amend(failed(MOST_SUBMISSIONS), mother_name="Dewi Lestari")


def test_nothing_is_corrected_that_was_never_stated_or_is_being_checked() -> None:
    with pytest.raises(Conflict, match="identity_not_stated"):
        amend(World(), mother_name="Dewi Lestari")
    world = World()
    world.applicants.save(an_applicant(state=IdentityState.CHECKING, identity=STATED, submission=1))
    with pytest.raises(IllegalTransition):
        amend(world, mother_name="Dewi Lestari")


def amend_unless_done(world: World) -> None:
    """A phone that got no answer asks again."""
    try:
        amend(world, mother_name="Dewi Lestari")
    except (InvalidInput, IllegalTransition):
        return


def test_a_correction_survives_every_accident() -> None:
    workflow = Workflow(failed, amend_unless_done, lambda world: world.applicants.get(ME).submission)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
