"""``verify_draw.py`` against draws that were made from the specification in another, slower way."""

import ast
import json
import random
import subprocess
import sys
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.web.static import verify_draw
from tests.draw_bundles import KEY, OTHER_KEY, Bundle, Wave, bundle, conditions, random_wave
from tests.draw_receipts import receipt
from tests.draw_rule import Person
from tests.unit.draws.conftest import Checked

PROGRAM = Path(str(verify_draw.__file__))
PUBLIC = KEY.public_key().public_bytes_raw().hex()


@pytest.mark.parametrize("number", range(200))
def test_a_draw_by_the_rule_is_right(number: int, checked: Checked) -> None:
    wave = random_wave(random.Random(number))
    ended, report = checked(bundle(wave).written())
    assert (ended, report.get("wrong")) == (0, None)
    assert report["entries"] == len(wave.people)


@pytest.mark.parametrize("number", range(16))
def test_a_draw_of_so_many_that_not_all_tickets_are_sorted_is_right(number: int, checked: Checked) -> None:
    wave = random_wave(random.Random(number), most_people=12_000)
    ended, report = checked(bundle(wave).written())
    assert (ended, report.get("wrong")) == (0, None)


AT_ONCE = "import sys; from chalicelib.web.static import verify_draw as v; v.MANY = 0; sys.exit(v.main(sys.argv[1:]))"


@pytest.mark.parametrize("is_right", [True, False])
def test_several_at_once_say_what_one_says(is_right: bool, drawn: Bundle, checked: Checked, tmp_path: Path) -> None:
    altered = deepcopy(drawn)
    altered.draw["strata"][-1]["standing"] += not is_right
    run = [sys.executable, "-c", AT_ONCE, str(tmp_path / "bundle"), "--json", "--processes", "2"]
    alone = checked(altered.written())
    told = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (told.returncode, json.loads(told.stdout)) == alone
    assert alone[0] == (0 if is_right else 1)


@pytest.mark.parametrize("attempt", [2, 3])
def test_a_later_attempt_is_drawn_with_the_round_that_the_last_annulment_named(attempt: int, checked: Checked) -> None:
    again = bundle(replace(one_joined(), attempt=attempt))
    ended, report = checked(again.written())
    assert (ended, report["beacon"]["round"]) == (0, 123 + 5 * (attempt - 1))
    assert [each["attempt"] for each in report["annulments"]] == [*range(1, attempt)]
    again.draw["beacon"]["round"] += 1
    assert "round" in checked(again.written())[1]["wrong"]


def test_what_was_annulled_and_a_list_that_came_late_are_told(tmp_path: Path) -> None:
    late = replace(one_joined(), attempt=2)
    drawn = bundle(late)
    drawn.frozen["beacon"] = {**drawn.frozen["beacon"], "round": 125}
    (tmp_path / "bundle").write_bytes(drawn.sealed().written())
    run = [sys.executable, str(PROGRAM), str(tmp_path / "bundle")]
    told = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert "too late for round 123" in told
    assert "Attempt 1 was annulled on 2026-03-06T01:00:00+00:00" in told
    assert drawn.annulments[0]["draw_sha256"] in told
    assert told.isascii()


def test_places_of_earlier_waves_are_on_top_of_the_quota(checked: Checked) -> None:
    people = [Person(bytes([number]) * 16, "32", 2) for number in range(40)]
    wave = Wave(conditions(labour_force={"32": 5}, quota=10), people, recovered=7)
    assert checked(bundle(wave).written())[1]["places"] == 17
    nobodys = bundle(replace(wave, conditions={**wave.conditions, "recovers": []}))
    assert "recovered" in checked(nobodys.written())[1]["wrong"]


def one_joined(**changes: object) -> Wave:
    return Wave(conditions(**changes), [Person(bytes(16), "32", 1, is_woman=True)])


@pytest.mark.parametrize(
    ("wave", "places"),
    [
        (Wave(conditions(), []), 0),
        (one_joined(), 1),
        (one_joined(quota=0), 0),
        (one_joined(quota=10**12), 1),
        (one_joined(labour_force={"32": 0}, floor=0), 0),
        (one_joined(labour_force={"31": 5, "32": 0}, floor=1, quota=2), 1),
    ],
)
def test_what_is_very_small_is_drawn_too(wave: Wave, places: int, checked: Checked) -> None:
    ended, report = checked(bundle(wave).written())
    assert (ended, report.get("wrong"), report.get("places")) == (0, None, places)


def test_random_waves_are_of_all_kinds() -> None:
    """Else the two hundred above would say little."""
    seen: Counter[str] = Counter()
    for number in range(200):
        draw = bundle(random_wave(random.Random(number))).draw
        seen.update(name for name, count in draw["excluded"].items() if count)
        seen.update(name for name, shares in draw["reserved"].items() if any(shares.values()))
        seen["lots"] += any(0 < each["places"] < each["standing"] for each in draw["strata"])
        seen["empty provinces"] += 0 in draw["places"].values()
        seen["nobody"] += not draw["strata"]
    kinds = ("family_lot", "family_limit", "women", "disabled", "lots", "empty provinces", "nobody")
    assert all(seen[kind] > 3 for kind in kinds), seen


@pytest.fixture(scope="module")
def wave() -> Wave:
    return next(each for each in map(random_wave, map(random.Random, range(99))) if len(each.places_left) > 3)


@pytest.fixture(scope="module")
def drawn(wave: Wave) -> Bundle:
    return bundle(wave)


def test_everybody_is_told_their_own_place(wave: Wave, drawn: Bundle, checked: Checked) -> None:
    for each in wave.people:
        person, own = (
            checked(drawn.written(), "--ticket", each.pseudonym.hex())[1]["person"],
            receipt(drawn, wave, each),
        )
        assert person.pop("page_number") == own["proof"]["page_number"]
        assert person == {name: own[name] for name in person}
        won = drawn.winners[each.province]
        assert (person["state"] == "chosen") == (each.pseudonym in [won[i : i + 16] for i in range(0, len(won), 16)])


def test_the_frozen_list_alone_can_be_checked_before_the_draw(wave: Wave, drawn: Bundle, checked: Checked) -> None:
    pseudonym = wave.people[0].pseudonym.hex()
    ended, report = checked(drawn.frozen_alone(), "--ticket", pseudonym, "--root", drawn.frozen["root"])
    assert (ended, report["is_drawn"], report["person"]["state"]) == (0, False, "listed")


def test_it_can_be_demanded_whose_draw_it_is_and_of_which_list(drawn: Bundle, checked: Checked) -> None:
    root = drawn.frozen["root"]
    assert checked(drawn.written(), "--key", PUBLIC.upper(), "--root", root)[0] == 0
    assert "not the one demanded" in checked(drawn.written(OTHER_KEY), "--key", PUBLIC)[1]["wrong"]
    assert f"{'0' * 64} is demanded" in checked(drawn.written(), "--root", "0" * 64)[1]["wrong"]
    assert "Nobody in the list" in checked(drawn.written(), "--ticket", "0" * 32)[1]["wrong"]


def test_it_runs_alone_and_speaks_in_sentences(drawn: Bundle, wave: Wave, tmp_path: Path) -> None:
    file = tmp_path / "bundle"
    file.write_bytes(drawn.written())
    run = [sys.executable, "-I", str(PROGRAM), str(file)]
    told = subprocess.run(
        [*run, "--ticket", wave.people[0].pseudonym.hex()], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("The draw of wave 4 (attempt ")
    assert wave.people[0].pseudonym.hex() in told.stdout
    assert told.stderr == ""


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["/"], [str(PROGRAM), "--ticket", "xyz"], [str(PROGRAM), "--key", ""], []]
)
def test_what_cannot_begin_ends_with_two(arguments: list[str]) -> None:
    told = subprocess.run([sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr


def test_it_needs_nothing_but_an_old_python() -> None:
    tree = ast.parse(PROGRAM.read_text("utf-8"), feature_version=(3, 9))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    assert {str(name).partition(".")[0] for name in names} <= sys.stdlib_module_names
