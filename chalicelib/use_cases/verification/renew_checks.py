"""Have the registers of education and aid asked again, at the person's own wish."""

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.renewals import ask_again
from chalicelib.ports import Applicants, Clock


def renew_checks(applicant_id: ApplicantId, *, applicants: Applicants, clock: Clock) -> None:
    """``Conflict`` while what they said last is still valid. The table's stream does the rest."""
    applicants.save(ask_again(applicants.get(applicant_id), now=clock.now()))
