"""Uploads, their clean copies, and the registry that compares faces."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from chalicelib.domain.errors import Fault, RegistryUnavailable, Rejected, StoreUnavailable
from chalicelib.domain.faces import FaceAnswer
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.nik import Nik
from chalicelib.domain.photos import PhotoLook, PhotoReading, UploadForm
from chalicelib.domain.verification import PersonStatus, PhotoKind
from tests.fakes.surroundings import NOON
from tests.fakes.trouble import Fake, Trouble, outside

FINE: dict[str, Any] = {
    "brightness": 140.0,
    "sharpness": 80.0,
    "glare": 0.0,
    "detail": 0.05,
    "faces": (0.4,),
    "fingerprint": "00ff00ff00ff00ff",
}
"""A photo to which nobody has anything to say, as selfie or as card."""


def a_look(size: tuple[int, int] = (640, 480), **seen: Any) -> PhotoLook:
    return PhotoLook(*size, **{**FINE, **seen})


class FakePhotos(Fake):
    """``kept`` are the clean copies. Each upload comes a minute after the one before."""

    name = "photos"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.kept: dict[str, bytes] = {}
        self._uploads: dict[str, tuple[PhotoLook | None, datetime]] = {}

    def receives(self, object_key: str, size: tuple[int, int] | None, **seen: Any) -> None:
        """An upload: a picture of this width and height, or None for what is no picture."""
        moment = NOON + timedelta(minutes=len(self._uploads))
        self._uploads[object_key] = (a_look(size, **seen) if size else None), moment

    @outside
    def upload_form(self, applicant_id: ApplicantId, kind: PhotoKind, upload: str) -> UploadForm:
        return UploadForm("https://uploads.example", {"key": f"uploads/{applicant_id}/{kind}/{upload}"})

    @outside
    def examine(self, object_key: str) -> PhotoReading:
        applicant_id, kind = _owner(object_key)
        if object_key not in self._uploads:
            raise StoreUnavailable("bucket_unavailable")
        look, moment = self._uploads[object_key]
        clean_key = f"{object_key.replace('uploads/', 'photos/', 1)}.{hash(look) & 0xFFFF:04x}.jpg"
        return PhotoReading(applicant_id, kind, clean_key, moment, look, clean_key.encode() if look else b"")

    @outside
    def keep(self, reading: PhotoReading) -> None:
        self.kept[reading.clean_key] = reading.picture

    @outside
    def picture(self, clean_key: str) -> bytes:
        if clean_key not in self.kept:
            raise StoreUnavailable("bucket_unavailable")
        return self.kept[clean_key]


def _owner(object_key: str) -> tuple[ApplicantId, PhotoKind]:
    try:
        folder, applicant_id, kind, upload = object_key.split("/")
        owner = ApplicantId(applicant_id), PhotoKind(kind)
    except ValueError:
        raise Rejected("object_key_unknown") from None
    if folder != "uploads" or not applicant_id or not upload:
        raise Rejected("object_key_unknown")
    return owner


class FakeFaceRegistry(Fake):
    """Gives every face the next of ``scores``, the last of them for ever. ``asked`` is what it was asked."""

    name = "face_registry"
    outage: ClassVar[type[Fault]] = RegistryUnavailable

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.is_out = False
        self.status = PersonStatus.FOUND
        self.scores = [95]
        self.asked: list[tuple[Nik, bytes]] = []

    @outside
    def match_face(self, nik: Nik, selfie: bytes) -> FaceAnswer:
        if self.is_out:
            raise RegistryUnavailable
        self.asked.append((nik, selfie))
        score = self.scores.pop(0) if len(self.scores) > 1 else self.scores[0]
        return FaceAnswer(self.status, score, NOON)
