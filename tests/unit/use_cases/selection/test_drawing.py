"""A closed wave is frozen and drawn, in public, once."""

import json
import random
from hashlib import sha256

from chalicelib.domain.identifiers import Pseudonym
from chalicelib.domain.waves import WaveEntry, WaveState
from tests.builders import an_entry
from tests.unit.use_cases.selection.drawing import bundle_of, closed, draw, freeze, wave_of

PROVINCES = ("11", "31", "32", "94")


def people(count: int, seed: int = 1) -> list[WaveEntry]:
    chance = random.Random(seed)
    return [
        an_entry(
            number,
            province_code=chance.choice(PROVINCES),
            group=chance.choices([0, 1, 2], [1, 2, 5])[0],
            is_woman=chance.random() < 0.4,
            is_disabled=chance.random() < 0.05,
            family_pseudonym=Pseudonym(sha256(f"family {chance.randrange(count)}".encode()).hexdigest()[:32]),
            family_places_left=2,
        )
        for number in range(count)
    ]


CONDITIONS = {"quota": 120, "groups": ("laid_off", "furloughed"), "reserved_permille": {"women": 500, "disabled": 30}}


def test_a_closed_wave_is_frozen_with_everybody_who_joined() -> None:
    wave = freeze(closed(people(500), **CONDITIONS))
    assert (wave.state, wave.entries) == (WaveState.FROZEN, 500)
    assert wave.frozen_root


def test_a_frozen_wave_is_drawn_and_the_bundle_tells_all() -> None:
    world = closed(people(500), **CONDITIONS)
    wave = draw(world)
    assert (wave.state, wave.awards) == (WaveState.DRAWN, 120)
    assert wave.draw_digest == sha256(bundle_of(world)).hexdigest()
    lines = bundle_of(world).split(b"\n", 5)
    record = json.loads(lines[3])
    assert sum(each["places"] for each in record["strata"]) == 120
    assert wave_of(world).frozen_root == json.loads(lines[1])["root"]


def test_who_is_missing_in_the_feed_is_found_by_counting() -> None:
    world = closed(people(300), is_fed=False, **CONDITIONS)
    assert freeze(world).entries == 300
