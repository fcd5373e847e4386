"""Claim the stated NIK for its applicant, before any ministry is asked about it."""

from chalicelib.domain import verification
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import IdentityState
from chalicelib.ports import Applicants, Clock, WaveLook


def claim_identity(
    applicant_id: ApplicantId, submission: int, *, applicants: Applicants, waves: WaveLook, clock: Clock
) -> None:
    """One transaction. A NIK that is another applicant's leads to people, not to a message that it is taken."""
    applicant = applicants.get(applicant_id)
    if applicant.submission != submission or applicant.state is not IdentityState.SUBMITTED:
        return
    now = clock.now()
    closes_at = waves.next_closing(now=now)
    try:
        applicants.save_claim(verification.claim_identity(applicant, is_free=True, now=now, wave_closes_at=closes_at))
    except AlreadyDone:
        applicants.save(verification.claim_identity(applicant, is_free=False))
