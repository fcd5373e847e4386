"""Decide on a selfie: where the machine was not sure, and where somebody else sent nearly the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.cases import RulingKind
from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed, StaleWrite, StoreUnavailable
from chalicelib.domain.face_match import FaceMatch, FaceState
from chalicelib.domain.faces import MOST_FACE_ANSWERS, face_state, selfie_to_match
from chalicelib.domain.officers import Officer
from chalicelib.domain.support import MOST_RULINGS, Waiting
from chalicelib.domain.verification import Applicant, IdentityState, Photo, PhotoKind, PhotoState
from chalicelib.use_cases.support.decide_selfie import SelfieDecision, decide_selfie
from chalicelib.use_cases.verification.check_photo import check_photo
from tests.builders import a_verified_applicant, accepted_photos, an_applicant_id
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.support.desk import ANI, BUDI, REASON, acts, case, casework, on_record, reference

KEY = f"photos/{PhotoKind.SELFIE}.jpg"
OTHER = an_applicant_id(2)
UNSURE = FaceMatch(FaceState.REVIEW, "face_in_review", 70, KEY, NOON, 1)
KNOWN = FaceMatch(FaceState.PASSED, None, 95, KEY, NOON, 1)
UNKNOWN = FaceMatch(FaceState.FAILED, "face_unclear", 20, KEY, NOON, MOST_FACE_ANSWERS)
YES, NO = True, False


def before_people(face: FaceMatch = UNSURE, *alike: int, state: IdentityState = IdentityState.VERIFIED) -> World:
    """Person 1's selfie waits. The case is at version 1."""
    world = World()
    others = tuple(an_applicant_id(number) for number in alike)
    selfie = Photo(PhotoState.ACCEPTED, None, KEY, NOON - timedelta(days=1), "00ff" * 4, others)
    photos = {**accepted_photos(), PhotoKind.SELFIE: selfie}
    world.applicants.save(a_verified_applicant(photos=photos, face=face, state=state))
    return world


def unsure() -> World:
    return before_people(UNSURE)


def alike() -> World:
    return before_people(KNOWN, 2)


def both() -> World:
    return before_people(UNSURE, 2)


def decide(
    world: World, is_own: bool = YES, officer: Officer = ANI, version: int = 1, reason: str = REASON
) -> Applicant:
    return decide_selfie(reference(), SelfieDecision(is_own, reason, version), officer, casework=casework(world))


def selfie(world: World) -> Photo:
    return case(world).photo(PhotoKind.SELFIE)


def send(world: World, upload: str = "2") -> None:
    """Another selfie, later than the first, and its notice."""
    key = f"uploads/{an_applicant_id()}/selfie/{upload}"
    world.photos.receives(key, (640, 480))
    check_photo(key, photos=world.photos, applicants=world.applicants)


def listed(world: World) -> list[Waiting]:
    """The lists on which person 1 stands."""
    found = [(each, world.applicants.waiting(each, after=None, limit=9)[0]) for each in Waiting]
    return [waiting for waiting, lines in found if lines]


@pytest.mark.parametrize("prepare", [unsure, alike, both])
@pytest.mark.parametrize("is_own", [YES, NO])
def test_a_selfie_that_waits_is_listed_until_somebody_decided(prepare: Callable[[], World], is_own: bool) -> None:
    world = prepare()
    assert listed(world) == [Waiting.SELFIE_IN_REVIEW]
    decided = decide(world, is_own)
    assert decided == case(world)
    assert listed(world) == []
    assert case(world).waiting_since is None
    assert on_record(world)[0].deed.act is Act.DECIDE_SELFIE


@pytest.mark.parametrize("prepare", [unsure, alike, both])
def test_whoever_is_recognised_keeps_the_photo_and_has_the_face_done(prepare: Callable[[], World]) -> None:
    world = prepare()
    decide(world)
    assert (selfie(world).state, face_state(case(world))) == (PhotoState.ACCEPTED, FaceState.PASSED)
    (kept,) = case(world).rulings
    assert (kept.kind, kept.staff, kept.reason, kept.version) == (RulingKind.KEEP_SELFIE, "ani", REASON, 1)


def test_who_was_not_sure_for_the_machine_and_is_not_for_people_sends_another() -> None:
    world = unsure()
    decide(world, NO)
    assert (selfie(world).state, case(world).face.state) == (PhotoState.ACCEPTED, FaceState.FAILED)
    send(world)
    assert selfie_to_match(case(world)) == selfie(world).object_key != KEY


@pytest.mark.parametrize("prepare", [alike, both])
def test_a_selfie_like_another_s_is_refused_and_another_takes_its_place(prepare: Callable[[], World]) -> None:
    """Also where the registry knew the face: it may have been shown a stolen picture."""
    world = prepare()
    decide(world, NO)
    assert (selfie(world).state, selfie(world).reason) == (PhotoState.REFUSED, "selfie_not_accepted")
    assert face_state(case(world)) is FaceState.FAILED
    assert listed(world) == []
    send(world)
    assert (selfie(world).state, selfie(world).alike) == (PhotoState.ACCEPTED, None)
    assert selfie_to_match(case(world)) == selfie(world).object_key


def test_a_refused_selfie_does_not_come_back_with_a_late_notice() -> None:
    world = before_people(FaceMatch(), state=IdentityState.SUBMITTED)
    uploads = ["earlier", "refused"]
    for upload in uploads:
        send(world, upload)
    photo = replace(selfie(world), alike=(OTHER,))
    world.applicants.save(replace(case(world), photos={**case(world).photos, PhotoKind.SELFIE: photo}))
    decide(world, NO, version=case(world).version)
    refused = selfie(world)
    assert refused.state is PhotoState.REFUSED
    for upload in uploads:
        key = f"uploads/{an_applicant_id()}/selfie/{upload}"
        check_photo(key, photos=world.photos, applicants=world.applicants)
    assert selfie(world) == refused
    send(world, "later")
    assert selfie(world).state is PhotoState.ACCEPTED


def test_whose_chances_at_the_registry_are_used_up_comes_before_people_again() -> None:
    world = before_people(replace(UNKNOWN, state=FaceState.REVIEW, reason="face_needs_assistance"), 2)
    decide(world, NO)
    assert listed(world) == []
    send(world)
    assert face_state(case(world)) is FaceState.REVIEW
    (line,) = world.applicants.waiting(Waiting.SELFIE_IN_REVIEW, after=None, limit=9)[0]
    assert line.selfie_reasons == ("face_needs_assistance",)
    decide(world, version=case(world).version)
    assert face_state(case(world)) is FaceState.PASSED


def test_a_photo_that_will_not_do_asks_nothing_of_people() -> None:
    """After a refusal, with no answers left."""
    world = before_people(replace(UNKNOWN, state=FaceState.REVIEW), 2)
    decide(world, NO)
    bad = Photo(PhotoState.REFUSED, "photo_too_dark", uploaded_at=world.clock.now())
    found = case(world)
    world.applicants.save(replace(found, photos={**found.photos, PhotoKind.SELFIE: bad}))
    assert face_state(case(world)) is FaceState.FAILED
    assert listed(world) == []


@pytest.mark.parametrize("face", [FaceMatch(), KNOWN, UNKNOWN])
def test_what_nobody_waits_for_is_not_decided(face: FaceMatch) -> None:
    world = before_people(face)
    with pytest.raises(Conflict, match="selfie_not_in_review"):
        decide(world)
    assert on_record(world) == []


def test_whose_identity_waits_as_well_is_listed_there_and_then_by_the_selfie() -> None:
    world = before_people(FaceMatch(), 2, state=IdentityState.IN_REVIEW)
    assert listed(world) == [Waiting.IN_REVIEW]
    (line,) = world.applicants.waiting(Waiting.IN_REVIEW, after=None, limit=9)[0]
    assert line.selfie_reasons == ("selfie_alike",)
    world.applicants.save(replace(case(world), state=IdentityState.VERIFIED))
    assert listed(world) == [Waiting.SELFIE_IN_REVIEW]


# --- As every decision: one's own, two at once, twice, on record first ------------------------------------------------


def test_nobody_decides_on_their_own_selfie_or_on_one_that_is_like_it() -> None:
    world = both()
    for own in (an_applicant_id(), OTHER):
        with pytest.raises(NotAllowed, match="own_case"):
            decide(world, officer=replace(ANI, own_account=own))
    assert on_record(world) == []
    decide(world, officer=replace(ANI, own_account=an_applicant_id(8)))


def test_of_two_officers_in_the_same_instant_one_wins() -> None:
    world, came = both(), list[str]()

    def budi_comes(name: str, after: bool) -> None:
        if name == "audit_log.append" and after and not came:
            came.append(name)
            decide(world, NO, BUDI)

    world.trouble.stand(budi_comes)
    with pytest.raises(StaleWrite):
        decide(world)
    with pytest.raises(Conflict, match="case_moved"):  # as the door asks once more by itself
        decide(world)
    assert [ruling.staff for ruling in case(world).rulings] == ["budi"]
    assert selfie(world).state is PhotoState.REFUSED


def test_the_same_officer_may_press_twice_and_may_not_say_the_opposite() -> None:
    world = both()
    assert decide(world) == decide(world)
    assert len(case(world).rulings) == len(on_record(world)) == 1
    with pytest.raises(Conflict, match="case_moved"):
        decide(world, NO)


def test_it_is_on_record_before_it_is_done_or_not_done() -> None:
    world = both()
    world.audit_log.fails_before("append")
    with pytest.raises(StoreUnavailable):
        decide(world)
    assert case(world).rulings == ()
    world.applicants.fails_before("save")
    with pytest.raises(StoreUnavailable):
        decide(world)
    (entry,) = on_record(world)
    assert (entry.deed.fields, entry.deed.reason) == (("keep_selfie",), REASON)
    assert case(world).rulings == ()


def test_a_reason_is_wanted_and_rulings_have_an_end() -> None:
    world = both()
    with pytest.raises(InvalidInput, match="reason_is_personal"):
        decide(world, reason="This is Siti Rahmawati I herself")
    decide(world)
    full = replace(case(world), rulings=case(world).rulings * MOST_RULINGS, face=UNSURE)
    world.applicants.save(full)
    with pytest.raises(Conflict, match="case_has_too_many_rulings"):
        decide(world, version=3)


def look(world: World) -> object:
    found = case(world)
    kinds = [ruling.kind for ruling in found.rulings]
    return found.face.state, selfie(world).state, selfie(world).reason, kinds, acts(world), listed(world)


@pytest.mark.parametrize("prepare", [unsure, alike, both])
@pytest.mark.parametrize("is_own", [YES, NO])
def test_a_decision_survives_every_accident(prepare: Callable[[], World], is_own: bool) -> None:
    workflow = Workflow(prepare, lambda world: decide(world, is_own), look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
