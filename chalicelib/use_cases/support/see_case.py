"""Show a case to an officer: masked, and on record before it is shown. Whoever is to decide on a selfie sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.audit import Act
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.domain.selfie_review import selfie_reasons
from chalicelib.domain.support import DISCLOSURES, Disclosable, is_own, masked_values
from chalicelib.domain.verification import Applicant
from chalicelib.ports import Buckets, Documents
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.find_case import find_case
from chalicelib.use_cases.support.put_on_record import put_on_record


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """``photos``: links by the kind of photo; none for who may not see them, or has seen too many."""

    applicant: Applicant
    photos: Mapping[str, str] = field(default_factory=dict)


def see_case(
    reference: str, officer: Officer, *, casework: Casework, documents: Documents, buckets: Buckets
) -> CaseSeen:
    """A card shows what is masked beside it: so its link is for caseworkers alone, counts as a disclosure, and is there
    only while the selfie waits for a decision."""
    applicant = find_case(reference, applicants=casework.applicants)
    seen = tuple(masked_values(applicant.identity)) if applicant.identity else ()
    if not _may_see_photos(applicant, officer, casework, buckets):
        put_on_record(officer, Act.SEE_CASE, reference, seen, casework=casework)
        return CaseSeen(applicant)
    put_on_record(officer, Act.SEE_CASE, reference, (*seen, Disclosable.PHOTOS.value), casework=casework)
    keys = {kind.value: photo.object_key for kind, photo in applicant.photos.items()}
    return CaseSeen(applicant, {kind: documents.view_url(key) for kind, key in keys.items() if key})


def _may_see_photos(applicant: Applicant, officer: Officer, casework: Casework, buckets: Buckets) -> bool:
    if officer.role is not Role.CASEWORKER or not selfie_reasons(applicant):
        return False
    own = casework.applicants.get(officer.own_account) if officer.own_account else None
    if own and is_own(applicant, own):
        return False
    return buckets.take(f"disclosures/{officer.staff}", DISCLOSURES, now=casework.clock.now()) is not None
