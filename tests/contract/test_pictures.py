"""What is made of an upload: a clean picture, or nothing, and neither time nor memory is lost over it."""

import subprocess
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chalicelib.adapters.files.photos import S3Photos
from chalicelib.adapters.files.pictures import CleanPicture, clean_picture
from tests.contract.hostile import FACE, HOSTILE, PADDING, face, saved, with_everything

FORMS = ("JPEG", "PNG", "WEBP")
MOST_SECONDS = 2.0
MOST_MEGABYTES = 60


def cleaned(content: bytes) -> CleanPicture:
    clean = clean_picture(content, longest_edge=1024)
    assert clean is not None
    return clean


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_camera_took_is_refused_cheaply(name: str) -> None:
    content = HOSTILE[name]()
    begun, before = time.process_time(), _peak_megabytes(anew=True)
    assert clean_picture(content, longest_edge=1024) is None
    assert time.process_time() - begun < MOST_SECONDS
    assert _peak_megabytes() - before < MOST_MEGABYTES


def _peak_megabytes(*, anew: bool = False) -> int:
    """The most memory that this process held, ever or since it was last asked ``anew``."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


@pytest.mark.parametrize("kind", FORMS)
def test_what_is_in_a_file_counts_and_not_what_it_is_called(kind: str) -> None:
    clean = cleaned(saved(face(), kind))
    with Image.open(BytesIO(clean.content)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (360, 420))


@pytest.mark.parametrize(
    "picture",
    [
        face().convert("L"),
        face().convert("P"),
        face().convert("RGBA"),
        face().convert("LA"),
        face().convert("P", palette=Image.Palette.ADAPTIVE),
    ],
    ids=lambda picture: picture.mode,
)
def test_screens_and_old_cameras_are_understood(picture: Image.Image) -> None:
    assert cleaned(saved(picture, "PNG")).image.mode == "RGB"


def test_what_is_transparent_is_white_and_hides_nothing() -> None:
    hidden = Image.new("RGBA", (400, 400), (255, 0, 0, 0))
    assert cleaned(saved(hidden, "PNG")).image.getpixel((200, 200)) == (255, 255, 255)


def test_a_phone_s_second_picture_is_left_behind() -> None:
    """MPO: a JPEG with a depth map or a second lens behind it."""
    content = BytesIO()
    face().save(content, "MPO", save_all=True, append_images=[Image.new("RGB", (360, 420))])
    clean = cleaned(content.getvalue())
    assert clean.content.count(b"\xff\xd8\xff") == 1


def test_where_a_photo_was_taken_is_gone_with_all_that_is_no_pixel() -> None:
    original = with_everything()
    assert b"rahasia" in original
    assert Image.open(BytesIO(original)).getexif().get_ifd(0x8825)
    clean = cleaned(original).content
    for left in (b"Exif", b"GPS", b"rahasia", b"Pembuat", b"ICC", b"profil", b"http", b"Photoshop", b"\xff\xfe"):
        assert left not in clean, left
    with Image.open(BytesIO(clean)) as opened:
        assert (dict(opened.getexif()), set(opened.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}) == (
            {},
            set(),
        )


def test_a_picture_is_upright_before_it_forgets_which_way_up_it_was() -> None:
    clean = cleaned(with_everything())
    assert (clean.width, clean.height, clean.image.size) == (360, 420, (360, 420))
    assert distance(clean.image, face()) < 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_phone_is_known(orientation: int) -> None:
    turned = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    held = face() if turned is None else face().transpose(turned)
    assert distance(cleaned(saved(held, exif=exif.tobytes(), quality=95)).image, face()) < 8


@pytest.mark.filterwarnings("ignore:Corrupt EXIF|Possibly corrupt")
@pytest.mark.parametrize("exif", [b"broken", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"])
def test_nobody_is_refused_for_an_exif_that_cannot_be_read(exif: bytes) -> None:
    assert cleaned(saved(face(), exif=b"Exif\0\0" + exif)).width == 360


def test_what_a_phone_hangs_on_behind_stays_behind() -> None:
    """A film of the moment, say. No byte of it is in the clean copy."""
    clean = cleaned(FACE + b"MotionPhoto_Data" + b"ftypmp42" + PADDING).content
    assert b"MotionPhoto" not in clean
    assert clean.endswith(b"\xff\xd9")


def test_a_large_picture_is_kept_smaller() -> None:
    large = cleaned(saved(face().resize((3600, 4200))))
    assert (large.width, large.height, max(large.image.size)) == (3600, 4200, 1024)


def distance(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of grey; a JPEG saved twice differs by one or two."""
    pairs = zip(one.convert("L").tobytes(), other.convert("L").tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (one.width * one.height)


WORST = """
import sys
from io import BytesIO
from PIL import Image
from chalicelib.adapters.files import looking, pictures
from chalicelib.domain.verification import PhotoKind
content = open(sys.argv[1], "rb").read()
clean = pictures.clean_picture(content, longest_edge=1600)
look = looking.look_at(clean.image, PhotoKind.ID_CARD, clean.width, clean.height)
(peak,) = (each for each in open("/proc/self/status") if each.startswith("VmHWM"))
print(look.width, look.height, int(peak.split()[1]) // 1024)
"""


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGBA")])
def test_the_largest_picture_fits_into_the_function(tmp_path: Any, kind: str, mode: str) -> None:
    """24 million pixels, in the function's 1,024 MB with all that the function has loaded beside it."""
    path = tmp_path / "largest"
    options: dict[str, Any] = {"progressive": True, "subsampling": 0} if kind == "JPEG" else {}
    options |= {"method": 0, "quality": 50} if kind == "WEBP" else {}
    face().convert(mode).resize((6000, 4000)).save(path, kind, **options)
    told = subprocess.run([sys.executable, "-c", WORST, str(path)], capture_output=True, text=True, check=True)
    width, height, megabytes = map(int, told.stdout.split())
    assert (width, height) == (6000, 4000)
    assert megabytes < 500


class _Unread:
    def read(self) -> bytes:
        raise AssertionError("it was read")

    def close(self) -> None:
        pass


class _Bucket:
    """Tells the length of what it has, as S3 does before a byte of it is sent."""

    def __init__(self, length: int) -> None:
        self._length = length

    def get_object(self, **_: str) -> dict[str, Any]:
        return {"ContentLength": self._length, "Body": _Unread(), "LastModified": datetime(2026, 3, 2, tzinfo=UTC)}


@pytest.mark.parametrize("length", [0, 10 * 1024 - 1, 5 * 1024 * 1024 + 1, 100 * 1024 * 1024])
def test_a_body_of_an_unlawful_length_is_not_read(length: int) -> None:
    reading = S3Photos(_Bucket(length), None, "files").examine("uploads/0.a/selfie/1")
    assert (reading.look, reading.picture) == (None, b"")
