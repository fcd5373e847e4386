"""Is it the person's own face? The population registry compares; what its score means is decided here."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.errors import Conflict
from chalicelib.domain.face_match import FaceMatch, FaceState
from chalicelib.domain.verification import (
    Applicant,
    IdentityState,
    PersonStatus,
    Photo,
    PhotoKind,
    PhotoState,
)

FACE_SCORE_THRESHOLD = 80
"""From here up it is the person's face."""
FACE_SCORE_REVIEW = 55
"""From here up to the threshold a person decides: card portraits are old. Below, a better selfie may help."""
MOST_FACE_ANSWERS = 3
"""So often the registry is asked about one person's selfies; then a person helps. Nobody may try faces on a NIK."""


@dataclass(frozen=True, slots=True)
class FaceAnswer:
    """``score`` is 0-100, as the registry gave it; 0 where the person was not found."""

    status: PersonStatus
    score: int
    as_of: datetime
    quota_left: int | None = None


def selfie_to_match(applicant: Applicant) -> str | None:
    """The object key of the selfie that the registry is yet to be asked about; None when it need not be asked."""
    selfie, face = applicant.photo(PhotoKind.SELFIE), applicant.face
    if applicant.state is not IdentityState.VERIFIED or selfie.state is not PhotoState.ACCEPTED:
        return None
    if face.state is FaceState.PASSED or face.answers >= MOST_FACE_ANSWERS or face.object_key == selfie.object_key:
        return None
    return selfie.object_key


def selfie_to_compare(applicant: Applicant) -> str | None:
    """The object key of the selfie that nobody compared with other people's yet."""
    selfie = applicant.photo(PhotoKind.SELFIE)
    return selfie.object_key if selfie.fingerprint and selfie.alike is None else None


def record_face(applicant: Applicant, answer: FaceAnswer) -> Applicant:
    """The applicant after the registry's answer about the selfie at hand."""
    state, reason = _judged(answer)
    answers = applicant.face.answers + 1
    if state is FaceState.FAILED and answers >= MOST_FACE_ANSWERS:
        state, reason = FaceState.REVIEW, "face_needs_assistance"
    selfie: Photo = applicant.photo(PhotoKind.SELFIE)
    face = FaceMatch(state, reason, answer.score, selfie.object_key, answer.as_of, answers)
    return replace(applicant, face=face)


def doubt_face(applicant: Applicant, *, now: datetime) -> Applicant:
    """The registry answers others, but of this face nothing that makes sense: a person looks."""
    face = FaceMatch(
        FaceState.REVIEW,
        "face_in_review",
        None,
        applicant.photo(PhotoKind.SELFIE).object_key,
        now,
        applicant.face.answers + 1,
    )
    return replace(applicant, face=face)


def decide_face(applicant: Applicant, *, is_own: bool, now: datetime) -> Applicant:
    """A person looked where the machine was not sure. Whoever is not recognised may send another selfie: the registry
    is asked about it while there are answers left, and then a person again."""
    if face_state(applicant) is not FaceState.REVIEW:
        raise Conflict("selfie_not_in_review")
    state, reason = (FaceState.PASSED, None) if is_own else (FaceState.FAILED, "face_unclear")
    selfie = applicant.photo(PhotoKind.SELFIE)
    face = replace(applicant.face, state=state, reason=reason, object_key=selfie.object_key, as_of=now)
    return replace(applicant, face=face)


def face_state(applicant: Applicant) -> FaceState:
    """As it stands for the selfie at hand: what was said of an earlier one counts no more while attempts are left."""
    if selfie_to_match(applicant):
        return FaceState.PENDING
    selfie = applicant.photo(PhotoKind.SELFIE)
    is_another = selfie.state is PhotoState.ACCEPTED and applicant.face.object_key != selfie.object_key
    if applicant.face.state is FaceState.FAILED and is_another:
        return FaceState.REVIEW  # no answers are left: a person looks at the new one
    return applicant.face.state


def _judged(answer: FaceAnswer) -> tuple[FaceState, str | None]:
    if answer.status is not PersonStatus.FOUND:  # it found them a moment ago: let a person see
        return FaceState.REVIEW, "face_in_review"
    if answer.score >= FACE_SCORE_THRESHOLD:
        return FaceState.PASSED, None
    if answer.score >= FACE_SCORE_REVIEW:
        return FaceState.REVIEW, "face_in_review"
    return FaceState.FAILED, "face_unclear"
