"""Take an identity as the applicant states it; everything else follows by itself."""

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.identity_fields import check_identity_fields
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import Identity, submit_identity
from chalicelib.ports import Applicants, Clock


def state_identity(applicant_id: ApplicantId, identity: Identity, *, applicants: Applicants, clock: Clock) -> None:
    """Stored as submitted, or ``InvalidInput`` naming the field. Says the same whether or not the NIK is known."""
    check_identity_fields(identity, today=wib_date(clock.now()))
    applicants.save(submit_identity(applicants.get(applicant_id), identity))
