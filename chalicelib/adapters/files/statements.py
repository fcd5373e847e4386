"""S3: statements as banks send them (``statements/``), and what comparisons found (``runs/``)."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Conflict, StoreUnavailable
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.photos import UploadForm
from chalicelib.domain.reconciliation.movements import Kind
from chalicelib.domain.reconciliation.verdicts import Found, Verdict
from chalicelib.domain.statement_lines import LARGEST_FILE_BYTES
from chalicelib.domain.statements import UPLOAD_FORM_LIVES_SECONDS, StatementUpload
from chalicelib.observability import correlation_id

_PIECE_BYTES = 4 * 1024 * 1024
_LONGEST_NOTE = 64
_GONE = {"NoSuchKey", "404"}


class S3StatementFiles:
    def __init__(self, client: Any, presigner: Any, bucket: str) -> None:
        """``presigner`` knows the address at which the outside reaches the bucket."""
        self._client = client
        self._presigner = presigner
        self._bucket = bucket

    def upload_form(self, object_key: str, uploader: StaffId) -> UploadForm:
        fixed = {
            "Content-Type": "text/csv",
            "x-amz-meta-correlation-id": correlation_id(),
            "x-amz-meta-uploader": uploader,
        }
        conditions: list[Any] = [{name: value} for name, value in fixed.items()]
        form = self._presigner.generate_presigned_post(
            self._bucket,
            object_key,
            Fields=dict(fixed),
            Conditions=[*conditions, ["content-length-range", 1, LARGEST_FILE_BYTES]],
            ExpiresIn=UPLOAD_FORM_LIVES_SECONDS,
        )
        return UploadForm(form["url"], form["fields"])

    def upload(self, object_key: str) -> StatementUpload | None:
        answer = _call(self._client.head_object, Bucket=self._bucket, Key=object_key)
        if answer is None:
            return None
        uploader = answer.get("Metadata", {}).get("uploader", "")[:_LONGEST_NOTE] or "bucket"
        return StatementUpload(object_key, answer["ETag"], answer["ContentLength"], uploader)

    def pieces(self, upload: StatementUpload) -> Iterator[bytes]:
        for start in range(0, upload.size_bytes, _PIECE_BYTES):
            within = f"bytes={start}-{min(start + _PIECE_BYTES, upload.size_bytes) - 1}"
            wanted = {"Bucket": self._bucket, "Key": upload.object_key}
            answer = _call(self._client.get_object, **wanted, Range=within, IfMatch=upload.tag)
            if answer is None:
                raise Conflict("statement_file_replaced")
            yield answer["Body"].read()

    def keep_run(self, name: str, differences: Sequence[Found], carried: Sequence[str]) -> None:
        document = {"carried": list(carried), "differences": [astuple(each) for each in differences]}
        content = gzip.compress(json.dumps(document, separators=(",", ":")).encode(), mtime=0)
        _call(self._client.put_object, Bucket=self._bucket, Key=name, Body=content)

    def differences(self, name: str) -> Sequence[Found]:
        rows = self._run(name)["differences"]
        return [Found(row[0], Kind(row[1]), Verdict(row[2]), *row[3:]) for row in rows]

    def carried(self, name: str) -> Sequence[str]:
        found: list[str] = self._run(name)["carried"]
        return found

    def _run(self, name: str) -> dict[str, Any]:
        answer = _call(self._client.get_object, Bucket=self._bucket, Key=name)
        if answer is None:
            raise StoreUnavailable("bucket_unavailable", name=name)
        document: dict[str, Any] = json.loads(gzip.decompress(answer["Body"].read()))
        return document


def _call(operation: Any, **arguments: Any) -> dict[str, Any] | None:
    """None where there is no such object."""
    try:
        answer: dict[str, Any] = operation(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _GONE:
            return None
        if code in ("PreconditionFailed", "412"):
            raise Conflict("statement_file_replaced") from None
        raise StoreUnavailable("bucket_unavailable") from error
    except BotoCoreError as error:
        raise StoreUnavailable("bucket_unavailable") from error
    return answer
