"""After a selfie was accepted: who else sent it, and does the population registry know the face?"""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import AnswerUnreadable, Misconfigured, RegistryUnavailable, StaleWrite, StoreUnavailable
from chalicelib.domain.face_match import FaceMatch, FaceState
from chalicelib.domain.faces import MOST_FACE_ANSWERS, face_state, selfie_to_match
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.registry_budget import MOST_FAILURES, first_budget
from chalicelib.domain.verification import Applicant, IdentityState, PersonStatus, PhotoKind, Registry
from chalicelib.use_cases.verification.check_photo import check_photo
from chalicelib.use_cases.verification.compare_selfie import compare_selfie
from chalicelib.use_cases.verification.match_face import match_face
from tests.builders import a_verified_applicant, an_applicant_id
from tests.fakes import World
from tests.fakes.asking import AGREED, asking_of
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

ME, OTHER = an_applicant_id(1), an_applicant_id(2)
PRINT, NEAR, FAR = "00ff00ff00ff00ff", "00ff00ff00ff00fc", "ff00ff00ff00ff00"


def send(world: World, number: int = 1, upload: str = "1", fingerprint: str = PRINT) -> str:
    """A verified person's selfie, accepted; its clean copy's key."""
    id = an_applicant_id(number)
    if not world.applicants.get(id).version:
        world.applicants.save(a_verified_applicant(number, photos={}, face=FaceMatch()))
    upload_key = f"uploads/{id}/selfie/{upload}"
    world.photos.receives(upload_key, (640, 480), fingerprint=fingerprint)
    check_photo(upload_key, photos=world.photos, applicants=world.applicants)
    return str(world.applicants.get(id).photo(PhotoKind.SELFIE).object_key)


def mine(world: World) -> Applicant:
    return world.applicants.get(ME)


# --- Others alike -----------------------------------------------------------------------------------------------------


def compare(world: World, key: str, id: ApplicantId = ME) -> tuple[ApplicantId, ...] | None:
    compare_selfie(id, key, applicants=world.applicants)
    return world.applicants.get(id).photo(PhotoKind.SELFIE).alike


def test_whoever_sends_another_s_picture_is_named_to_staff_and_accepted_all_the_same(world: World) -> None:
    send(world, 2, fingerprint=NEAR)
    key = send(world)
    assert compare(world, key) == (OTHER,)
    assert mine(world).photo(PhotoKind.SELFIE).object_key == key


def test_of_two_who_send_the_same_at_once_each_is_found(world: World) -> None:
    keys = {number: send(world, number) for number in (1, 2)}
    assert [compare(world, keys[number], an_applicant_id(number)) for number in (1, 2)] == [(OTHER,), (ME,)]


def test_nobody_is_like_somebody_else_or_like_themselves(world: World) -> None:
    send(world, 2, fingerprint=FAR)
    send(world, upload="0", fingerprint=NEAR)
    assert compare(world, send(world, upload="1")) == ()


def test_of_many_alike_the_nearest_five_are_named(world: World) -> None:
    for number in range(2, 12):
        send(world, number, fingerprint=PRINT if number == 11 else NEAR)
    alike = compare(world, send(world))
    assert alike is not None
    assert (len(alike), alike[0]) == (5, an_applicant_id(11))


def test_a_selfie_that_was_replaced_is_not_compared(world: World) -> None:
    old = send(world)
    send(world, upload="2")
    assert compare(world, old) is None


def test_comparing_survives_every_accident() -> None:
    def prepare() -> World:
        world = World()
        send(world, 2, fingerprint=NEAR)
        send(world)
        return world

    def step(world: World) -> None:
        compare(world, str(mine(world).photo(PhotoKind.SELFIE).object_key))

    workflow = Workflow(prepare, step, lambda world: mine(world).photos)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


# --- The face ---------------------------------------------------------------------------------------------------------


def match(world: World, key: str) -> FaceMatch:
    match_face(
        ME,
        key,
        applicants=world.applicants,
        photos=world.photos,
        registry=world.faces,
        pace=asking_of(world, Registry.POPULATION),
    )
    return mine(world).face


@pytest.mark.parametrize(
    ("score", "state", "reason"),
    [
        (100, FaceState.PASSED, None),
        (80, FaceState.PASSED, None),
        (79, FaceState.REVIEW, "face_in_review"),
        (55, FaceState.REVIEW, "face_in_review"),
        (54, FaceState.FAILED, "face_unclear"),
        (0, FaceState.FAILED, "face_unclear"),
    ],
)
def test_the_score_decides(world: World, score: int, state: FaceState, reason: str | None) -> None:
    world.faces.scores = [score]
    key = send(world)
    face = match(world, key)
    assert (face.state, face.reason, face.score, face.object_key, face.answers) == (state, reason, score, key, 1)
    assert world.faces.asked == [(a_verified_applicant().identity.nik, key.encode())]  # type: ignore[union-attr]


@pytest.mark.parametrize("status", [status for status in PersonStatus if status is not PersonStatus.FOUND])
def test_a_registry_that_contradicts_itself_is_looked_at_by_people(world: World, status: PersonStatus) -> None:
    """It knew the person a minute ago."""
    world.faces.status, world.faces.scores = status, [0]
    assert match(world, send(world)).state is FaceState.REVIEW


def test_a_better_selfie_is_a_new_chance(world: World) -> None:
    world.faces.scores = [20, 95]
    match(world, send(world))
    key = send(world, upload="2")
    assert face_state(mine(world)) is FaceState.PENDING
    assert match(world, key).state is FaceState.PASSED


def test_chances_end_with_people_and_the_registry_is_asked_no_more(world: World) -> None:
    """Nobody tries faces on a NIK until one fits."""
    world.faces.scores = [20]
    for number in range(MOST_FACE_ANSWERS + 3):
        match(world, send(world, upload=str(number)))
    assert len(world.faces.asked) == MOST_FACE_ANSWERS
    assert (face_state(mine(world)), mine(world).face.reason) == (FaceState.REVIEW, "face_needs_assistance")


def test_a_recognised_selfie_is_neither_replaced_nor_asked_about_again(world: World) -> None:
    key = send(world)
    match(world, key)
    assert send(world, upload="2", fingerprint=FAR) == key
    match(world, key)
    assert len(world.faces.asked) == 1


@pytest.mark.parametrize("state", [state for state in IdentityState if state is not IdentityState.VERIFIED])
def test_nobody_s_face_is_asked_about_before_their_identity_is_verified(world: World, state: IdentityState) -> None:
    key = send(world)
    world.applicants.save(replace(mine(world), state=state))
    assert match(world, key) == FaceMatch()
    assert world.faces.asked == []


@pytest.mark.parametrize("fault", [RegistryUnavailable(), Misconfigured("registry_refuses_us"), StoreUnavailable()])
def test_what_goes_wrong_elsewhere_leaves_the_face_pending(world: World, fault: Exception) -> None:
    key = send(world)
    world.faces.fails_before("match_face", fault)
    with pytest.raises(type(fault)):
        match(world, key)
    assert (mine(world).face, selfie_to_match(mine(world))) == (FaceMatch(), key)
    assert match(world, key).state is FaceState.PASSED


def test_an_answer_of_which_nothing_can_be_read_ends_with_people(world: World) -> None:
    key = send(world)
    world.faces.fails_before("match_face", AnswerUnreadable())
    assert match(world, key).state is FaceState.REVIEW
    assert mine(world).face.reason == "face_in_review"


def test_while_the_registry_makes_no_sense_to_anybody_no_face_goes_to_people(world: World) -> None:
    key = send(world)
    down = replace(first_budget(Registry.POPULATION, AGREED), down_since=world.clock.now(), failures=MOST_FAILURES)
    world.registry_budgets.save(down)
    world.faces.fails_before("match_face", AnswerUnreadable())
    with pytest.raises(RegistryUnavailable):
        match(world, key)
    assert mine(world).face == FaceMatch()


def test_an_answer_is_not_asked_for_twice_because_somebody_else_wrote_meanwhile(world: World) -> None:
    key = send(world)
    for _ in range(3):
        world.applicants.fails_before("save", StaleWrite())
    assert match(world, key).state is FaceState.PASSED
    assert len(world.faces.asked) == 1


def test_matching_survives_every_accident() -> None:
    def prepare() -> World:
        world = World()
        send(world)
        return world

    def step(world: World) -> None:
        match(world, str(mine(world).photo(PhotoKind.SELFIE).object_key))

    workflow = Workflow(prepare, step, lambda world: mine(world).face)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
