"""What is asked of an uploaded photo, and what its owner is told when it will not do.

In 2020 thousands lost their place because nobody told them in time that a selfie could not be used. So the limits are
lenient: a photo is refused only where a person could not use it either, and always with words on how to take a better.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.face_match import FaceState
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Applicant, Photo, PhotoKind, PhotoState

SMALLEST_UPLOAD_BYTES = 10 * 1024
LARGEST_UPLOAD_BYTES = 5 * 1024 * 1024
UPLOAD_FORM_LIVES_SECONDS = 300
MOST_PIXELS = 24_000_000
"""More than any phone's ordinary picture; what claims more is a flood."""
SHORTEST_EDGE_PIXELS = 320
"""The worst front camera still sold takes 480 by 640."""

DARKEST, BRIGHTEST = 40.0, 225.0
"""Mean of grey (0-255). The detector of faces finds one down to 30, a person hardly."""
MOST_GLARE = 0.35
"""Share of pixels that are white and nothing else. A white wall behind somebody is not counted, only the face is."""
MOST_WHITE = 0.6
"""The same where no face was found, or of a card: so much light that nothing else is left."""
LEAST_SHARPNESS = 18.0
"""Variance of the Laplacian per variance of grey, in thousandths, of a face drawn 64 pixels wide: so neither light nor
the camera's resolution changes it. A sharp face has 200 and more, one blurred by a fiftieth of its width (a Gaussian's
radius) 25, by a thirtieth 15: then eyes and mouth run together."""
LEAST_CARD_SHARPNESS = 10.0
"""The same of a card that is 1,000 pixels wide. Print needs more than a face."""
LEAST_CARD_DETAIL = 0.02
"""Share of pixels that lie on an edge. A wall has none, a card with its lines of print has 0.05 and more."""
LEAST_FACE_WIDTH = 0.15
"""Of the picture's shorter edge: somebody at the far end of a room."""
LARGEST_CARD_FACE = 0.5
"""The portrait on a card takes a fourth of the card's height; one so large is the person, not the card."""


@dataclass(frozen=True, slots=True)
class UploadForm:
    """An HTML form's address and fields for a direct upload (S3 presigned POST); the file goes last."""

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PhotoLook:
    """What a machine sees in a picture, or in the face of a selfie. ``faces`` are widths as shares of the picture's
    shorter edge, the largest first."""

    width: int
    height: int
    brightness: float
    sharpness: float
    glare: float
    detail: float
    faces: tuple[float, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PhotoReading:
    """What was found in an upload. No ``look``, and no picture, where it is none."""

    applicant_id: ApplicantId
    kind: PhotoKind
    clean_key: str
    uploaded_at: datetime
    look: PhotoLook | None = None
    picture: bytes = field(default=b"", repr=False)
    """Made anew from the upload's pixels, and nothing else of it."""


Rule = Callable[[PhotoLook], bool]

_ANY: Mapping[str, Rule] = {
    "photo_too_small": lambda look: min(look.width, look.height) < SHORTEST_EDGE_PIXELS,
    "photo_too_dark": lambda look: look.brightness < DARKEST,
    "photo_too_bright": lambda look: look.brightness > BRIGHTEST or look.glare > MOST_WHITE,
}
_OF_A_SELFIE: Mapping[str, Rule] = {
    "photo_no_face": lambda look: not look.faces,
    "photo_several_faces": lambda look: len(look.faces) > 1,
    "photo_face_too_small": lambda look: look.faces[0] < LEAST_FACE_WIDTH,
    "photo_glare": lambda look: look.glare > MOST_GLARE,
    "photo_blurred": lambda look: look.sharpness < LEAST_SHARPNESS,
}
_OF_A_CARD: Mapping[str, Rule] = {
    "photo_not_a_card": lambda look: bool(look.faces) and look.faces[0] > LARGEST_CARD_FACE,
    "photo_glare": lambda look: look.glare > MOST_GLARE,
    "photo_blurred": lambda look: look.sharpness < LEAST_CARD_SHARPNESS,
    "photo_card_not_seen": lambda look: look.detail < LEAST_CARD_DETAIL,
}
RULES: Mapping[PhotoKind, Mapping[str, Rule]] = {
    PhotoKind.SELFIE: {**_ANY, **_OF_A_SELFIE},
    PhotoKind.ID_CARD: {**_ANY, **_OF_A_CARD},
}
"""Why a photo is refused: the first that holds is told, and the first is what to mend first."""


def judge_photo(reading: PhotoReading) -> Photo:
    reason = _refusal(reading)
    if reason or reading.look is None:
        return Photo(PhotoState.REFUSED, reason, uploaded_at=reading.uploaded_at)
    fingerprint = reading.look.fingerprint if reading.kind is PhotoKind.SELFIE else None
    return Photo(PhotoState.ACCEPTED, None, reading.clean_key, reading.uploaded_at, fingerprint)


def _refusal(reading: PhotoReading) -> str | None:
    look = reading.look
    if look is None:
        return "photo_not_readable"
    return next((reason for reason, holds in RULES[reading.kind].items() if holds(look)), None)


def is_news(applicant: Applicant, kind: PhotoKind, photo: Photo) -> bool:
    """Whether ``photo`` takes the place of what is known, in whatever order notices come: a good one before a bad one,
    then the later upload. A selfie that was recognised stays, and one that a person refused does not return."""
    known = applicant.photo(kind)
    if known.looked_at and known.state is PhotoState.REFUSED and not _is_later(photo, known):
        return False
    if kind is PhotoKind.SELFIE and applicant.face.state is FaceState.PASSED:
        return False
    return _rank(photo) > _rank(known)


def _is_later(photo: Photo, known: Photo) -> bool:
    return photo.object_key != known.object_key and _rank(photo)[1] >= _rank(known)[1]


def _rank(photo: Photo) -> tuple[bool, float, str]:
    moment = photo.uploaded_at.timestamp() if photo.uploaded_at else 0.0
    return photo.state is PhotoState.ACCEPTED, moment, photo.object_key or ""
