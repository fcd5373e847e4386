"""Note a document that was handed in; with the last one the case comes back before people."""

from chalicelib.domain import support
from chalicelib.domain.cases import Document, DocumentState
from chalicelib.domain.support import wanted_documents
from chalicelib.ports import Applicants, Clock, Documents


def receive_document(object_key: str, *, documents: Documents, applicants: Applicants, clock: Clock) -> None:
    """One that nobody waits for, or not any more, changes nothing."""
    reading = documents.examine(object_key)
    applicant = applicants.get(reading.applicant_id)
    if reading.kind not in wanted_documents(applicant):
        return
    if reading.is_readable:
        applicants.save(support.receive_document(applicant, reading.kind, object_key, now=clock.now()))
    elif not any(_is_noted(each, reading.kind) for each in applicant.documents):
        applicants.save(support.refuse_document(applicant, reading.kind, now=clock.now()))


def _is_noted(document: Document, kind: str) -> bool:
    return document.kind == kind and document.state is DocumentState.NOT_READABLE
