"""A member of staff looked at a selfie where the machine was not sure."""

from chalicelib.domain import faces
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.ports import Applicants, Clock


def decide_face(applicant_id: ApplicantId, *, is_own: bool, applicants: Applicants, clock: Clock) -> None:
    """``Conflict`` when nobody waits for it: it was decided already, or another selfie is being asked about."""
    applicants.save(faces.decide_face(applicants.get(applicant_id), is_own=is_own, now=clock.now()))
