"""Ask the population registry whether a selfie shows whom the NIK belongs to."""

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.faces import FaceAnswer, record_face, selfie_to_match
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Applicant
from chalicelib.ports import Applicants, FaceRegistry, Photos

_ATTEMPTS = 4
"""Others write to the same applicant meanwhile. An answer that was paid for is not asked for again."""


def match_face(
    applicant_id: ApplicantId, object_key: str, *, applicants: Applicants, photos: Photos, registry: FaceRegistry
) -> None:
    """``RegistryUnavailable`` leaves the match pending: an outage refuses nobody."""
    applicant = applicants.get(applicant_id)
    if selfie_to_match(applicant) == object_key:
        answer = _answer(applicant, object_key, photos, registry)
        _record(applicant, object_key, answer, applicants)


def _answer(applicant: Applicant, object_key: str, photos: Photos, registry: FaceRegistry) -> FaceAnswer:
    if applicant.identity is None:
        raise AssertionError("whoever is verified stated an identity")
    return registry.match_face(applicant.identity.nik, photos.picture(object_key))


def _record(applicant: Applicant, object_key: str, answer: FaceAnswer, applicants: Applicants) -> None:
    for _ in range(_ATTEMPTS):
        try:
            return applicants.save(record_face(applicant, answer))
        except StaleWrite:
            applicant = applicants.get(applicant.id)
            if selfie_to_match(applicant) != object_key:
                return
    raise StaleWrite("check_contended", registry="population_faces")
