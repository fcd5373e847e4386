"""A photo must be a readable picture of a sensible size."""

import pytest

from chalicelib.domain.photos import (
    LARGEST_UPLOAD_BYTES,
    MOST_PIXELS,
    SHORTEST_EDGE_PIXELS,
    SMALLEST_UPLOAD_BYTES,
    UPLOAD_FORM_LIVES_SECONDS,
    PhotoReading,
    judge_photo,
)
from chalicelib.domain.verification import Photo, PhotoKind, PhotoState
from tests.builders import an_applicant_id

ENOUGH = SHORTEST_EDGE_PIXELS


def reading(width: int, height: int, clean_key: str | None = "photos/clean.jpg") -> PhotoReading:
    return PhotoReading(an_applicant_id(), PhotoKind.SELFIE, clean_key, width, height)


@pytest.mark.parametrize(("width", "height"), [(ENOUGH, ENOUGH), (4_000, ENOUGH), (ENOUGH, 4_000)])
def test_a_picture_large_enough_is_accepted_as_its_clean_copy(width: int, height: int) -> None:
    assert judge_photo(reading(width, height)) == Photo(PhotoState.ACCEPTED, None, "photos/clean.jpg")


@pytest.mark.parametrize(("width", "height"), [(ENOUGH - 1, 4_000), (4_000, ENOUGH - 1), (0, 0)])
def test_a_picture_too_small_is_refused_whichever_edge_it_is(width: int, height: int) -> None:
    assert judge_photo(reading(width, height)) == Photo(PhotoState.REFUSED, "photo_too_small")


def test_an_upload_has_the_size_that_the_form_names() -> None:
    assert (SMALLEST_UPLOAD_BYTES, LARGEST_UPLOAD_BYTES) == (10_240, 5_242_880)
    assert (UPLOAD_FORM_LIVES_SECONDS, MOST_PIXELS) == (300, 24_000_000)


def test_what_is_no_picture_is_refused_whatever_its_size() -> None:
    assert judge_photo(reading(4_000, 4_000, None)) == Photo(PhotoState.REFUSED, "photo_not_readable")
