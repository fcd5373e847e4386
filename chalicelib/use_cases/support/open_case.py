"""Take up a case to rule on it: nobody rules on their own."""

from chalicelib.domain.officers import Officer
from chalicelib.domain.support import check_is_not_own
from chalicelib.domain.verification import Applicant
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.find_case import find_case


def open_case(reference: str, officer: Officer, *, casework: Casework) -> Applicant:
    applicant = find_case(reference, applicants=casework.applicants)
    own = casework.applicants.get(officer.own_account) if officer.own_account else None
    check_is_not_own(applicant, own)
    return applicant
