"""A form for a document that an officer asked for."""

from chalicelib.domain.cases import DocumentKind, DocumentType
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.photos import UploadForm
from chalicelib.domain.support import wanted_documents
from chalicelib.ports import Applicants, Chance, Documents


def begin_document_upload(
    applicant_id: ApplicantId,
    kind: DocumentKind,
    type: DocumentType,
    *,
    applicants: Applicants,
    documents: Documents,
    chance: Chance,
) -> UploadForm:
    if kind not in wanted_documents(applicants.get(applicant_id)):
        raise Conflict("document_not_wanted", field="kind")
    return documents.upload_form(applicant_id, kind, type, chance.token())
