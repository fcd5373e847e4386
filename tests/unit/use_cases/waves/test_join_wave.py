"""Join the open wave."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.ledger import grant
from chalicelib.domain.money import Rupiah
from chalicelib.domain.verification import Check, Outcome, Registry
from chalicelib.domain.waves import EntryState, WaveEntry
from chalicelib.use_cases.waves.join_wave import join_wave
from tests.builders import (
    a_family_card_no,
    a_membership,
    a_verified_applicant,
    a_wave,
    an_applicant_id,
    an_identity,
    checks,
)
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once


@pytest.fixture
def world() -> World:
    world = World()
    world.waves.add(a_wave(1))
    world.waves.add(a_wave(2, scheme="2020"))
    return world


def join(world: World, number: int = 1, wave: int = 1) -> WaveEntry:
    return join_wave(
        an_applicant_id(number),
        WaveNumber(wave),
        waves=world.waves,
        applicants=world.applicants,
        memberships=world.memberships,
        notary=world.notary,
    )


def test_whoever_has_done_everything_joins(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    entry = join(world)
    assert (entry.state, entry.province_code, entry.joined_at) == (EntryState.JOINED, "31", NOON)
    assert list(world.waves.entries_of(an_applicant_id(), [WaveNumber(1)])) == [replace(entry, version=1)]


def test_an_entry_tells_nobody_who_it_is_and_which_family(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    entry = join(world)
    published = f"{entry.pseudonym} {entry.family}"
    assert an_applicant_id() not in published
    assert a_family_card_no() not in published


def test_the_same_person_has_another_pseudonym_in_another_wave_and_the_same_family(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    first, second = join(world, wave=1), join(world, wave=2)
    assert first.pseudonym != second.pseudonym
    assert first.family == second.family


def test_relatives_have_one_family(world: World) -> None:
    for number in (1, 2):
        identity = an_identity(number, family_card_no=a_family_card_no(7))
        world.applicants.save(a_verified_applicant(number, identity=identity))
    first, second = join(world, 1), join(world, 2)
    assert first.family == second.family
    assert first.pseudonym != second.pseudonym


def test_a_province_that_was_split_between_waves_counts_as_each_wave_knows_it(world: World) -> None:
    world.waves.add(a_wave(3, basis="2020"))
    identity = an_identity(province_code="93")
    world.applicants.save(a_verified_applicant(identity=identity))
    assert join(world, wave=3).province_code == "91"
    assert join(world, wave=1).province_code == "93"


def test_joining_twice_is_told_and_changes_nothing(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    entry = join(world)
    world.clock.passes(hours=1)
    with pytest.raises(AlreadyDone, match="wave_already_joined"):
        join(world)
    assert list(world.waves.entries_of(an_applicant_id(), [WaveNumber(1)])) == [replace(entry, version=1)]


def test_a_wave_that_nobody_planned_cannot_be_joined(world: World) -> None:
    with pytest.raises(NotFound, match="wave_unknown"):
        join(world, wave=99)


@pytest.mark.parametrize("moment", [NOON - timedelta(seconds=1), a_wave().closes_at])
def test_a_wave_that_is_not_open_cannot_be_joined(world: World, moment: object) -> None:
    world.applicants.save(a_verified_applicant())
    world.clock.at = moment  # type: ignore[assignment]
    with pytest.raises(Conflict, match="wave_closed"):
        join(world)
    assert not world.waves.entries_of(an_applicant_id(), [WaveNumber(1)])


def test_whoever_has_steps_left_is_told_which(world: World) -> None:
    with pytest.raises(Conflict, match="steps_missing") as refusal:
        join(world)
    steps = ("identity", "photo_id_card", "photo_selfie", "face_match", "declaration")
    assert refusal.value.details == {"steps": steps}


def test_whoever_is_not_eligible_under_the_waves_scheme_is_told_why(world: World) -> None:
    world.applicants.save(a_verified_applicant(checks=checks(social=("social_aid:DTKS",))))
    assert join(world, wave=1)
    with pytest.raises(Conflict, match="not_eligible") as refusal:
        join(world, wave=2)
    assert refusal.value.details == {"reasons": ("social_aid",)}


def test_a_recipient_does_not_join_again(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    posting = grant(an_applicant_id(), wave=1, amount=Rupiah(1), now=NOON)
    world.memberships.award(a_membership(), posting, most_per_family=2)
    with pytest.raises(AlreadyDone, match="earlier_recipient"):
        join(world)
    assert not world.waves.entries_of(an_applicant_id(), [WaveNumber(1)])


# --- The receipt of the decision --------------------------------------------------------------------------------------


def decided(world: World, number: int = 1) -> list[tuple[object, ...]]:
    receipts = world.receipts.of(an_applicant_id(number))
    return [(each.body["occasion"], each.body["wave"], each.body["outcome"]) for each in receipts]


def test_a_receipt_is_kept_of_who_joins_and_of_who_may_not(world: World) -> None:
    world.applicants.save(a_verified_applicant(checks=checks(social=("social_aid:DTKS",))))
    join(world, wave=1)
    for _ in range(3):
        with pytest.raises(Conflict, match="not_eligible"):
            join(world, wave=2)
    assert decided(world) == [("joining", 1, "eligible"), ("joining", 2, "not_eligible")]


def test_nothing_is_decided_of_who_could_not_join_anyway(world: World) -> None:
    with pytest.raises(Conflict, match="steps_missing"):
        join(world)
    world.applicants.save(a_verified_applicant())
    world.clock.moves_to(a_wave().closes_at)
    with pytest.raises(Conflict, match="wave_closed"):
        join(world)
    assert decided(world) == []


def test_a_list_that_has_yet_to_answer_keeps_nobody_out(world: World) -> None:
    waiting = {**checks(), Registry.SOCIAL: Check(Outcome.PENDING)}
    world.applicants.save(a_verified_applicant(checks=waiting))
    assert join(world, wave=2)
    assert decided(world) == [("joining", 2, "not_yet_known")]


def test_a_family_whose_places_are_taken_is_told_before_the_draw(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    family = world.indexer.index("family_card", a_family_card_no())
    for number in (8, 9):
        posting = grant(an_applicant_id(number), wave=1, amount=Rupiah(1), now=NOON)
        world.memberships.award(a_membership(number, family=family), posting, most_per_family=2)
    with pytest.raises(Conflict, match="not_eligible") as refusal:
        join(world)
    assert refusal.value.details == {"reasons": ("family_limit",)}


def test_joining_survives_every_accident() -> None:
    def prepare() -> World:
        world = World()
        world.waves.add(a_wave(1))
        world.applicants.save(a_verified_applicant())
        return world

    def look(world: World) -> object:
        return decided(world), len(world.waves.entries_of(an_applicant_id(), [WaveNumber(1)]))

    workflow = Workflow(prepare, join, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
