"""Sign the declaration that everything stated is true."""

from chalicelib.domain import verification
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.ports import Applicants, Clock


def sign_declaration(applicant_id: ApplicantId, accepted: bool, *, applicants: Applicants, clock: Clock) -> None:
    if not accepted:
        raise InvalidInput("declaration_not_accepted", field="accepted")
    applicant = applicants.get(applicant_id)
    signed = verification.sign_declaration(applicant, now=clock.now())
    if signed is not applicant:
        applicants.save(signed)
