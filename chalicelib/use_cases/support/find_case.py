"""A case by the reference that somebody read out."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.references import parse_reference
from chalicelib.domain.verification import Applicant
from chalicelib.ports import Applicants


def find_case(reference: str, *, applicants: Applicants) -> Applicant:
    applicant = applicants.by_reference(parse_reference(reference))
    if applicant is None:
        raise NotFound("case_unknown", field="reference")
    return applicant
