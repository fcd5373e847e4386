"""Look at an uploaded photo and tell its owner at once whether it will do."""

import pytest

from chalicelib.domain.errors import Rejected, StoreUnavailable
from chalicelib.domain.verification import Photo, PhotoKind, PhotoState
from chalicelib.use_cases.verification.check_photo import check_photo
from tests.builders import an_applicant_id
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

GOOD, SMALL = (640, 480), (100, 100)


def key(upload: str = "one", kind: PhotoKind = PhotoKind.SELFIE) -> str:
    return f"uploads/{an_applicant_id()}/{kind}/{upload}"


def check(world: World, upload: str = "one", kind: PhotoKind = PhotoKind.SELFIE) -> Photo:
    check_photo(key(upload, kind), photos=world.photos, applicants=world.applicants)
    return world.applicants.get(an_applicant_id()).photo(kind)


def uploaded(size: tuple[int, int] | None = GOOD) -> World:
    world = World()
    world.photos.receives(key(), size)
    return world


def test_a_good_photo_is_accepted_as_its_clean_copy() -> None:
    assert check(uploaded()) == Photo(PhotoState.ACCEPTED, None, key().replace("uploads/", "photos/") + ".jpg")


@pytest.mark.parametrize(("size", "reason"), [(None, "photo_not_readable"), (SMALL, "photo_too_small")])
def test_a_photo_that_will_not_do_is_refused_with_its_reason(size: tuple[int, int] | None, reason: str) -> None:
    assert check(uploaded(size)) == Photo(PhotoState.REFUSED, reason)


def test_a_better_photo_replaces_a_refused_one() -> None:
    world = uploaded(SMALL)
    check(world)
    world.photos.receives(key("two"), GOOD)
    assert check(world, "two").state is PhotoState.ACCEPTED


def test_a_refused_retry_never_undoes_an_accepted_photo() -> None:
    world = uploaded()
    accepted = check(world)
    world.photos.receives(key("two"), None)
    assert check(world, "two") == accepted


def test_each_kind_of_photo_is_judged_by_itself() -> None:
    world = uploaded()
    world.photos.receives(key("card", PhotoKind.ID_CARD), SMALL)
    assert check(world).state is PhotoState.ACCEPTED
    assert check(world, "card", PhotoKind.ID_CARD).state is PhotoState.REFUSED
    assert world.applicants.get(an_applicant_id()).photo(PhotoKind.SELFIE).state is PhotoState.ACCEPTED


def test_an_upload_told_twice_is_noted_once() -> None:
    world = uploaded()
    check(world)
    check(world)
    assert world.applicants.get(an_applicant_id()).version == 1


def test_a_bucket_that_is_out_refuses_no_photo() -> None:
    world = World()
    with pytest.raises(StoreUnavailable):
        check(world)
    assert world.applicants.get(an_applicant_id()).photos == {}


def test_an_upload_of_nobody_is_dropped() -> None:
    world = World()
    with pytest.raises(Rejected, match="object_key_unknown"):
        check_photo("uploads/x", photos=world.photos, applicants=world.applicants)


def test_checking_survives_every_accident() -> None:
    workflow = Workflow(uploaded, check, lambda world: world.applicants.get(an_applicant_id()).photos)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
