"""A case's reference: read over the telephone, typed by somebody else, and never somebody else's by a slip."""

from random import Random

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import Reference
from chalicelib.domain.references import _ALPHABET, parse_reference, reference_from, spoken


def references(count: int = 40) -> list[Reference]:
    chance = Random(3)
    return [reference_from(chance.randbytes(32)) for _ in range(count)]


def is_taken(text: str) -> bool:
    try:
        parse_reference(text)
    except InvalidInput:
        return False
    return True


@pytest.mark.parametrize("reference", references())
def test_every_single_wrong_character_is_found(reference: Reference) -> None:
    for place, right in enumerate(reference):
        for wrong in set(_ALPHABET) - {right}:
            assert not is_taken(reference[:place] + wrong + reference[place + 1 :])


@pytest.mark.parametrize("reference", references())
def test_two_neighbours_swapped_are_found(reference: Reference) -> None:
    for place in range(len(reference) - 1):
        one, other = reference[place], reference[place + 1]
        if one != other:
            assert not is_taken(reference[:place] + other + one + reference[place + 2 :])


@pytest.mark.parametrize("reference", references(8))
def test_it_is_understood_however_it_is_heard(reference: Reference) -> None:
    heard = reference.replace("0", "o").replace("1", "l").lower()
    for text in (reference, spoken(reference), heard, f" {reference[:6]} {reference[6:]}", reference.replace("1", "I")):
        assert parse_reference(text) == reference


@pytest.mark.parametrize(
    "text", ["", "-", "U" * 12, "0" * 11, "0" * 13, "ÄÖÜ" * 4, "\u0660" * 12, "\x00" * 12, "0" * 200]
)
def test_what_is_no_reference_is_told_so(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_reference(text)
    assert (refusal.value.code, refusal.value.field) == ("reference_mistyped", "reference")


def test_it_is_spoken_in_groups_of_four() -> None:
    assert [len(group) for group in spoken(references(1)[0]).split("-")] == [4, 4, 4]


def test_hardly_any_two_share_one() -> None:
    assert len(set(references(20_000))) == 20_000
