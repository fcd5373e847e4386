"""S3: uploads arrive under ``uploads/``, are read once, and leave a clean copy under ``photos/``.

The form pins key, type, size and time; the worker does not trust any of it and re-encodes what it can read. The
original stays in quarantine until the bucket's rule deletes it.
"""

from io import BytesIO
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Rejected, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.photos import (
    LARGEST_UPLOAD_BYTES,
    MOST_PIXELS,
    SMALLEST_UPLOAD_BYTES,
    UPLOAD_FORM_LIVES_SECONDS,
    PhotoReading,
    UploadForm,
)
from chalicelib.domain.verification import PhotoKind
from chalicelib.observability import correlation_id

_TYPE = "image/jpeg"
_LONGEST_EDGE = 1600
_JPEG_QUALITY = 85


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
        picture = _reencoded(self._download(object_key))
        if picture is None:
            return PhotoReading(applicant_id, kind, None)
        content, width, height = picture
        clean_key = object_key.replace("uploads/", "photos/", 1) + ".jpg"
        self._call("put_object", Bucket=self._bucket, Key=clean_key, Body=content, ContentType=_TYPE)
        return PhotoReading(applicant_id, kind, clean_key, width, height)

    def _download(self, object_key: str) -> bytes:
        answer = self._call("get_object", Bucket=self._bucket, Key=object_key)
        if not SMALLEST_UPLOAD_BYTES <= answer["ContentLength"] <= LARGEST_UPLOAD_BYTES:
            answer["Body"].close()  # told before it is read: what is too big never comes into memory
            return b""
        content: bytes = answer["Body"].read()
        return content

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return answer


def _owner(object_key: str) -> tuple[ApplicantId, PhotoKind]:
    try:
        _, applicant_id, kind, _ = object_key.split("/")
        return ApplicantId(applicant_id), PhotoKind(kind)
    except ValueError:
        raise Rejected("object_key_unknown") from None


def _reencoded(content: bytes) -> tuple[bytes, int, int] | None:
    """(JPEG without metadata, width, height), or None where no picture can be made of it."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    width, height = picture.size
    picture.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    clean = BytesIO()
    picture.save(clean, "JPEG", quality=_JPEG_QUALITY)
    return clean.getvalue(), width, height
