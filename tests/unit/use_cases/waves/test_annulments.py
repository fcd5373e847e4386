"""A draw is annulled in public, before it is announced, by three people."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.annulments import NEXT_ROUND_AFTER
from chalicelib.domain.audit import Act
from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed, StaleWrite
from chalicelib.domain.identifiers import StaffId, WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.waves import ANNULMENT_LAPSES_AFTER, Wave, WaveEvent, WaveState, move_wave
from chalicelib.use_cases.waves.approve_annulment import approve_annulment
from chalicelib.use_cases.waves.ask_annulment import ask_annulment
from chalicelib.use_cases.waves.move_waves import move_waves
from tests.builders import a_wave
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.waves.office import ANI, BUDI, CITRA, desk_of, kept, on_record

DIGEST, OTHER = "0f" * 32, "1e" * 32
REASON = "The list of provinces was last year's."
WAVE = a_wave(state=WaveState.DRAWN, draw_digest=DIGEST, entries=500, awards=100)


def drawn() -> World:
    world = World()
    world.waves.add(WAVE)
    world.clock.moves_to(WAVE.drawn_from + timedelta(minutes=5))
    return world


@pytest.fixture
def world() -> World:
    return drawn()


def ask(world: World, officer: Officer = ANI, digest: str = DIGEST, reason: str = REASON) -> Wave:
    return ask_annulment(WaveNumber(1), digest, reason, officer, desk=desk_of(world))


def approve(world: World, officer: Officer = BUDI, digest: str = DIGEST) -> Wave:
    return approve_annulment(WaveNumber(1), digest, officer, desk=desk_of(world))


def annul(world: World) -> Wave:
    ask(world)
    approve(world, BUDI)
    return approve(world, CITRA)


def tick(world: World) -> WaveState:
    move_waves(waves=world.waves, messages=world.messages, clock=world.clock)
    return kept(world, 1).state


def redraw(world: World, digest: str = OTHER) -> None:
    world.waves.save(replace(move_wave(kept(world, 1), WaveEvent.DRAW), draw_digest=digest))


def test_the_second_approval_puts_it_in_force(world: World) -> None:
    ask(world)
    assert approve(world, BUDI).state is WaveState.DRAWN
    wave = approve(world, CITRA)
    assert wave == kept(world, 1)
    assert (wave.state, wave.draw_attempt, wave.draw_digest, wave.awards) == (WaveState.FROZEN, 2, None, None)
    assert wave.entries == 500
    (annulment,) = wave.annulments
    assert (annulment.attempt, annulment.reason, annulment.draw_digest) == (1, REASON, DIGEST)
    assert (annulment.asked_by, annulment.approved_by) == (ANI.staff, (BUDI.staff, CITRA.staff))
    assert annulment.annulled_at == world.clock.now()


def test_the_next_draw_follows_a_value_that_nobody_can_know_yet(world: World) -> None:
    wave = annul(world)
    assert wave.draws_at == world.beacon.comes_at(wave.beacon_round) >= world.clock.now() + NEXT_ROUND_AFTER
    assert tick(world) is WaveState.FROZEN
    assert not world.messages.sent
    world.clock.moves_to(wave.drawn_from)
    tick(world)
    assert [body for _, body in world.messages.sent] == [{"wave": 1}]


def test_all_three_are_on_record(world: World) -> None:
    annul(world)
    deeds = [("ani", Act.ASK_ANNULMENT), ("budi", Act.APPROVE_ANNULMENT), ("citra", Act.APPROVE_ANNULMENT)]
    assert on_record(world) == [(staff, act, "wave-1") for staff, act in deeds]


def test_it_takes_three_people(world: World) -> None:
    ask(world)
    with pytest.raises(NotAllowed, match="asker_may_not_approve"):
        approve(world, ANI)
    assert approve(world, BUDI) == approve(world, BUDI) == kept(world, 1)
    assert kept(world, 1).state is WaveState.DRAWN


def test_asked_twice_is_once_and_asked_by_another_is_told(world: World) -> None:
    assert ask(world) == ask(world) == kept(world, 1)
    with pytest.raises(Conflict, match="annulment_asked_already"):
        ask(world, BUDI)


def test_whoever_approved_it_in_force_finds_their_work_done(world: World) -> None:
    wave = annul(world)
    assert approve(world, CITRA) == approve(world, BUDI) == ask(world) == wave
    with pytest.raises(Conflict, match="wave_not_drawn"):
        approve(world, Officer(StaffId("dewi"), BUDI.role))


def test_only_the_draw_that_was_named_is_annulled(world: World) -> None:
    with pytest.raises(Conflict, match="draw_is_another"):
        ask(world, digest=OTHER)
    with pytest.raises(Conflict, match="annulment_not_asked"):
        approve(world)
    annul(world)
    redraw(world)
    with pytest.raises(Conflict, match="draw_is_another"):
        approve(world, ANI)
    ask(world, digest=OTHER)
    approve(world, BUDI, OTHER)
    wave = approve(world, CITRA, OTHER)
    assert (wave.draw_attempt, [each.draw_digest for each in wave.annulments]) == (3, [DIGEST, OTHER])


@pytest.mark.parametrize("state", [WaveState.CLOSED, WaveState.FROZEN, WaveState.ANNOUNCED])
def test_what_is_not_drawn_or_announced_already_is_not_annulled(state: WaveState) -> None:
    world = World()
    world.waves.add(replace(WAVE, state=state))
    with pytest.raises(Conflict, match="wave_announced" if state is WaveState.ANNOUNCED else "wave_not_drawn"):
        ask(world)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("Wrong list.", "reason_short"),
        ("Incomprehensibilities twice", "reason_too_short"),
        ("Complaint of siti@contoh.example heard", "reason_is_personal"),
    ],
)
def test_the_reason_is_published_and_says_something(world: World, reason: str, code: str) -> None:
    with pytest.raises(InvalidInput, match=code) as refusal:
        ask(world, reason=reason)
    assert refusal.value.field == "reason"
    assert not on_record(world)


def test_nothing_is_announced_while_an_annulment_is_asked_for(world: World) -> None:
    world.clock.moves_to(WAVE.announces_at - timedelta(minutes=1))
    ask(world)
    world.clock.moves_to(WAVE.announces_at)
    assert tick(world) is WaveState.DRAWN
    approve(world, BUDI)
    assert tick(world) is WaveState.DRAWN
    assert approve(world, CITRA).state is WaveState.FROZEN


def test_what_nobody_approves_lapses_and_the_draw_is_announced(world: World) -> None:
    ask(world)
    approve(world)
    world.clock.moves_to(max(WAVE.announces_at, world.clock.now() + ANNULMENT_LAPSES_AFTER))
    with pytest.raises(Conflict, match="annulment_lapsed"):
        approve(world, CITRA)
    with pytest.raises(Conflict, match="annulment_asked_already"):
        ask(world, CITRA)
    assert tick(world) is WaveState.ANNOUNCED


def test_a_draw_made_anew_after_its_time_is_announced_at_the_next_tick(world: World) -> None:
    wave = annul(world)
    world.clock.moves_to(max(wave.announces_at, wave.drawn_from) + timedelta(minutes=1))
    assert tick(world) is WaveState.FROZEN
    redraw(world)
    assert tick(world) is WaveState.ANNOUNCED


def test_announced_first_it_stays_announced(world: World) -> None:
    world.waves.fails_before("save", StaleWrite())
    with pytest.raises(StaleWrite):
        ask(world)
    world.clock.moves_to(WAVE.announces_at)
    assert tick(world) is WaveState.ANNOUNCED
    with pytest.raises(Conflict, match="wave_announced"):
        ask(world)


def _look(world: World) -> object:
    wave = kept(world, 1)
    undated = [replace(each, asked_at=None, annulled_at=None) for each in wave.annulments]  # type: ignore[arg-type]
    return wave.state, wave.draw_attempt, wave.draw_digest, undated, on_record(world)


def _approved_once() -> World:
    world = drawn()
    ask(world)
    approve(world, BUDI)
    return world


@pytest.mark.parametrize(
    ("prepare", "step"),
    [(drawn, ask), (_approved_once, lambda world: approve(world, CITRA))],
    ids=["asked", "in force"],
)
def test_an_annulment_survives_every_accident(prepare: object, step: object) -> None:
    workflow = Workflow(prepare, step, _look, wait_minutes=1)  # type: ignore[arg-type]
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
