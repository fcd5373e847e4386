"""S3: uploads arrive under ``uploads/``, are read once, and leave a clean copy under ``photos/``.

The form pins key, type, size and time; the worker trusts none of it, and draws anew what it can read. The original
stays in quarantine until the bucket's rule deletes it; only a photo that will do has a clean copy.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from chalicelib.adapters.files.looking import look_at
from chalicelib.adapters.files.pictures import clean_picture
from chalicelib.domain.errors import Rejected, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.photos import (
    LARGEST_UPLOAD_BYTES,
    SMALLEST_UPLOAD_BYTES,
    UPLOAD_FORM_LIVES_SECONDS,
    PhotoReading,
    UploadForm,
)
from chalicelib.domain.verification import PhotoKind
from chalicelib.observability import correlation_id

_TYPE = "image/jpeg"
_LONGEST_EDGE = {PhotoKind.SELFIE: 1024, PhotoKind.ID_CARD: 1600}
"""A card has print on it; a selfie travels on to the population registry, over a line that many share."""


class S3Photos:
    def __init__(self, client: Any, presigner: Any, bucket: str) -> None:
        """``presigner`` knows the address at which the outside reaches the bucket."""
        self._client = client
        self._presigner = presigner
        self._bucket = bucket

    def upload_form(self, applicant_id: ApplicantId, kind: PhotoKind, upload: str) -> UploadForm:
        fixed = {"Content-Type": _TYPE, "x-amz-meta-correlation-id": correlation_id()}
        conditions = [{name: value} for name, value in fixed.items()]
        form = self._presigner.generate_presigned_post(
            self._bucket,
            f"uploads/{applicant_id}/{kind}/{upload}",
            Fields=dict(fixed),
            Conditions=[*conditions, ["content-length-range", SMALLEST_UPLOAD_BYTES, LARGEST_UPLOAD_BYTES]],
            ExpiresIn=UPLOAD_FORM_LIVES_SECONDS,
        )
        return UploadForm(form["url"], form["fields"])

    def examine(self, object_key: str) -> PhotoReading:
        applicant_id, kind = _owner(object_key)
        content, uploaded_at = self._download(object_key)
        # Named after what is in it as well: a form may be used twice, for two pictures.
        digest = sha256(content).hexdigest()[:16]
        clean_key = f"{object_key.replace('uploads/', 'photos/', 1)}.{digest}.jpg"
        clean = clean_picture(content, longest_edge=_LONGEST_EDGE[kind])
        if clean is None:
            return PhotoReading(applicant_id, kind, clean_key, uploaded_at)
        look = look_at(clean.image, kind, clean.width, clean.height)
        return PhotoReading(applicant_id, kind, clean_key, uploaded_at, look, clean.content)

    def keep(self, reading: PhotoReading) -> None:
        self._call("put_object", Bucket=self._bucket, Key=reading.clean_key, Body=reading.picture, ContentType=_TYPE)

    def picture(self, clean_key: str) -> bytes:
        content: bytes = self._call("get_object", Bucket=self._bucket, Key=clean_key)["Body"].read()
        return content

    def _download(self, object_key: str) -> tuple[bytes, datetime]:
        answer = self._call("get_object", Bucket=self._bucket, Key=object_key)
        if not SMALLEST_UPLOAD_BYTES <= answer["ContentLength"] <= LARGEST_UPLOAD_BYTES:
            answer["Body"].close()  # told before it is read: what is too big never comes into memory
            return b"", answer["LastModified"]
        try:
            return answer["Body"].read(), answer["LastModified"]
        except (BotoCoreError, HTTPClientError) as error:  # the line broke while it was read
            raise StoreUnavailable("bucket_unavailable") from error

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return answer


def _owner(object_key: str) -> tuple[ApplicantId, PhotoKind]:
    try:
        folder, applicant_id, kind, upload = object_key.split("/")
        owner = ApplicantId(applicant_id), PhotoKind(kind)
    except ValueError:
        raise Rejected("object_key_unknown") from None
    if folder != "uploads" or not applicant_id or not upload:
        raise Rejected("object_key_unknown")
    return owner
