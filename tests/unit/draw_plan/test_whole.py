"""A whole draw from a file comes to what its bundle states, and the published checker agrees."""

import random
from pathlib import Path

import pytest

from infra.draw_plan.published_file import PublishedFile, WrongFile, published_file
from infra.draw_plan.whole import WholeDraw, draw_file
from tests.draw_bundles import SECRET, Bundle, bundle, conditions, digest, random_wave
from tests.draw_bundles import SIGNATURE as SIGNED
from tests.draw_checker import problem_with

VALUE = digest(bytes.fromhex(SIGNED))


def drawn(content: bytes, folder: Path, attempt: int = 1, processes: int = 1) -> tuple[PublishedFile, WholeDraw]:
    path = folder / "the.bundle"
    path.write_bytes(content)
    file = published_file(path)
    return file, draw_file(file, SECRET, VALUE, attempt=attempt, processes=processes)


def assert_as_stated(whole: WholeDraw, stated: Bundle) -> None:
    assert whole.seed.hex() == stated.draw["seed"]
    assert whole.excluded == stated.draw["excluded"]
    assert whole.winners == stated.winners
    assert {code: each.places for code, each in whole.allotments.items()} == stated.draw["places"]
    told = [
        (code, each.group, each.class_, each.entries, each.standing, each.places, each.cut_off)
        for code, strata in whole.strata.items()
        for each in strata
    ]
    names = ("province", "group", "class", "entries", "standing", "places", "cut_off")
    assert told == [tuple(each[name] for name in names) for each in stated.draw["strata"]]


@pytest.mark.parametrize("seed", range(60))
def test_it_is_what_the_bundle_states_from_the_bundle_and_from_the_frozen_list(seed: int, tmp_path: Path) -> None:
    wave = random_wave(random.Random(seed))
    stated = bundle(wave)
    assert problem_with(stated.written(), tmp_path) is None
    for content in (stated.written(), stated.frozen_alone()):
        file, whole = drawn(content, tmp_path, wave.attempt)
        assert_as_stated(whole, stated)
    assert file.draw is None


def test_many_processes_come_to_the_same(tmp_path: Path) -> None:
    wave = random_wave(random.Random(3), most_people=400)
    content = bundle(wave).written()
    assert drawn(content, tmp_path, processes=3)[1] == drawn(content, tmp_path, processes=1)[1]


def test_winners_stated_in_a_bundle_can_be_read(tmp_path: Path) -> None:
    stated = bundle(random_wave(random.Random(5)))
    file, _ = drawn(stated.written(), tmp_path)
    assert {code: rows.tobytes() for code, rows in file.winners().items()} == stated.winners
    assert file.conditions == conditions(**file.conditions)


def test_another_list_than_the_one_that_was_frozen_is_not_drawn(tmp_path: Path) -> None:
    """One bit at a time, of lists and families."""
    stated = bundle(random_wave(random.Random(11)))
    content = stated.written()
    begin = content.index(b"".join(stated.lists.values()) + stated.families)
    length = sum(map(len, stated.lists.values())) + len(stated.families)
    for place in random.Random(1).sample(range(length), min(length, 40)):
        altered = bytearray(content)
        altered[begin + place] ^= 1
        with pytest.raises(WrongFile, match=r"root|SHA-256"):
            drawn(bytes(altered), tmp_path)


def test_families_that_do_not_fit_the_lists_are_not_drawn(tmp_path: Path) -> None:
    seeds = (each for each in range(99) if bundle(random_wave(random.Random(each))).families)
    stated = bundle(random_wave(random.Random(next(seeds))))
    stated.families = stated.families[36:]
    with pytest.raises(WrongFile, match="the same people"):
        drawn(stated.sealed().written(), tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "first line"),
        (b"prakerja-draw 2\n", "first line"),
        (b"prakerja-draw 1\n", "line of text is missing"),
        (b"prakerja-draw 1\n{}\nx\n", "provinces"),
        (b"prakerja-draw 1\nnonsense\nx\n", "Expecting value"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match=said):
        drawn(content, tmp_path)


def test_a_file_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    content = bundle(random_wave(random.Random(5))).frozen_alone()
    with pytest.raises(WrongFile, match=r"it has [\d,]+ bytes"):
        drawn(content[:-1], tmp_path)
