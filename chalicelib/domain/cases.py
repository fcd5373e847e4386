"""What officers leave on a case: their rulings, and the documents they asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.identifiers import StaffId


class DocumentKind(StrEnum):
    """What may be asked for to settle who somebody is."""

    ID_CARD = "id_card"
    FAMILY_CARD = "family_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    REGISTRY_LETTER = "registry_letter"
    """From the civil registry (Dukcapil), e.g. on a duplicate record."""


class DocumentType(StrEnum):
    JPEG = "image/jpeg"
    PDF = "application/pdf"


class DocumentState(StrEnum):
    WANTED = "wanted"
    NOT_READABLE = "not_readable"
    """What came was no such file: still wanted."""
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Document:
    kind: DocumentKind
    state: DocumentState
    at: datetime
    object_key: str | None = None


class RulingKind(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    REOPEN = "reopen"
    CORRECT = "correct"
    REQUEST_DOCUMENTS = "request_documents"
    KEEP_SELFIE = "keep_selfie"
    REFUSE_SELFIE = "refuse_selfie"


class RefusalCode(StrEnum):
    """Why an officer refused, as the applicant is told."""

    NAME_DIFFERS = "review_name_differs"
    NOT_THE_HOLDER = "review_not_the_holder"
    RECORD_UNSETTLED = "review_record_unsettled"
    DOCUMENTS_INSUFFICIENT = "review_documents_insufficient"


@dataclass(frozen=True, slots=True)
class Ruling:
    """``version`` is that of the case which the officer saw."""

    kind: RulingKind
    staff: StaffId
    reason: str
    at: datetime
    version: int
    code: RefusalCode | None = None
    concerns: tuple[str, ...] = ()
    """Names of fields or documents, never values."""

    def repeats(self, other: "Ruling") -> bool:
        """The same officer asks the same thing of the same case again."""
        mine, theirs = ((each.kind, each.staff, each.version, each.code, each.concerns) for each in (self, other))
        return mine == theirs
