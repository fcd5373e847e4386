"""Claim the stated NIK for its applicant, before any ministry is asked about it."""

from chalicelib.domain import verification
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import IdentityState
from chalicelib.ports import Applicants


def claim_identity(applicant_id: ApplicantId, submission: int, *, applicants: Applicants) -> None:
    """One transaction. A NIK that is another applicant's leads to people, not to a message that it is taken."""
    applicant = applicants.get(applicant_id)
    if applicant.submission != submission or applicant.state is not IdentityState.SUBMITTED:
        return
    try:
        applicants.save_claim(verification.claim_identity(applicant, is_free=True))
    except AlreadyDone:
        applicants.save(verification.claim_identity(applicant, is_free=False))
