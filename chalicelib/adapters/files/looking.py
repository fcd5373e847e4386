"""What a machine sees in a picture: light, sharpness, detail, faces, and a fingerprint. OpenCV and numpy are loaded
here, by the one function that looks at photos.

Everything is measured on a small copy, so that a picture of 24 million pixels takes no longer than one of two.
"""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from chalicelib.domain.photos import PhotoLook
from chalicelib.domain.verification import PhotoKind

if TYPE_CHECKING:
    from PIL import Image

_SEEN_EDGE = {PhotoKind.SELFIE: 640, PhotoKind.ID_CARD: 1000}
_SEARCHED_EDGE = 480
"""Enough for a face of a seventh of the picture's width, and a fourth of the work of twice as much."""
_FACE_PIXELS = 64
"""Small enough that the noise of a JPEG is not taken for sharpness."""
_SMALLEST_FACE = {PhotoKind.SELFIE: 0.06, PhotoKind.ID_CARD: 0.4}
"""Of the shorter edge. Smaller ones are patterns more often than people; on a card only one that fills it matters."""
_BYSTANDER = 0.5
"""Of the largest face's width; those smaller pass by in the background."""
_WHITE = 250
_HASH_EDGE, _HASHED_EDGE = 8, 32

_one_at_a_time = Lock()
"""A detector works on one picture at a time, and the laptop has threads where Lambda has functions."""

Pixels = Any
"""numpy's array of grey values, which says nothing of its shape to a reader."""


def look_at(image: "Image.Image", kind: PhotoKind, width: int, height: int) -> PhotoLook:
    grey = _grey(image, _SEEN_EDGE[kind])
    faces = _faces(grey, _SMALLEST_FACE[kind])
    part = _cut(grey, faces[0]) if faces and kind is PhotoKind.SELFIE else grey
    shorter_edge = min(grey.shape)
    return PhotoLook(
        width,
        height,
        brightness=round(float(part.mean()), 1),
        sharpness=round(_sharpness(part), 1),
        glare=round(float((part >= _WHITE).mean()), 3),
        detail=round(_detail(grey), 4),
        faces=tuple(round(face[2] / shorter_edge, 3) for face in faces),
        fingerprint=_fingerprint(grey),
    )


def _grey(image: "Image.Image", longest_edge: int) -> Pixels:
    import numpy

    small = image.convert("L")
    small.thumbnail((longest_edge, longest_edge))
    return numpy.asarray(small)


def _faces(grey: Pixels, smallest: float) -> list[tuple[int, int, int, int]]:
    """(left, top, width, height), the largest first."""
    import cv2

    shrunk = min(1.0, _SEARCHED_EDGE / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
    least = max(24, round(min(small.shape) * smallest))
    with _one_at_a_time:
        found = _detector().detectMultiScale(small, scaleFactor=1.1, minNeighbors=5, minSize=(least, least))
    boxes = sorted(([int(each / shrunk) for each in box] for box in found), key=lambda box: -box[2])
    return [(left, top, width, height) for left, top, width, height in boxes if width >= boxes[0][2] * _BYSTANDER]


@cache
def _detector() -> Any:
    """Viola and Jones' cascade, as OpenCV ships it: no model to download, 10 ms to load, 100 ms a picture."""
    import cv2

    cv2.setNumThreads(1)  # Lambda gives less than one processor; threads would only wait for each other
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_alt2.xml"))


def _cut(grey: Pixels, face: tuple[int, int, int, int]) -> Pixels:
    import cv2

    left, top, width, height = face
    part = grey[top : top + height, left : left + width]
    return cv2.resize(part, (_FACE_PIXELS, _FACE_PIXELS), interpolation=cv2.INTER_AREA)


def _sharpness(part: Pixels) -> float:
    import cv2

    variance = float(part.var())
    # One step of grey is noise: without it an empty picture would be sharp.
    return 1000 * float(cv2.Laplacian(part, cv2.CV_64F).var()) / (variance + 1)


def _detail(grey: Pixels) -> float:
    import cv2

    return float((cv2.Canny(grey, 80, 160) > 0).mean())


def _fingerprint(grey: Pixels) -> str:
    """The signs of the lowest 64 frequencies against their median (pHash): shape and shade, neither size nor light."""
    import cv2
    import numpy

    small = cv2.resize(grey, (_HASHED_EDGE, _HASHED_EDGE), interpolation=cv2.INTER_AREA).astype(numpy.float32)
    low = cv2.dct(small)[:_HASH_EDGE, :_HASH_EDGE].flatten()
    bits = low > numpy.median(low[1:])  # the first is the picture's brightness
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"
