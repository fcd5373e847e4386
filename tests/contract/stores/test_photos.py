"""What ``Photos`` promises: an upload is read as whose it is, what it is, and how large."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import boto3
import pytest
from PIL import Image

from chalicelib import bootstrap
from chalicelib.domain.errors import Rejected, StoreUnavailable
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
    assert reading.look is not None
    assert (reading.look.width, reading.look.height, reading.kind) == (640, 480, PhotoKind.ID_CARD)
    assert reading.applicant_id == key.split("/")[1]


def test_the_clean_copy_is_named_after_the_upload_however_often_it_is_read(studio: tuple[Photos, Upload]) -> None:
    photos, upload = studio
    key = an_object_key()
    upload(key, (640, 480))
    (clean_key,) = {photos.examine(key).clean_key for _ in range(2)}
    assert clean_key.startswith(key.replace("uploads/", "photos/") + ".")


def test_another_picture_under_the_same_name_has_another_clean_copy(studio: tuple[Photos, Upload]) -> None:
    """A form is good for five minutes, and for as many uploads as somebody likes."""
    photos, upload = studio
    key, clean_keys = an_object_key(), set()
    for size in ((640, 480), (480, 640)):
        upload(key, size)
        clean_keys.add(photos.examine(key).clean_key)
    assert len(clean_keys) == 2


def test_a_clean_copy_comes_back_as_it_was_kept(studio: tuple[Photos, Upload]) -> None:
    photos, upload = studio
    key = an_object_key()
    upload(key, (640, 480))
    reading = photos.examine(key)
    for _ in range(2):
        photos.keep(reading)
    assert photos.picture(reading.clean_key) == reading.picture != b""


def test_a_clean_copy_that_is_not_there_is_asked_for_again_later(studio: tuple[Photos, Upload]) -> None:
    photos, _ = studio
    with pytest.raises(StoreUnavailable):
        photos.picture(f"photos/{an_applicant_id(fresh())}/selfie/1.jpg")


def test_a_later_upload_is_known_as_the_later_one(studio: tuple[Photos, Upload]) -> None:
    photos, upload = studio
    moments = []
    for key in (an_object_key(), an_object_key()):
        upload(key, (640, 480))
        moments.append(photos.examine(key).uploaded_at)
    assert moments == sorted(moments)
    assert all(moment.tzinfo for moment in moments)


def test_what_is_no_picture_has_no_clean_copy(studio: tuple[Photos, Upload]) -> None:
    photos, upload = studio
    key = an_object_key()
    upload(key, None)
    reading = photos.examine(key)
    assert (reading.look, reading.picture) == (None, b"")


@pytest.mark.parametrize(
    "key",
    [
        "uploads/nobody/selfie",
        "uploads/nobody/passport/1",
        "x",
        "photos/nobody/selfie/1",
        "uploads//selfie/1",
        "uploads/nobody/selfie/",
        "uploads/nobody/selfie/1/2",
        "../uploads/nobody/selfie/1",
    ],
)
def test_a_key_that_names_nobody_is_refused(studio: tuple[Photos, Upload], key: str) -> None:
    photos, _ = studio
    with pytest.raises(Rejected):
        photos.examine(key)


def test_the_form_is_for_this_upload_of_this_person(studio: tuple[Photos, Upload]) -> None:
    photos, _ = studio
    person = an_applicant_id(fresh())
    form = photos.upload_form(person, PhotoKind.SELFIE, "one")
    assert form.fields["key"] == f"uploads/{person}/selfie/one"


def test_a_form_takes_one_upload_of_this_name_type_and_size_within_five_minutes(deployed: object) -> None:
    """Moto enforces nothing of it; S3 enforces what the signed policy says."""
    assert deployed
    form = bootstrap.photos().upload_form(an_applicant_id(), PhotoKind.SELFIE, "one")
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    conditions = [each for each in policy["conditions"] if isinstance(each, list)]
    exact = {name: value for each in policy["conditions"] if isinstance(each, dict) for name, value in each.items()}
    assert conditions == [["content-length-range", 10_240, 5_242_880]]
    assert exact["key"] == f"uploads/{an_applicant_id()}/selfie/one"
    assert (exact["Content-Type"], exact["bucket"]) == ("image/jpeg", resource_name("files"))
    lives = datetime.fromisoformat(policy["expiration"]) - datetime.now(UTC)
    assert timedelta(seconds=290) < lives <= timedelta(seconds=300)
