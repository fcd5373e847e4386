"""Show a case to an officer: masked, and on record before it is shown."""

from chalicelib.domain.audit import Act
from chalicelib.domain.officers import Officer
from chalicelib.domain.support import masked_values
from chalicelib.domain.verification import Applicant
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.find_case import find_case
from chalicelib.use_cases.support.put_on_record import put_on_record


def see_case(reference: str, officer: Officer, *, casework: Casework) -> Applicant:
    applicant = find_case(reference, applicants=casework.applicants)
    seen = tuple(masked_values(applicant.identity)) if applicant.identity else ()
    put_on_record(officer, Act.SEE_CASE, reference, seen, casework=casework)
    return applicant
