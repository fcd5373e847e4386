"""Nobody moves up by a file that says otherwise than the published draw and the table."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.rows import PERSON
from chalicelib.domain.waves import EntryState
from chalicelib.use_cases.selection import names
from tests.builders import an_applicant_id
from tests.fakes import World
from tests.unit.use_cases.selection.test_refill_place import alike, announced, chosen, entry, exclude, in_order, refill

NUMBER = WaveNumber(1)


def swapped(world: World, one: int, other: int) -> None:
    """Two people's ids, as somebody might have them lie who may write there."""
    name = names.people_name(NUMBER, "31")
    first, second = (an_applicant_id(number).encode().ljust(PERSON.itemsize, b"\0") for number in (one, other))
    content = world.draw_files.read(name)
    assert first in content
    assert second in content
    parts = [content[start : start + PERSON.itemsize] for start in range(0, len(content), PERSON.itemsize)]
    turned = {first: second, second: first}
    world.draw_files.write(name, b"".join(turned.get(part, part) for part in parts))


@pytest.mark.parametrize("other", [0, 2], ids=["with the winner", "with whoever is after"])
def test_ids_that_were_swapped_move_nobody_up(other: int) -> None:
    world, order = announced(1, alike(3)), in_order(1, 2, 3)
    swapped(world, order[1], order[other])
    exclude(world, order[0])
    with pytest.raises(Misconfigured, match="draw_differs_from_published"):
        refill(world, order[0])
    assert (chosen(world), world.places.lapsed(NUMBER)) == (set(), 0)


@pytest.mark.parametrize("changes", [{"group": 1}, {"is_woman": True}, {"province_code": "32"}])
def test_whoever_waits_as_another_than_the_table_says_does_not_move_up(changes: dict[str, Any]) -> None:
    world, order = announced(1, alike(3)), in_order(1, 2, 3)
    world.waves.save_entry(replace(entry(world, order[1]), **changes))
    exclude(world, order[0])
    with pytest.raises(Misconfigured, match="draw_differs_from_published"):
        refill(world, order[0])
    assert chosen(world) == set()


def test_whoever_frees_a_place_in_a_province_without_a_draw_frees_none() -> None:
    world = announced(1, alike(1))
    world.waves.save_entry(replace(entry(world, 1), state=EntryState.EXCLUDED, province_code="32"))
    with pytest.raises(Misconfigured, match="draw_differs_from_published"):
        refill(world, 1)
