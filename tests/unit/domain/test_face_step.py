"""The step of the face in the timeline: where the scheme asks for it, and never with a word on whose face it may be."""

from dataclasses import replace

import pytest

from chalicelib.domain.eligibility import decide_eligibility
from chalicelib.domain.face_match import FaceMatch, FaceState
from chalicelib.domain.journey import steps_of
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.verification import PhotoKind
from tests.builders import a_verified_applicant, an_applicant
from tests.fakes import NOON
from tests.unit.domain.timelines import a_journey, step

ASKED_ABOUT = f"photos/{PhotoKind.SELFIE}.jpg"


@pytest.mark.parametrize(
    ("face", "told"),
    [
        (FaceMatch(), Step("face_match", StepState.WAITING, "face_is_compared")),
        (
            FaceMatch(FaceState.FAILED, "face_unclear", 20, ASKED_ABOUT, NOON, 1),
            Step("face_match", StepState.FAILED, "face_unclear", "upload_selfie"),
        ),
        (
            FaceMatch(FaceState.FAILED, "face_unclear", 20, "photos/an earlier one", NOON, 1),
            Step("face_match", StepState.WAITING, "face_is_compared"),
        ),
        (
            FaceMatch(FaceState.REVIEW, "face_in_review", 60, ASKED_ABOUT, NOON, 1),
            Step("face_match", StepState.WAITING, "face_in_review"),
        ),
        (
            FaceMatch(FaceState.REVIEW, "face_needs_assistance", 20, ASKED_ABOUT, NOON, 3),
            Step("face_match", StepState.WAITING, "face_needs_assistance", "contact_assisted_service"),
        ),
        (FaceMatch(FaceState.PASSED, None, 95, ASKED_ABOUT, NOON, 1), Step("face_match", StepState.DONE, at=NOON)),
    ],
)
def test_a_face_is_told_with_what_to_do(face: FaceMatch, told: Step) -> None:
    assert step(a_journey(a_verified_applicant(face=face)), "face_match") == told


def test_a_face_waits_for_identity_and_selfie() -> None:
    assert step(a_journey(an_applicant()), "face_match") == Step("face_match", StepState.LATER)


def test_a_scheme_that_asks_for_no_face_tells_of_none() -> None:
    person = a_verified_applicant(face=FaceMatch())
    journey = replace(a_journey(person), decision=decide_eligibility(person, scheme_named("2020"), on=NOON.date()))
    with_face = [each.name for each in steps_of(a_journey(person))]
    without = [each.name for each in steps_of(journey) if not each.name.startswith("incentive")]
    assert without == [name for name in with_face if name != "face_match" and not name.startswith("incentive")]
    assert step(journey, "wave").state is StepState.TO_DO
