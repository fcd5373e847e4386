"""Selfies that people look at: the registry was not sure of the face, or somebody else sent nearly the same picture.

A person says yes or no. Whoever hears no may send another selfie; nobody is told that it was like somebody else's.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import faces
from chalicelib.domain.cases import Ruling, RulingKind
from chalicelib.domain.errors import Conflict
from chalicelib.domain.face_match import FaceState
from chalicelib.domain.faces import face_state
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Applicant, PhotoKind, PhotoState, record_photo

ALIKE = "selfie_alike"
"""For staff alone: to the applicant it would confirm that somebody exists."""
_REFUSED = "selfie_not_accepted"


def unseen_lookalikes(applicant: Applicant) -> tuple[ApplicantId, ...]:
    """Others whose selfie is nearly the same, while nobody has looked."""
    selfie = applicant.photo(PhotoKind.SELFIE)
    is_settled = selfie.looked_at is not None or selfie.state is not PhotoState.ACCEPTED
    return () if is_settled else selfie.alike or ()


def selfie_reasons(applicant: Applicant) -> tuple[str, ...]:
    """Why people have to look at the selfie; none where they need not."""
    alike = (ALIKE,) if unseen_lookalikes(applicant) else ()
    return (*_face_reasons(applicant), *alike)


def selfie_ruling(*, is_own: bool) -> RulingKind:
    return RulingKind.KEEP_SELFIE if is_own else RulingKind.REFUSE_SELFIE


def decide_selfie(applicant: Applicant, ruling: Ruling) -> Applicant:
    """One look answers both questions. A no about the face leaves the photo, which is asked about no more; a no about a
    selfie that is like another's refuses the photo as well, also where the registry had recognised the face."""
    if not selfie_reasons(applicant):
        raise Conflict("selfie_not_in_review")
    is_own = ruling.kind is RulingKind.KEEP_SELFIE
    decided = replace(applicant, rulings=(*applicant.rulings, ruling))
    if face_state(applicant) is FaceState.REVIEW:
        decided = faces.decide_face(decided, is_own=is_own, now=ruling.at)
    if not unseen_lookalikes(applicant):
        return decided
    return _looked_at(decided, ruling.at) if is_own else _refused(decided, ruling.at)


def _face_reasons(applicant: Applicant) -> tuple[str, ...]:
    if face_state(applicant) is not FaceState.REVIEW:
        return ()
    said = applicant.face.reason if applicant.face.state is FaceState.REVIEW else None
    return (said or "face_needs_assistance",)


def _looked_at(applicant: Applicant, now: datetime) -> Applicant:
    selfie = replace(applicant.photo(PhotoKind.SELFIE), looked_at=now)
    return record_photo(applicant, PhotoKind.SELFIE, selfie)


def _refused(applicant: Applicant, now: datetime) -> Applicant:
    """It keeps its key: a notice of the same upload that comes late must not bring it back."""
    seen = _looked_at(applicant, now)
    selfie = replace(seen.photo(PhotoKind.SELFIE), state=PhotoState.REFUSED, reason=_REFUSED)
    return record_photo(_not_recognised(seen, now), PhotoKind.SELFIE, selfie)


def _not_recognised(applicant: Applicant, now: datetime) -> Applicant:
    """Else no other selfie could take the place of this one."""
    if applicant.face.state is not FaceState.PASSED:
        return applicant
    face = replace(applicant.face, state=FaceState.FAILED, reason="face_unclear", as_of=now)
    return replace(applicant, face=face)
