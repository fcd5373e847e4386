"""What is asked of a document that a person hands in."""

from dataclasses import dataclass

from chalicelib.domain.cases import DocumentKind, DocumentType
from chalicelib.domain.identifiers import ApplicantId

SMALLEST_DOCUMENT_BYTES = 1024
LARGEST_DOCUMENT_BYTES = 5 * 1024 * 1024
VIEW_LIVES_SECONDS = 300
BEGINNINGS = {DocumentType.JPEG: b"\xff\xd8\xff", DocumentType.PDF: b"%PDF-"}


@dataclass(frozen=True, slots=True)
class DocumentReading:
    applicant_id: ApplicantId
    kind: DocumentKind
    is_readable: bool


def is_readable(beginning: bytes, size: int) -> bool:
    """A look at the first bytes: whether it is what was asked for is for the officer to see."""
    is_of_size = SMALLEST_DOCUMENT_BYTES <= size <= LARGEST_DOCUMENT_BYTES
    return is_of_size and any(beginning.startswith(each) for each in BEGINNINGS.values())
