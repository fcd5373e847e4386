"""What is asked of an uploaded photo. Thin: it must be a readable picture of a sensible size."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Photo, PhotoKind, PhotoState

SMALLEST_UPLOAD_BYTES = 10 * 1024
LARGEST_UPLOAD_BYTES = 5 * 1024 * 1024
UPLOAD_FORM_LIVES_SECONDS = 300
SHORTEST_EDGE_PIXELS = 320
MOST_PIXELS = 24_000_000


@dataclass(frozen=True, slots=True)
class UploadForm:
    """An HTML form's address and fields for a direct upload (S3 presigned POST); the file goes last."""

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PhotoReading:
    """What was found in an upload. ``clean_key`` names the re-encoded copy; None when it is no picture."""

    applicant_id: ApplicantId
    kind: PhotoKind
    clean_key: str | None
    width: int = 0
    height: int = 0


def judge_photo(reading: PhotoReading) -> Photo:
    if reading.clean_key is None:
        return Photo(PhotoState.REFUSED, "photo_not_readable")
    if min(reading.width, reading.height) < SHORTEST_EDGE_PIXELS:
        return Photo(PhotoState.REFUSED, "photo_too_small")
    return Photo(PhotoState.ACCEPTED, None, reading.clean_key)
