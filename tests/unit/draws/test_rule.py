"""Section 10 of docs/draw.md against every other way to give the places."""

import random
from itertools import combinations

import pytest

from tests.draw_rule import Lots, Person, winners

MOST_PEOPLE = 9


def reserved_places_held(group: tuple[Person, ...], disabled: int, women: int) -> int:
    """The most reserved places that these people can hold, each one place: tried out one way after the other."""
    return max(
        min(disabled, alone[2] + by_both) + min(women, alone[1] + alone[3] - by_both)
        for alone in [[sum(each.of_class == kind for each in group) for kind in range(4)]]
        for by_both in range(alone[3] + 1)
    )


def merit(group: tuple[Person, ...], in_order: list[Person]) -> tuple[list[int], list[int]]:
    """Less is better: most places to group 0, then most to group 1 and so on; within that, who is ahead by lot."""
    counts = [-sum(each.group == number for each in group) for number in range(3)]
    return counts, [number for number, each in enumerate(in_order) if each in group]


def a_province(chance: random.Random) -> tuple[list[Person], int, int, int]:
    women, disabled = chance.choice([0.1, 0.5, 0.9]), chance.choice([0.1, 0.3, 0.6])
    people = [
        Person(chance.randbytes(16), "11", chance.randint(0, 2), chance.random() < women, chance.random() < disabled)
        for _ in range(chance.randint(0, MOST_PEOPLE))
    ]
    places = chance.randint(0, len(people))
    kept = chance.randint(0, places)
    return Lots(chance.randbytes(32), 4).ordered(people), places, kept, chance.randint(0, places - kept)


@pytest.mark.parametrize("number", range(400))
def test_no_other_way_to_fill_the_reserved_places_is_better(number: int) -> None:
    in_order, places, disabled, women = a_province(random.Random(number))
    given = tuple(winners(in_order, places, disabled, women))
    all_ways = list(combinations(in_order, places))
    most = max(reserved_places_held(way, disabled, women) for way in all_ways)
    filling = [way for way in all_ways if reserved_places_held(way, disabled, women) == most]
    assert reserved_places_held(given, disabled, women) == most
    assert merit(given, in_order) == min(merit(way, in_order) for way in filling)
