"""See whether somebody else sent nearly the same selfie. Whoever did is named to staff; nobody is refused for it."""

from dataclasses import replace

from chalicelib.domain.faces import selfie_to_compare
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.lookalikes import others_alike
from chalicelib.domain.verification import PhotoKind, record_photo
from chalicelib.ports import Applicants


def compare_selfie(applicant_id: ApplicantId, object_key: str, *, applicants: Applicants) -> int:
    """How many others there are. Its own fingerprint was stored with the selfie, before: of two who send the same at
    once, each is found by whoever looks last."""
    applicant = applicants.get(applicant_id)
    selfie = applicant.photo(PhotoKind.SELFIE)
    if selfie_to_compare(applicant) != object_key or selfie.fingerprint is None:
        return 0
    alike = others_alike(applicant_id, selfie.fingerprint, applicants.selfies_like(selfie.fingerprint))
    applicants.save(record_photo(applicant, PhotoKind.SELFIE, replace(selfie, alike=alike)))
    return len(alike)
