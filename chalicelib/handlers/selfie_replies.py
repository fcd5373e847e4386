"""A case's selfie as officers are shown it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.face_match import FaceState
from chalicelib.domain.faces import face_state
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.references import LABEL, reference_from, spoken
from chalicelib.domain.selfie_review import selfie_reasons
from chalicelib.domain.verification import Applicant, PhotoKind
from chalicelib.handlers.doors import Body


class SelfieReply(Body):
    """`review_reasons` is empty when nobody needs to look. `score` is the registry's, of 100."""

    review_reasons: list[str]
    face_state: FaceState
    face_reason: str | None
    score: int | None
    lookalikes: list[str] = Field(description="References of others who sent nearly the same picture.")
    looked_at: datetime | None = Field(description="When an officer found that it is the person's own all the same.")
    photos: dict[str, str] = Field(
        description="Links that live for minutes, by kind: for caseworkers, while the selfie waits for them."
    )


def selfie(applicant: Applicant, photos: Mapping[str, str]) -> SelfieReply:
    photo = applicant.photo(PhotoKind.SELFIE)
    return SelfieReply(
        review_reasons=list(selfie_reasons(applicant)),
        face_state=face_state(applicant),
        face_reason=applicant.face.reason,
        score=applicant.face.score,
        lookalikes=[_reference_of(other) for other in photo.alike or ()],
        looked_at=photo.looked_at,
        photos=dict(photos),
    )


def _reference_of(applicant_id: ApplicantId) -> str:
    return spoken(reference_from(bootstrap.indexer().derived(LABEL, applicant_id)))
