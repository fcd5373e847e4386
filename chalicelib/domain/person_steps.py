"""The steps in which somebody says and shows who they are."""

from chalicelib.domain.face_match import FaceState
from chalicelib.domain.faces import face_state, selfie_to_match
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.verification import Applicant, IdentityState, Photo, PhotoKind, PhotoState
from chalicelib.domain.waiting_checks import Promise

_IDENTITY = {
    IdentityState.NONE: (StepState.TO_DO, "state_identity"),
    IdentityState.SUBMITTED: (StepState.WAITING, None),
    IdentityState.CHECKING: (StepState.WAITING, None),
    IdentityState.VERIFIED: (StepState.DONE, None),
    IdentityState.FAILED: (StepState.FAILED, "correct_identity"),
    IdentityState.IN_REVIEW: (StepState.WAITING, "contact_assisted_service"),
    IdentityState.DOCUMENTS_WANTED: (StepState.TO_DO, "upload_documents"),
    IdentityState.REOPENED: (StepState.TO_DO, "correct_identity"),
}


_NOT_THEIRS = {
    "registry_answer_unreadable",
    "population_contradicts",
    "population_duplicate",
    "population_name_unclear",
}
"""People look into it by themselves; whoever waits need call nobody."""


def identity_step(applicant: Applicant, promise: Promise | None) -> Step:
    state, action = _IDENTITY[applicant.state]
    if action == "correct_identity" and applicant.attempts_left <= 0:
        action = "contact_assisted_service"
    if action == "contact_assisted_service" and _NOT_THEIRS & set(applicant.reasons):
        action = None
    if applicant.reasons or state is not StepState.WAITING:
        reason = applicant.reasons[0] if applicant.reasons else None
        return Step("identity", state, reason, action, reasons=applicant.reasons)
    because = promise.because.value if promise and promise.because else "registries_are_asked"
    return Step("identity", state, because, action, expected_at=promise.expected_at if promise else None)


def photo_step(kind: PhotoKind, photo: Photo) -> Step:
    state = {
        PhotoState.MISSING: StepState.TO_DO,
        PhotoState.REFUSED: StepState.FAILED,
        PhotoState.ACCEPTED: StepState.DONE,
    }[photo.state]
    action = None if state is StepState.DONE else f"upload_{kind}"
    return Step(f"photo_{kind}", state, photo.reason, action)


_FACE_MATCH = {
    FaceState.PENDING: (StepState.WAITING, None),
    FaceState.PASSED: (StepState.DONE, None),
    FaceState.REVIEW: (StepState.WAITING, None),
    FaceState.FAILED: (StepState.FAILED, "upload_selfie"),
}


def face_match_step(applicant: Applicant) -> Step:
    face = face_state(applicant)
    if face is FaceState.PENDING and selfie_to_match(applicant) is None:
        return Step("face_match", StepState.LATER)
    state, action = _FACE_MATCH[face]
    reason = {FaceState.PENDING: "face_is_compared", FaceState.REVIEW: "face_in_review"}.get(face)
    if face is applicant.face.state and face is not FaceState.PENDING:
        reason = applicant.face.reason
    if reason == "face_needs_assistance":
        action = "contact_assisted_service"
    return Step("face_match", state, reason, action, at=applicant.face.as_of if state is StepState.DONE else None)


def declaration_step(applicant: Applicant) -> Step:
    if applicant.declared_at:
        return Step("declaration", StepState.DONE, at=applicant.declared_at)
    return Step("declaration", StepState.TO_DO, next_action="sign_declaration")
