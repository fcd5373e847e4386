"""What ``Photos`` promises: an upload is read as whose it is, what it is, and how large."""

from collections.abc import Callable
from io import BytesIO

import boto3
import pytest
from PIL import Image

from chalicelib import bootstrap
from chalicelib.domain.errors import Rejected
from chalicelib.domain.photos import SMALLEST_UPLOAD_BYTES
from chalicelib.domain.verification import PhotoKind
from chalicelib.ports import Photos
from chalicelib.settings import resource_name
from tests.builders import an_applicant_id
from tests.contract.stores.fresh import fresh
from tests.fakes import FakePhotos

Upload = Callable[[str, tuple[int, int] | None], None]


def bytes_of(size: tuple[int, int] | None) -> bytes:
    """A picture, or None for something else of a lawful size."""
    if size is None:
        return b"This is no picture. " * SMALLEST_UPLOAD_BYTES
    content = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(content, "JPEG", quality=95)
    return content.getvalue()


def _upload(object_key: str, size: tuple[int, int] | None) -> None:
    boto3.client("s3").put_object(Bucket=resource_name("files"), Key=object_key, Body=bytes_of(size))


@pytest.fixture(params=["fake", "moto"])
def studio(request: pytest.FixtureRequest) -> tuple[Photos, Upload]:
    """Photos, and a way to upload one."""
    if request.param == "fake":
        fake = FakePhotos()
        return fake, fake.receives
    request.getfixturevalue("deployed")
    return bootstrap.photos(), _upload


def an_object_key(kind: PhotoKind = PhotoKind.SELFIE) -> str:
    number = fresh()
    return f"uploads/{an_applicant_id(number)}/{kind}/upload-{number}"


def test_a_picture_is_read_with_its_size_and_owner(studio: tuple[Photos, Upload]) -> None:
    photos, upload = studio
    key = an_object_key(PhotoKind.ID_CARD)
    upload(key, (640, 480))
    reading = photos.examine(key)
    assert (reading.width, reading.height, reading.kind) == (640, 480, PhotoKind.ID_CARD)
    assert reading.applicant_id == key.split("/")[1]


def test_the_clean_copy_is_named_after_the_upload_however_often_it_is_read(studio: tuple[Photos, Upload]) -> None:
    photos, upload = studio
    key = an_object_key()
    upload(key, (640, 480))
    readings = {photos.examine(key).clean_key for _ in range(2)}
    assert readings == {key.replace("uploads/", "photos/") + ".jpg"}


def test_what_is_no_picture_has_no_clean_copy(studio: tuple[Photos, Upload]) -> None:
    photos, upload = studio
    key = an_object_key()
    upload(key, None)
    assert photos.examine(key).clean_key is None


@pytest.mark.parametrize("key", ["uploads/nobody/selfie", "uploads/nobody/passport/1", "x"])
def test_a_key_that_names_nobody_is_refused(studio: tuple[Photos, Upload], key: str) -> None:
    photos, _ = studio
    with pytest.raises(Rejected):
        photos.examine(key)


def test_the_form_is_for_this_upload_of_this_person(studio: tuple[Photos, Upload]) -> None:
    photos, _ = studio
    person = an_applicant_id(fresh())
    form = photos.upload_form(person, PhotoKind.SELFIE, "one")
    assert form.fields["key"] == f"uploads/{person}/selfie/one"
