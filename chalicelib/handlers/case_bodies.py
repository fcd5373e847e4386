"""What officers and applicants send to the doors of assisted service."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.domain.cases import DocumentKind, DocumentType, RefusalCode
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.support import Disclosable
from chalicelib.handlers.doors import Body, Line
from chalicelib.handlers.identity_bodies import CorrectedFields

Reason = Annotated[
    Line, Field(min_length=10, max_length=500, description="Some words, nothing personal: it is kept and shown.")
]
Version = Annotated[int, Field(ge=1, le=1_000_000, description="`review_version` of the case as you saw it.")]
_MOST_FIELDS = 12


class WaitingAsked(Body):
    state: Literal["in_review", "selfie_in_review", "documents_wanted"] = "in_review"


class DisclosureAsked(Body):
    fields: list[Disclosable] = Field(min_length=1, max_length=_MOST_FIELDS)
    reason: Reason


class DecisionStated(Body):
    outcome: Literal["accept", "refuse", "reopen"]
    reason: Reason
    review_version: Version
    code: RefusalCode | None = Field(None, description="Why, as the person is told: of a refusal only.")


class SelfieDecisionStated(Body):
    is_own: bool = Field(description="Whether the selfie shows the person whose case it is.")
    reason: Reason
    review_version: Version


class CorrectionStated(Body):
    fields: CorrectedFields
    evidence_key: str = Field(max_length=300, description="`key` of a received document of this case.")
    reason: Reason
    review_version: Version

    def changes(self) -> dict[str, Any]:
        changes = {name: each for name, each in dict(self.fields).items() if each is not None}
        if not changes:
            raise InvalidInput("correction_changes_nothing", field="fields")
        return changes


class DocumentsAsked(Body):
    documents: list[DocumentKind] = Field(min_length=1, max_length=len(DocumentKind))
    reason: Reason
    review_version: Version


class DocumentUpload(Body):
    kind: DocumentKind
    type: DocumentType = DocumentType.JPEG


class SubjectAsked(Body):
    subject: str = Field(max_length=32, description="A case's reference.")
