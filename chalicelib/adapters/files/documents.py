"""S3: documents that officers asked for, under ``documents/``. Looked at, never opened here; officers get a link."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.cases import DocumentKind, DocumentType
from chalicelib.domain.documents import (
    LARGEST_DOCUMENT_BYTES,
    SMALLEST_DOCUMENT_BYTES,
    VIEW_LIVES_SECONDS,
    DocumentReading,
    is_readable,
)
from chalicelib.domain.errors import Rejected, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.photos import UPLOAD_FORM_LIVES_SECONDS, UploadForm
from chalicelib.observability import correlation_id

_LOOKED_AT_BYTES = 16


class S3Documents:
    def __init__(self, client: Any, presigner: Any, bucket: str) -> None:
        """``presigner`` knows the address at which the outside reaches the bucket."""
        self._client = client
        self._presigner = presigner
        self._bucket = bucket

    def upload_form(self, applicant_id: ApplicantId, kind: DocumentKind, type: DocumentType, upload: str) -> UploadForm:
        fixed = {"Content-Type": type.value, "x-amz-meta-correlation-id": correlation_id()}
        conditions = [{name: value} for name, value in fixed.items()]
        form = self._presigner.generate_presigned_post(
            self._bucket,
            f"documents/{applicant_id}/{kind}/{upload}",
            Fields=dict(fixed),
            Conditions=[*conditions, ["content-length-range", SMALLEST_DOCUMENT_BYTES, LARGEST_DOCUMENT_BYTES]],
            ExpiresIn=UPLOAD_FORM_LIVES_SECONDS,
        )
        return UploadForm(form["url"], form["fields"])

    def examine(self, object_key: str) -> DocumentReading:
        applicant_id, kind = _owner(object_key)
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=object_key)
            beginning = answer["Body"].read(_LOOKED_AT_BYTES)
            answer["Body"].close()
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return DocumentReading(applicant_id, kind, is_readable(beginning, answer["ContentLength"]))

    def view_url(self, object_key: str) -> str:
        """To be saved, not shown: what a stranger uploaded does not run in an officer's browser."""
        wanted = {"Bucket": self._bucket, "Key": object_key, "ResponseContentDisposition": "attachment"}
        url: str = self._presigner.generate_presigned_url("get_object", Params=wanted, ExpiresIn=VIEW_LIVES_SECONDS)
        return url


def _owner(object_key: str) -> tuple[ApplicantId, DocumentKind]:
    try:
        folder, applicant_id, kind, _ = object_key.split("/")
        if folder != "documents":
            raise ValueError
        return ApplicantId(applicant_id), DocumentKind(kind)
    except ValueError:
        raise Rejected("document_key_unknown") from None
