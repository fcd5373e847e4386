"""What it takes to check a whole draw of 1.4 million people, against hashing as many pseudonyms and nothing else."""

import contextlib
import gc
import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.provinces import PROVINCES
from chalicelib.web.static import verify_draw as checker
from tests.benchmarks.figure import Figure
from tests.draw_bundles import Wave, bundle, conditions
from tests.draw_rule import Person

_PEOPLE = 1_400_000
_ROUNDS = 3
_WOMEN, _DISABLED = 0.52, 0.03


def verify_draw() -> Iterator[Figure]:
    """``verify_draw``: CPU of one process. ``verify_draw_wall``: what somebody at home waits, on all processors."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle"
        file.write_bytes(bundle(wave_of(_PEOPLE)).written())
        people = [random.Random(1).randbytes(16) for _ in range(_PEOPLE)]
        gc.freeze()
        works = (lambda: _checked(file, "--processes", "1")), (lambda: _checked(file)), (lambda: _hashed(people))
        rounds = [[_spent(work) for work in works] for _ in range(_ROUNDS)]
    alone, all_at_once, floor = (_least(column) for column in zip(*rounds, strict=True))
    yield Figure("verify_draw", alone.cpu, floor.cpu, f"CPU seconds for {_PEOPLE:,} people", 3)
    yield Figure("verify_draw_wall", all_at_once.wall, floor.wall, f"seconds for {_PEOPLE:,} people", 3)


class Spent(NamedTuple):
    cpu: float
    wall: float


def _spent(work: Callable[[], None]) -> Spent:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall)


def _least(column: Sequence[Spent]) -> Spent:
    return Spent(min(each.cpu for each in column), min(each.wall for each in column))


def _hashed(people: list[bytes]) -> None:
    assert len([sha256(person).digest() for person in people]) == _PEOPLE


def _checked(file: Path, *options: str) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert checker.main([str(file), *options]) == 0, said.getvalue()


def wave_of(people: int) -> Wave:
    """As a large wave was: provinces by their labour force, one in nine has a place, half of the places for women."""
    chance = random.Random(5)
    force = {code: province.labour_force for code, province in PROVINCES.items()}
    rules = conditions(labour_force=force, quota=people * 164 // 1400, floor=50)
    places_left = {chance.randbytes(16): chance.randint(0, 2) for _ in range(people // 140)}
    families: list[bytes | None] = [family for family, places in places_left.items() for _ in range(places + 1)]
    families += [None] * (people - len(families))
    provinces = chance.choices(list(force), list(force.values()), k=people)
    groups = chance.choices([0, 1, 2], [1, 4, 95], k=people)
    joined = [
        Person(chance.randbytes(16), province, group, chance.random() < _WOMEN, chance.random() < _DISABLED, family)
        for province, group, family in zip(provinces, groups, families, strict=True)
    ]
    return Wave(rules, joined, places_left)
