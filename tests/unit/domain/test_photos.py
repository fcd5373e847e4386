"""A photo is refused only where a person could not use it either, and told what to mend first."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.face_match import FaceMatch, FaceState
from chalicelib.domain.photos import (
    LARGEST_UPLOAD_BYTES,
    MOST_PIXELS,
    RULES,
    SHORTEST_EDGE_PIXELS,
    SMALLEST_UPLOAD_BYTES,
    UPLOAD_FORM_LIVES_SECONDS,
    PhotoReading,
    is_news,
    judge_photo,
)
from chalicelib.domain.verification import (
    Applicant,
    Photo,
    PhotoKind,
    PhotoState,
    record_photo,
)
from tests.builders import an_applicant, an_applicant_id
from tests.fakes import NOON
from tests.fakes.photos import a_look

ENOUGH = SHORTEST_EDGE_PIXELS
SELFIE, CARD = PhotoKind.SELFIE, PhotoKind.ID_CARD
LATER = NOON + timedelta(minutes=1)


def reading(kind: PhotoKind = SELFIE, size: tuple[int, int] = (640, 480), **seen: Any) -> PhotoReading:
    return PhotoReading(an_applicant_id(), kind, "photos/clean.jpg", NOON, a_look(size, **seen), b"JPEG")


@pytest.mark.parametrize("size", [(ENOUGH, ENOUGH), (4_000, ENOUGH), (ENOUGH, 4_000)])
def test_a_picture_large_enough_is_accepted_as_its_clean_copy(size: tuple[int, int]) -> None:
    accepted = judge_photo(reading(size=size, fingerprint="0123456789abcdef"))
    assert accepted == Photo(PhotoState.ACCEPTED, None, "photos/clean.jpg", NOON, "0123456789abcdef")


@pytest.mark.parametrize("size", [(ENOUGH - 1, 4_000), (4_000, ENOUGH - 1), (0, 0)])
def test_a_picture_too_small_is_refused_whichever_edge_it_is(size: tuple[int, int]) -> None:
    assert judge_photo(reading(size=size)).reason == "photo_too_small"


def test_an_upload_has_the_size_that_the_form_names() -> None:
    assert (SMALLEST_UPLOAD_BYTES, LARGEST_UPLOAD_BYTES) == (10_240, 5_242_880)
    assert (UPLOAD_FORM_LIVES_SECONDS, MOST_PIXELS) == (300, 24_000_000)


def test_what_is_no_picture_is_refused() -> None:
    nothing = PhotoReading(an_applicant_id(), SELFIE, "photos/clean.jpg", NOON)
    assert judge_photo(nothing) == Photo(PhotoState.REFUSED, "photo_not_readable", uploaded_at=NOON)


@pytest.mark.parametrize(
    ("kind", "seen", "reason"),
    [
        (SELFIE, {"brightness": 39.9}, "photo_too_dark"),
        (SELFIE, {"brightness": 225.1}, "photo_too_bright"),
        (SELFIE, {"faces": (), "glare": 0.61}, "photo_too_bright"),
        (SELFIE, {"faces": ()}, "photo_no_face"),
        (SELFIE, {"faces": (0.3, 0.2)}, "photo_several_faces"),
        (SELFIE, {"faces": (0.14,)}, "photo_face_too_small"),
        (SELFIE, {"glare": 0.36}, "photo_glare"),
        (SELFIE, {"sharpness": 17.9}, "photo_blurred"),
        (CARD, {"brightness": 39.9}, "photo_too_dark"),
        (CARD, {"brightness": 225.1}, "photo_too_bright"),
        (CARD, {"faces": (0.51,)}, "photo_not_a_card"),
        (CARD, {"detail": 0.019}, "photo_card_not_seen"),
        (CARD, {"glare": 0.36}, "photo_glare"),
        (CARD, {"sharpness": 9.9}, "photo_blurred"),
    ],
)
def test_a_photo_that_nobody_could_use_is_refused_with_what_is_wrong(
    kind: PhotoKind, seen: dict[str, Any], reason: str
) -> None:
    assert judge_photo(reading(kind, **seen)) == Photo(PhotoState.REFUSED, reason, uploaded_at=NOON)


@pytest.mark.parametrize(
    "fine",
    [
        {"brightness": 40.0, "sharpness": 18.0, "glare": 0.35, "faces": (0.15,), "detail": 0.02},
        {"brightness": 225.0, "faces": (0.5,)},
    ],
)
@pytest.mark.parametrize("kind", PhotoKind)
def test_at_its_limits_a_photo_will_do(kind: PhotoKind, fine: dict[str, Any]) -> None:
    assert judge_photo(reading(kind, **fine)).state is PhotoState.ACCEPTED


def test_a_card_needs_no_face_that_a_machine_can_find() -> None:
    assert judge_photo(reading(CARD, faces=())).state is PhotoState.ACCEPTED


def test_what_is_to_be_mended_first_is_told_first() -> None:
    """In the dark no face is found and nothing is sharp: more light mends all three."""
    assert judge_photo(reading(brightness=10.0, faces=(), sharpness=1.0)).reason == "photo_too_dark"
    assert all(list(rules)[:2] == ["photo_too_small", "photo_too_dark"] for rules in RULES.values())


def test_a_card_has_no_fingerprint() -> None:
    """Cards are alike by law."""
    assert judge_photo(reading(CARD)).fingerprint is None


# --- What is news -----------------------------------------------------------------------------------------------------

GOOD = Photo(PhotoState.ACCEPTED, None, "photos/1.jpg", NOON, "00ff00ff00ff00ff")
BETTER = Photo(PhotoState.ACCEPTED, None, "photos/2.jpg", LATER, "00ff00ff00ff00fe")
BAD = Photo(PhotoState.REFUSED, "photo_blurred", uploaded_at=NOON)
WORSE = Photo(PhotoState.REFUSED, "photo_too_dark", uploaded_at=LATER)


def who_sent(*photos: Photo) -> Applicant:
    applicant = an_applicant()
    for photo in photos:
        if is_news(applicant, SELFIE, photo):
            applicant = record_photo(applicant, SELFIE, photo)
    return applicant


@pytest.mark.parametrize("photos", [(BAD, GOOD), (GOOD, BAD), (GOOD, WORSE), (WORSE, GOOD), (GOOD, GOOD, BAD)])
def test_a_good_photo_counts_before_bad_ones_in_whatever_order_they_are_told(photos: tuple[Photo, ...]) -> None:
    assert who_sent(*photos).photo(SELFIE) == GOOD


@pytest.mark.parametrize("photos", [(GOOD, BETTER), (BETTER, GOOD), (BETTER, WORSE, GOOD)])
def test_of_two_good_photos_the_later_upload_counts(photos: tuple[Photo, ...]) -> None:
    assert who_sent(*photos).photo(SELFIE) == BETTER


@pytest.mark.parametrize("photos", [(BAD, WORSE), (WORSE, BAD)])
def test_of_two_bad_photos_the_later_one_is_told(photos: tuple[Photo, ...]) -> None:
    assert who_sent(*photos).photo(SELFIE) == WORSE


def test_a_selfie_that_was_recognised_stays() -> None:
    """Else somebody recognised could put another face in its place."""
    recognised = an_applicant(photos={SELFIE: GOOD}, face=FaceMatch(FaceState.PASSED, object_key=GOOD.object_key))
    assert not is_news(recognised, SELFIE, BETTER)
    assert is_news(recognised, CARD, BETTER)
