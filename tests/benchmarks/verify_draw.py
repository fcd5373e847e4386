"""What it takes to check a whole draw of 1.4 million people, against hashing as many pseudonyms and nothing else."""

import contextlib
import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from chalicelib.domain.provinces import PROVINCES
from chalicelib.web.static import verify_draw as checker
from tests.benchmarks.figure import Figure
from tests.draw_bundles import Wave, bundle, conditions
from tests.draw_rule import Person

_PEOPLE = 1_400_000
_ROUNDS = 3
_WOMEN, _DISABLED = 0.52, 0.03


def verify_draw() -> Iterator[Figure]:
    """From the file to the last winner, in one process; wall time, as somebody at home would wait for it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle"
        file.write_bytes(bundle(wave_of(_PEOPLE)).written())
        people = [random.Random(1).randbytes(16) for _ in range(_PEOPLE)]
        rounds = [(_seconds(lambda: _checked(file)), _seconds(lambda: _hashed(people))) for _ in range(_ROUNDS)]
    measured, floor = (min(column) for column in zip(*rounds, strict=True))
    yield Figure("verify_draw", measured, floor, f"seconds for {_PEOPLE:,} people", 3)


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _hashed(people: list[bytes]) -> None:
    assert len([sha256(person).digest() for person in people]) == _PEOPLE


def _checked(file: Path) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert checker.main([str(file)]) == 0, said.getvalue()


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
