"""A closed wave is frozen and drawn, in public, once; and the checker that anybody may run finds nothing wrong."""

import json
import random
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.errors import BeaconUnavailable, Misconfigured
from chalicelib.domain.identifiers import Pseudonym, WaveNumber
from chalicelib.domain.selection.work import Phase
from chalicelib.domain.waves import WaveEntry, WaveState
from chalicelib.use_cases.selection import names
from tests.builders import an_entry
from tests.draw_checker import problem_with
from tests.fakes import FakeWaves
from tests.unit.use_cases.selection.drawing import (
    NUMBER,
    annul,
    bundle_of,
    closed,
    draw,
    freeze,
    take_all_steps,
    tick,
    told,
    wave_of,
)

PROVINCES = ("11", "31", "32", "94")
CONDITIONS: dict[str, Any] = {
    "quota": 120,
    "groups": ("laid_off", "furloughed"),
    "reserved_permille": {"women": 500, "disabled": 30},
}


def people(count: int, seed: int = 1, **changes: Any) -> list[WaveEntry]:
    chance = random.Random(seed)
    return [_somebody(number, count, chance, changes) for number in range(count)]


def _somebody(number: int, count: int, chance: random.Random, changes: dict[str, Any]) -> WaveEntry:
    family = sha256(f"family {chance.randrange(count)}".encode()).hexdigest()[:32]
    drawn: dict[str, Any] = {
        "province_code": chance.choice(PROVINCES),
        "group": chance.choices([0, 1, 2], [1, 2, 5])[0],
        "is_woman": chance.random() < 0.4,
        "is_disabled": chance.random() < 0.05,
        "family_pseudonym": Pseudonym(family),
        "family_places_left": 1 if family[0] == "7" else 2,
    }
    return an_entry(number, **(drawn | changes))


def test_a_closed_wave_is_frozen_with_everybody_who_joined() -> None:
    wave = freeze(closed(people(500), **CONDITIONS))
    assert (wave.state, wave.entries) == (WaveState.FROZEN, 500)
    assert wave.frozen_root


@pytest.mark.parametrize(
    ("count", "changes"),
    [
        (500, {}),
        (2_000, {"quota": 700}),
        (40, {"quota": 1_000}),
        (300, {"quota": 0}),
        (1, {"quota": 1}),
        (0, {"quota": 5}),
        (600, {"groups": ("laid_off", "furloughed"), "reserved_permille": {}, "floor": 20}),
        (600, {"reserved_permille": {"disabled": 1000}}),
        (600, {"basis": "2020"}),
    ],
)
def test_a_draw_is_right_to_whoever_repeats_it(count: int, changes: dict[str, Any], tmp_path: Path) -> None:
    entries = people(count, seed=count, **({"province_code": "91"} if "basis" in changes else {}))
    world = closed(entries, **(CONDITIONS | changes))
    wave = draw(world)
    assert wave.state is WaveState.DRAWN
    assert wave.draw_digest == sha256(bundle_of(world)).hexdigest()
    assert problem_with(bundle_of(world), tmp_path) is None
    record = json.loads(bundle_of(world).split(b"\n", 5)[3])
    assert wave.awards == sum(record["places"].values()) == sum(each["places"] for each in record["strata"])


def test_a_list_of_many_pieces_is_the_same_list(tmp_path: Path) -> None:
    """What one piece does at 500 rows, many do at 18.9 million."""
    entries, whole = people(500), closed(people(500), **CONDITIONS)
    draw(whole)
    parted = closed(entries, feed_in=37, **CONDITIONS)
    draw(parted, most_rows=60)
    assert len(list(parted.draw_files.names(names.done_folder(NUMBER, 1, 0, Phase.GATHER)))) > 5
    assert len(list(parted.draw_files.names(names.done_folder(NUMBER, 1, 1, Phase.DRAWS)))) > 2
    assert bundle_of(parted) == bundle_of(whole)
    assert problem_with(bundle_of(parted), tmp_path) is None


def test_a_feed_that_tells_things_twice_and_in_another_order_makes_the_same_list() -> None:
    entries = people(200)
    whole = closed(entries, **CONDITIONS)
    shuffled = closed(random.Random(5).sample([*entries, *entries[:80]], 280), feed_in=31, **CONDITIONS)
    assert freeze(shuffled).frozen_root == freeze(whole).frozen_root


@pytest.mark.parametrize("missing", [1, 150, 300])
def test_who_is_missing_in_the_feed_is_found_by_counting(missing: int) -> None:
    entries = people(300)
    world = closed(entries, fed=entries[missing:], **CONDITIONS)
    assert freeze(world).frozen_root == freeze(closed(entries, **CONDITIONS)).frozen_root
    work = world.draw_works.get(NUMBER)
    assert work
    assert work.run == 2


def test_whom_the_table_does_not_know_is_in_no_list() -> None:
    """Whatever the feed says: where counts differ, the table's entries replace it."""
    world = closed(people(50), fed=[*people(50), an_entry(999)], **CONDITIONS)
    assert freeze(world).frozen_root == freeze(closed(people(50), **CONDITIONS)).frozen_root


class Miscounting(FakeWaves):
    def count_in_shard(self, wave: WaveNumber, shard: int) -> int:
        return super().count_in_shard(wave, shard) + 1


def test_a_list_that_never_comes_right_is_not_published() -> None:
    world = closed(people(50), **CONDITIONS)
    miscounting = Miscounting(world.trouble)
    miscounting.__dict__.update(world.waves.__dict__)
    world.waves = miscounting
    tick(world)
    with pytest.raises(Misconfigured):
        take_all_steps(world)
    assert wave_of(world).state is WaveState.CLOSED


def test_a_draw_waits_for_the_value_that_was_named() -> None:
    world = closed(people(50), **CONDITIONS)
    frozen = freeze(world)
    tick(world)
    assert wave_of(world).state is WaveState.FROZEN
    world.clock.moves_to(frozen.drawn_from + timedelta(seconds=1))
    tick(world)
    world.clock.moves_to(frozen.drawn_from - timedelta(seconds=5))
    with pytest.raises(BeaconUnavailable):
        take_all_steps(world)
    assert wave_of(world).state is WaveState.FROZEN


def test_a_list_that_comes_late_names_a_later_value() -> None:
    """The one that was named before is known by now."""
    world = closed(people(50), **CONDITIONS)
    planned = wave_of(world)
    world.clock.moves_to(planned.drawn_from + timedelta(hours=1))
    frozen = freeze(world)
    assert frozen.beacon_round > planned.beacon_round
    assert world.beacon.comes_at(frozen.beacon_round) > world.clock.now() + timedelta(minutes=5)


@pytest.mark.parametrize("change", ["added", "removed", "changed"])
def test_what_becomes_of_the_table_after_freezing_changes_no_list(change: str, tmp_path: Path) -> None:
    entries = people(100)
    world = closed(entries, **CONDITIONS)
    root = freeze(world).frozen_root
    if change == "added":
        world.waves.add_entry(an_entry(999))
    elif change == "removed":
        world.waves.forget_entry(entries[0])
    else:
        entry = world.waves.entries_of(entries[0].applicant_id, [NUMBER])[0]
        world.waves.save_entry(an_entry(0, group=0, is_woman=True, version=entry.version))
    assert draw(world).frozen_root == root
    assert problem_with(bundle_of(world), tmp_path) is None


def test_a_list_that_was_tampered_with_is_not_drawn() -> None:
    world = closed(people(100), **CONDITIONS)
    freeze(world)
    name = names.list_name(NUMBER, "31")
    world.draw_files.write(name, world.draw_files.read(name)[18:])
    with pytest.raises(Misconfigured):
        draw(world)
    assert wave_of(world).state is WaveState.FROZEN


def test_an_annulled_draw_is_followed_by_another_of_the_same_list(tmp_path: Path) -> None:
    world = closed(people(300), **CONDITIONS)
    drawn = [draw(world)]
    for _ in range(2):
        annul(world)
        drawn.append(draw(world))
    assert {each.frozen_root for each in drawn} == {drawn[0].frozen_root}
    assert len({each.draw_digest for each in drawn}) == 3
    bundles = [bundle_of(world, attempt) for attempt in (1, 2, 3)]
    assert [problem_with(each, tmp_path) for each in bundles] == [None] * 3
    assert len({winners(each) for each in bundles}) == 3


def winners(bundle: bytes) -> str:
    lines = (line for line in bundle.split(b"\n", 9)[:9] if line.startswith(b'{"attempt"'))
    return str(json.loads(next(lines))["winners"])


def test_everybody_is_told_to_the_feed_as_they_are_in_the_table() -> None:
    entry = people(1)[0]
    assert told(entry).facts["pseudonym"] == entry.pseudonym
