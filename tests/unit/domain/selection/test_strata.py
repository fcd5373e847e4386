"""Who of a province gets a place: the fast way against the plain one, and what must hold whatever joined."""

from hashlib import sha256
from random import Random

import numpy as np
import pytest

from chalicelib.domain.selection.rows import LIST, Rows
from chalicelib.domain.selection.strata import ProvinceDraw, counted, draw_province
from chalicelib.domain.selection.stratum import Allotment
from chalicelib.domain.selection.tickets import Lottery, in_order, lots_of, seed_of
from tests import draw_rule

SEED = sha256(b"seed").digest()
LOTTERY = Lottery(SEED, wave=4)


def people(count: int, chance: Random) -> list[draw_rule.Person]:
    return [
        draw_rule.Person(
            chance.randbytes(16),
            "31",
            chance.choices([0, 1, 2], [1, 2, 4])[0],
            is_woman=chance.random() < 0.4,
            is_disabled=chance.random() < 0.2,
        )
        for _ in range(count)
    ]


def listed(persons: list[draw_rule.Person]) -> Rows:
    return np.frombuffer(b"".join(sorted(each.row for each in persons)), LIST)


def winners(drawn: ProvinceDraw, rows: Rows) -> list[bytes]:
    return [each.tobytes() for each in rows["pseudonym"][drawn.winners]]


@pytest.mark.parametrize("seed", range(300))
def test_a_province_is_drawn_as_the_plain_rule_says(seed: int) -> None:
    chance = Random(seed)
    persons = people(chance.choice([0, 1, 5, 30, 200]), chance)
    places = chance.randrange(len(persons) + 1)
    disabled = chance.randrange(places + 1) if chance.random() < 0.7 else 0
    women = chance.randrange(places - disabled + 1)
    rows = listed(persons)
    drawn = draw_province(rows, None, Allotment(places, disabled=disabled, women=women), LOTTERY)
    lots = draw_rule.Lots(SEED, 4)
    expected = draw_rule.winners(lots.ordered(persons), places, disabled=disabled, women=women)
    assert winners(drawn, rows) == sorted(each.pseudonym for each in expected)
    _check_strata(drawn, rows)


def _check_strata(drawn: ProvinceDraw, rows: Rows) -> None:
    """Those of each stratum lie together, by ticket; the first of them won."""
    won = set(drawn.winners.tolist())
    for stratum in drawn.strata:
        order = drawn.order[stratum.start : stratum.start + stratum.standing]
        tickets = [LOTTERY.ticket(rows["pseudonym"][place].tobytes()) for place in order["place"]]
        assert tickets == sorted(tickets)
        assert [int.from_bytes(ticket[:8], "big") for ticket in tickets] == order["ticket"].tolist()
        assert [place in won for place in order["place"].tolist()] == [
            number < stratum.places for number in range(stratum.standing)
        ]
        assert stratum.cut_off == (tickets[stratum.places - 1].hex() if stratum.places else None)


def test_who_does_not_stand_wins_nothing_and_is_counted_all_the_same() -> None:
    persons = people(100, Random(1))
    rows = listed(persons)
    standing = np.arange(100) % 2 == 0
    drawn = draw_province(rows, standing, Allotment(100), LOTTERY)
    assert drawn.winners.tolist() == np.flatnonzero(standing).tolist()
    assert sum(each.entries for each in drawn.strata) == 100
    assert sum(each.standing for each in drawn.strata) == 50
    assert sum(counted(rows).values()) == 100


def test_equal_beginnings_of_tickets_are_told_apart_by_their_ends() -> None:
    """Of 2 ** 64 pairs one agrees in 8 bytes. Here all do."""
    rows = listed(people(50, Random(2)))
    same = np.zeros(50, np.uint64)
    order = in_order(np.arange(50), same, rows["pseudonym"], LOTTERY)
    whole = sorted(range(50), key=lambda place: LOTTERY.ticket(rows["pseudonym"][place].tobytes()))
    assert order.tolist() == whole


@pytest.mark.parametrize("count", [0, 1, 4095, 4096, 4097])
def test_tickets_are_the_same_one_by_one_and_many_at_once(count: int) -> None:
    rows = listed(people(count, Random(3)))
    expected = [int.from_bytes(LOTTERY.ticket(each.tobytes())[:8], "big") for each in rows["pseudonym"]]
    assert lots_of(rows["pseudonym"], LOTTERY).tolist() == expected


def test_seed_and_ticket_are_as_published_for_ever() -> None:
    """Made with ``printf``, ``xxd`` and ``sha256sum``, as ``docs/draw.md`` says. Who changes this breaks every draw."""
    seed = seed_of("rahasia", "ab" * 32, "cd" * 32, 1)
    assert seed.hex() == "f7035529d6d62c8424ec9be3cae98f139231a23a4bb526f62ca442edc7d68c52"
    assert (
        Lottery(seed, 4).ticket(bytes(range(16))).hex()
        == "c9524a6678f26320ee155eae7faae32081c942ff31a7951d60fb9be5acbff9b0"
    )
