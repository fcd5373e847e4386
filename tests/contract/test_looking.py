"""What a machine sees in photos good and bad, and what their owners are told of it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFilter

from chalicelib.adapters.files.looking import look_at
from chalicelib.adapters.files.pictures import clean_picture
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.lookalikes import MOST_BITS_APART, bits_apart
from chalicelib.domain.photos import PhotoLook, PhotoReading, judge_photo
from chalicelib.domain.verification import PhotoKind
from infra.local import portraits
from tests.contract.hostile import face, saved

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
SELFIE, CARD = PhotoKind.SELFIE, PhotoKind.ID_CARD
PEOPLE = range(12)


def seen(image: Image.Image, kind: PhotoKind = SELFIE) -> PhotoLook:
    clean = clean_picture(saved(image), longest_edge=1024 if kind is SELFIE else 1600)
    assert clean is not None
    return look_at(clean.image, kind, clean.width, clean.height)


def told(image: Image.Image, kind: PhotoKind = SELFIE) -> str | None:
    return judge_photo(PhotoReading(ApplicantId("0.a"), kind, "photos/1.jpg", NOON, seen(image, kind))).reason


def lit(times: float) -> Image.Image:
    return face().point(lambda value: min(255, int(value * times)))


def blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))


def beside_each_other() -> Image.Image:
    both = Image.new("RGB", (720, 420))
    for left in (0, 360):
        both.paste(face(), (left, 0))
    return both


def from_afar() -> Image.Image:
    room = Image.new("RGB", (1200, 1200), (120, 130, 110))
    room.paste(face(), (400, 500))
    return room


def under_a_lamp() -> Image.Image:
    shining = face()
    ImageDraw.Draw(shining).rectangle((125, 100, 225, 165), fill="white")
    return shining


def card() -> Image.Image:
    return Image.open(BytesIO(portraits.id_card("3174015203950001"))).convert("RGB")


def card_under_a_lamp() -> Image.Image:
    shining = card()
    ImageDraw.Draw(shining).rectangle((0, 100, 640, 280), fill="white")
    return shining


def wall() -> Image.Image:
    return Image.effect_noise((640, 480), 6).convert("RGB")


def on_a_table() -> Image.Image:
    table = Image.new("RGB", (1000, 750), (110, 84, 60))
    table.paste(card(), (180, 170))
    return table


SELFIES: Mapping[str, tuple[Callable[[], Image.Image], str | None]] = {
    "good": (face, None),
    "large": (lambda: face().resize((1800, 2100)), None),
    "a little dark": (lambda: lit(0.5), None),
    "a little bright": (lambda: lit(1.3), None),
    "a little soft": (lambda: blurred(face(), 1), None),
    "from afar": (from_afar, "photo_face_too_small"),
    "dark": (lambda: lit(0.2), "photo_too_dark"),
    "bright": (lambda: lit(6), "photo_too_bright"),
    "blurred": (lambda: blurred(face(), 4), "photo_blurred"),
    "of two": (beside_each_other, "photo_several_faces"),
    "of a wall": (wall, "photo_no_face"),
    "small": (lambda: face().resize((310, 360)), "photo_too_small"),
}
CARDS: Mapping[str, tuple[Callable[[], Image.Image], str | None]] = {
    "good": (card, None),
    "a little soft": (lambda: blurred(card(), 0.7), None),
    "on a table": (on_a_table, None),
    "of the person": (lambda: face().crop((90, 30, 260, 200)).resize((680, 680)), "photo_not_a_card"),
    "of a wall": (wall, "photo_card_not_seen"),
    "blurred": (lambda: blurred(card(), 2.5), "photo_blurred"),
    "under a lamp": (card_under_a_lamp, "photo_glare"),
    "dark": (lambda: card().point(lambda value: value // 6), "photo_too_dark"),
}


@pytest.mark.parametrize("name", SELFIES)
def test_a_selfie_is_told_what_it_lacks(name: str) -> None:
    picture, reason = SELFIES[name]
    assert told(picture()) == reason, seen(picture())


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_told_what_it_lacks(name: str) -> None:
    picture, reason = CARDS[name]
    assert told(picture(), CARD) == reason, seen(picture(), CARD)


@pytest.mark.parametrize("number", PEOPLE)
def test_people_drawn_for_the_laptop_are_accepted(number: int) -> None:
    for kind, drawn in ((SELFIE, portraits.selfie), (CARD, portraits.id_card)):
        image = Image.open(BytesIO(drawn(f"{number:016d}"))).convert("RGB")
        assert told(image, kind) is None, seen(image, kind)


def test_the_mark_of_a_drawn_person_outlives_the_cleaning() -> None:
    for number in PEOPLE:
        nik = f"{number:016d}"
        clean = clean_picture(portraits.selfie(nik), longest_edge=1024)
        assert clean is not None
        assert portraits.mark_in(clean.content) == portraits.mark_of(nik)
    assert portraits.mark_in(saved(face())) is None


def test_many_pictures_are_looked_at_at_once() -> None:
    """The laptop's workers are threads; OpenCV's detector is good for one."""
    with ThreadPoolExecutor(8) as pool:
        looks = list(pool.map(lambda _: seen(face()), range(24)))
    assert set(looks) == {seen(face())}


# --- Fingerprints -----------------------------------------------------------------------------------------------------

COPIES: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "saved again": lambda image: Image.open(BytesIO(saved(image, quality=40))).convert("RGB"),
    "smaller": lambda image: image.resize((image.width * 9 // 10, image.height * 9 // 10)),
    "larger": lambda image: image.resize((image.width * 2, image.height * 2)),
    "brighter": lambda image: image.point(lambda value: min(255, int(value * 1.05))),
    "grey": lambda image: image.convert("L").convert("RGB"),
    "softer": lambda image: blurred(image, 1),
}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_has_nearly_the_same_fingerprint(copy: str) -> None:
    apart = bits_apart(seen(face()).fingerprint, seen(COPIES[copy](face())).fingerprint)
    assert apart <= MOST_BITS_APART // 2, apart


def test_two_people_have_fingerprints_far_apart() -> None:
    drawn = [Image.open(BytesIO(portraits.selfie(f"{number:016d}"))).convert("RGB") for number in PEOPLE]
    prints = [seen(image).fingerprint for image in (face(), *drawn)]
    pairs = [(one, other) for place, one in enumerate(prints) for other in prints[:place]]
    assert min(bits_apart(*pair) for pair in pairs) > MOST_BITS_APART


def test_what_is_empty_is_measured_without_stumbling() -> None:
    assert told(Image.new("RGB", (400, 400), "white")) == "photo_too_bright"
    assert told(Image.new("RGB", (400, 400), (128,) * 3)) == "photo_no_face"
    assert told(Image.new("RGB", (4000, 1), "grey")) == "photo_too_small"
