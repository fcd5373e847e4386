"""What everybody can read in time: conditions before a wave opens, annulments before the next value comes."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.errors import Misconfigured, NotFound
from chalicelib.domain.selection.records import conditions_digest
from chalicelib.domain.waves import WaveState
from chalicelib.use_cases.selection.names import annulment_name, conditions_name
from chalicelib.use_cases.selection.publish_annulment import publish_annulment
from chalicelib.use_cases.selection.read_draws import PublishedDraws, read_draws
from tests.builders import a_wave, an_entry
from tests.draw_checker import problem_with
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.selection import drawing
from tests.unit.use_cases.selection.drawing import NUMBER, annul, bundle_of, closed, draw, freeze, tick, wave_of

CONDITIONS: dict[str, Any] = {"quota": 8, "reserved_permille": {"women": 500}}


def annulled() -> World:
    world = closed([an_entry(number, is_woman=number % 4 == 0) for number in range(24)], **CONDITIONS)
    draw(world)
    annul(world)
    return world


def document(world: World, name: str) -> dict[str, Any]:
    content = world.draw_files.published(name)
    assert content
    line, signature, end = content.split(b"\n")
    key, public, _ = signature.decode().split(" ")
    assert (key, bytes.fromhex(public), end) == (world.signer.key, world.signer.public_keys()[key], b"")
    told: dict[str, Any] = json.loads(line)
    assert json.dumps(told, sort_keys=True, separators=(",", ":")).encode() == line
    return told


def annulment(world: World) -> dict[str, Any]:
    return document(world, annulment_name(NUMBER, 1))


def test_an_annulment_is_published_before_its_value_comes_and_names_it() -> None:
    world = annulled()
    wave = wave_of(world)
    tick(world)
    told = annulment(world)
    assert told.keys() == {"annulled_at", "attempt", "beacon", "document", "draw_sha256", "reason", "wave"}
    assert (told["attempt"], told["document"], told["wave"]) == (1, "annulment", 1)
    assert told["beacon"] == {"chain": world.beacon.chain, "round": wave.beacon_round}
    assert told["draw_sha256"] == hashlib.sha256(bundle_of(world)).hexdigest()
    assert told["reason"] == wave.annulments[0].reason
    assert wave_of(world) == wave
    assert world.beacon.comes_at(told["beacon"]["round"]) > world.clock.now() + timedelta(minutes=5)


@pytest.mark.parametrize("minutes", [6, 11, 600])
def test_an_annulment_that_is_published_late_names_a_later_value(minutes: int, tmp_path: Path) -> None:
    world = annulled()
    named = wave_of(world)
    world.clock.passes(minutes=minutes)
    tick(world)
    wave = wave_of(world)
    assert wave.beacon_round == annulment(world)["beacon"]["round"] > named.beacon_round
    assert wave.drawn_from == world.beacon.comes_at(wave.beacon_round) > world.clock.now() + timedelta(minutes=5)
    assert wave.state is WaveState.FROZEN
    tick(world)
    assert wave_of(world) == wave
    assert draw(world).state is WaveState.DRAWN
    assert problem_with(bundle_of(world, 2), tmp_path) is None


def test_what_was_settled_first_stands_and_the_wave_follows_it() -> None:
    """Whoever settled it was cut off before the wave was saved."""
    world = annulled()
    other = closed([])
    other.clock.moves_to(world.clock.now() + timedelta(minutes=30))
    other.draw_files, desk = world.draw_files, drawing.desk_of(other)
    other.waves.save(replace(wave_of(world), version=wave_of(other).version))
    publish_annulment(wave_of(other), replace(desk, files=world.draw_files))
    tick(world)
    assert wave_of(world).beacon_round == wave_of(other).beacon_round == annulment(world)["beacon"]["round"]


def test_publishing_an_annulment_survives_every_accident() -> None:
    def look(world: World) -> object:
        return wave_of(world).state, list(world.draw_files.published_names("")), bundle_of(world, 2)[:200]

    def go(world: World) -> None:
        tick(world)
        world.clock.moves_to(wave_of(world).drawn_from + timedelta(seconds=1))
        tick(world)
        drawing.take_all_steps(world)

    assert_survives_every_accident(Workflow(annulled, go, look))
    assert_twice_is_once(Workflow(annulled, tick, lambda world: (wave_of(world), annulment(world))))


def test_a_draw_whose_annulment_was_never_published_is_not_published() -> None:
    world = annulled()
    work = world.draw_works.get(NUMBER)
    assert work
    tick(world)
    world.clock.moves_to(wave_of(world).drawn_from + timedelta(seconds=1))
    tick(world)
    world.draw_files._published.pop(annulment_name(NUMBER, 1))
    with pytest.raises(Misconfigured, match="annulment_not_published"):
        drawing.take_all_steps(world)
    assert wave_of(world).state is WaveState.FROZEN


def planned(state: WaveState, **changes: Any) -> World:
    world = World()
    wave = a_wave(state=state, **changes)
    world.waves.add(replace(wave, beacon_round=world.beacon.round_at(wave.drawn_from)))
    return world


def published(world: World) -> PublishedDraws:
    return read_draws(NUMBER, waves=world.waves, files=world.draw_files, chain=world.beacon.chain)


@pytest.mark.parametrize("state", [WaveState.APPROVED, WaveState.OPEN])
def test_conditions_are_published_before_anybody_joins(state: WaveState) -> None:
    world = planned(state, **CONDITIONS)
    assert published(world).conditions_url is None
    tick(world)
    tick(world)
    (name,) = world.draw_files.published_names("")
    told = document(world, name)
    assert (told["document"], told["version"], told["wave"]) == ("conditions", 1, 1)
    assert told["conditions"]["commitment"] == wave_of(world).commitment
    assert name == conditions_name(NUMBER, conditions_digest(told["conditions"]))
    found = published(world)
    assert found.conditions_url == world.draw_files.download_url(name)
    assert (found.frozen_root, found.frozen_list_url, found.draws) == (None, None, [])


def test_conditions_of_a_wave_that_is_not_approved_are_nobodys_business_yet() -> None:
    world = planned(WaveState.PLANNED)
    tick(world)
    assert list(world.draw_files.published_names("")) == []
    with pytest.raises(NotFound, match="draw_not_published"):
        published(world)


def test_changed_conditions_are_published_beside_the_first() -> None:
    world = planned(WaveState.APPROVED, **CONDITIONS)
    tick(world)
    first = published(world).conditions_url
    world.waves.save(replace(wave_of(world), quota=9))
    assert published(world).conditions_url is None
    tick(world)
    assert published(world).conditions_url not in (None, first)
    assert len(list(world.draw_files.published_names(""))) == 2


@pytest.mark.parametrize("minutes_late", [0, 600])
def test_the_list_is_frozen_under_the_conditions_that_were_published(minutes_late: int) -> None:
    """Places that are recovered are known only then, and the round may be a later one: neither is of the conditions."""
    world = closed([an_entry(1)], **CONDITIONS)
    wave = wave_of(world)
    world.waves.save(replace(wave, state=WaveState.OPEN))
    tick(world)
    first = published(world).conditions_url
    world.waves.save(replace(wave_of(world), state=WaveState.CLOSED))
    world.clock.moves_to(max(world.clock.now(), wave.drawn_from + timedelta(minutes=minutes_late - 30)))
    assert freeze(world).state is WaveState.FROZEN
    assert published(world).conditions_url == first is not None


def test_an_annulled_draw_is_told_with_its_document() -> None:
    world = annulled()
    (told,) = published(world).draws
    assert (told.annulled is not None, told.annulment_url) == (True, None)
    tick(world)
    (told,) = published(world).draws
    assert told.annulment_url == world.draw_files.download_url(annulment_name(NUMBER, 1))
