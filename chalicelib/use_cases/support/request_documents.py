"""Ask the person for documents; the case waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain import support
from chalicelib.domain.audit import Act
from chalicelib.domain.cases import DocumentKind, Ruling, RulingKind
from chalicelib.domain.officers import Officer
from chalicelib.domain.support import check_reason, check_version, is_repeated
from chalicelib.domain.verification import Applicant
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.open_case import open_case
from chalicelib.use_cases.support.put_on_record import put_on_record


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    kinds: Sequence[DocumentKind]
    reason: str
    version: int


def request_documents(reference: str, request: DocumentRequest, officer: Officer, *, casework: Casework) -> Applicant:
    applicant, now = open_case(reference, officer, casework=casework), casework.clock.now()
    concerns = tuple(sorted({kind.value for kind in request.kinds}))
    kind, version = RulingKind.REQUEST_DOCUMENTS, request.version
    ruling = Ruling(kind, officer.staff, request.reason, now, version, concerns=concerns)
    if is_repeated(applicant, ruling):
        return applicant
    check_reason(request.reason, applicant.identity)
    check_version(applicant, ruling)
    waiting = support.request_documents(applicant, request.kinds, ruling)
    put_on_record(officer, Act.REQUEST_DOCUMENTS, reference, concerns, request.reason, casework=casework)
    casework.applicants.save(waiting)
    return replace(waiting, version=waiting.version + 1)
