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
    world = uploaded()
    photo = check(world)
    assert (photo.state, photo.reason) == (PhotoState.ACCEPTED, None)
    assert photo.object_key in world.photos.kept
    assert str(photo.object_key).startswith(key().replace("uploads/", "photos/"))


@pytest.mark.parametrize(("size", "reason"), [(None, "photo_not_readable"), (SMALL, "photo_too_small")])
def test_a_photo_that_will_not_do_is_refused_with_its_reason(size: tuple[int, int] | None, reason: str) -> None:
    world = uploaded(size)
    photo = check(world)
    assert (photo.state, photo.reason, photo.object_key) == (PhotoState.REFUSED, reason, None)
    assert world.photos.kept == {}, "what will not do is not kept"


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


@pytest.mark.parametrize("wrong", ["uploads/x", "photos/0.a/selfie/1.jpg", "uploads//selfie/1", "uploads/0.a/selfie/"])
def test_an_upload_of_nobody_is_dropped(wrong: str) -> None:
    world = World()
    with pytest.raises(Rejected, match="object_key_unknown"):
        check_photo(wrong, photos=world.photos, applicants=world.applicants)


def test_the_same_form_used_for_another_picture_does_not_replace_what_lies_under_its_name() -> None:
    world = uploaded()
    accepted = check(world)
    world.photos.receives(key(), GOOD, faces=())
    assert check(world) == accepted
    assert list(world.photos.kept) == [accepted.object_key]


def test_an_accepted_selfie_is_found_by_its_fingerprint_and_a_card_is_not() -> None:
    world = uploaded()
    world.photos.receives(key("card", PhotoKind.ID_CARD), GOOD, fingerprint="0000000000000000")
    check(world)
    check(world, "card", PhotoKind.ID_CARD)
    assert set(world.applicants.selfies_like("00ff00ff00ff00ff")) == {(an_applicant_id(), "00ff00ff00ff00ff")}
    assert list(world.applicants.selfies_like("0000000000000000")) == []


def test_checking_survives_every_accident() -> None:
    workflow = Workflow(
        uploaded, check, lambda world: (world.applicants.get(an_applicant_id()).photos, world.photos.kept)
    )
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
