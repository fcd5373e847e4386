"""A plan counts what the engine draws, exactly, and the same for the same seed."""

import json
import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from chalicelib.domain.selection.tickets import seed_of
from infra.draw_plan.__main__ import main
from infra.draw_plan.outcome import Outcome, outcome_of
from infra.draw_plan.people import codes_of, people_in
from infra.draw_plan.published_file import published_file
from infra.draw_plan.synthetic import SHARES, Makeup, synthetic
from infra.draw_plan.terms import Terms, changed, published_terms, terms_of_scheme
from infra.draw_plan.trial import cell_of, draw_once, listing_of, trials
from tests import draw_rule
from tests.draw_bundles import Wave, bundle, random_wave
from tests.draw_checker import problem_with
from tests.draw_rule import Lots

SMALL = ["--entries", "3000", "--quota", "400", "--draws", "3"]
FORCE = {"11": 300, "32": 1000, "91": 20}


def plan(terms: Terms, entries: int = 5_000, seed: int = 7, draws: int = 3, **shares: int) -> Outcome:
    people = synthetic(Makeup(entries, seed, shares))
    listing = listing_of(people, terms)
    return outcome_of(people, listing, trials(listing, seed, draws, processes=1))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


SCHEME = terms_of_scheme("2023", 600, "2024")


@pytest.mark.parametrize("scheme", ["2020", "2023"])
@pytest.mark.parametrize("quota", [0, 1, 37, 600, 9_000])
def test_totals_are_exact(scheme: str, quota: int) -> None:
    outcome = plan(terms_of_scheme(scheme, quota, "2024"))
    assert outcome.total.won == min(quota * outcome.draws, outcome.total.stood)
    for shares in outcome.by.values():
        assert sum(each.won for each in shares.values()) == outcome.total.won
        assert sum(each.stood for each in shares.values()) == outcome.total.stood
        assert sum(each.joined for each in shares.values()) == outcome.total.joined
    if outcome.total.won == quota * outcome.draws:
        assert outcome.total.rupiah == quota * outcome.terms.rupiah_a_place


def test_people_are_the_same_for_a_seed_and_others_for_another() -> None:
    one, again, other = (synthetic(Makeup(2_000, seed, {})) for seed in (7, 7, 8))
    assert one.pseudonym.tobytes() == again.pseudonym.tobytes() != other.pseudonym.tobytes()
    for name in ("province", "priority", "flags", "has_aid", "family", "taken"):
        assert np.array_equal(getattr(one, name), getattr(again, name)), name


def test_people_are_about_as_they_were_asked_for() -> None:
    people = synthetic(Makeup(200_000, 1, {"women": 600, "laid_off": 100}))
    assert (people.flags & 1).mean() == pytest.approx(0.6, abs=0.01)
    assert (people.flags & 2).mean() / 2 == pytest.approx(SHARES["disabled"] / 1000, abs=0.003)
    assert (people.priority == 0).mean() == pytest.approx(0.1, abs=0.005)
    assert (people.family >= 0).mean() == pytest.approx(SHARES["in_families"] / 1000, abs=0.005)
    assert len(np.unique(people.province)) == 38
    assert sorted(people.pseudonym.view("S16")) == people.pseudonym.view("S16").tolist()


def test_one_place_for_one_person_and_nobody_at_all_is_a_plan_too() -> None:
    assert plan(terms_of_scheme("2023", 5, "2024"), entries=1).total.places == 1
    assert plan(SCHEME, entries=10, other_aid=1000).total.places == 10
    assert plan(terms_of_scheme("2020", 5, "2024"), entries=10, other_aid=1000).total.joined == 0


def test_processes_and_their_number_change_nothing() -> None:
    people = synthetic(Makeup(3_000, 7, {}))
    listing = listing_of(people, SCHEME)
    one, many = (outcome_of(people, listing, trials(listing, 7, 3, processes)) for processes in (1, 3))
    assert one.told() == many.told()


@pytest.mark.parametrize("seed", range(40))
def test_a_published_bundle_gives_its_own_counts(seed: int, tmp_path: Path) -> None:
    """The plan's draw of a bundle's people is what the slow rule says of the same people and the same seed."""
    wave = random_wave(random.Random(seed))
    file = tmp_path / "a.bundle"
    file.write_bytes(bundle(wave).written())
    assert problem_with(file.read_bytes(), tmp_path) is None
    found = published_file(file)
    people, terms = people_in(found), published_terms(found.frozen)
    assert len(people) == len(wave.people) == found.frozen["entries"]
    trial = draw_once(listing_of(people, terms), 7, 0)
    stood, won = by_the_rule(wave, seed_of("plan 7", "", "", 0))
    keys = cell_of(people)
    assert counted(people, keys, trial.standing) == stood
    assert counted(people, keys, trial.places) == won


def by_the_rule(wave: Wave, seed: bytes) -> tuple[dict[Any, int], dict[Any, int]]:
    lots = Lots(seed, 1)
    out = draw_rule.left_out(wave.people, wave.places_left, lots)
    standing = [each for each in wave.people if each.pseudonym not in out]
    places = draw_rule.places(wave.conditions, standing, wave.recovered)
    reserved = draw_rule.reserved(wave.conditions, places, standing)
    won: list[Any] = []
    for code in places:
        order = lots.ordered([each for each in standing if each.province == code])
        kept = (reserved.get(name, {}).get(code, 0) for name in ("disabled", "women"))
        won += draw_rule.winners(order, places[code], *kept)
    return tallied(standing), tallied(won)


def tallied(people: list[Any]) -> dict[Any, int]:
    keys = [(int(each.province), each.group, each.of_class) for each in people]
    return {key: keys.count(key) for key in keys}


def counted(people: Any, keys: Any, counts: Any) -> dict[Any, int]:
    cells = zip(people.province.tolist(), people.priority.tolist(), people.flags.tolist(), keys.tolist(), strict=True)
    found = {(province, group, class_): int(counts[cell]) for province, group, class_, cell in cells}
    return {key: count for key, count in found.items() if count}


def test_reserved_shares_help_whom_they_are_for() -> None:
    without = plan(changed(SCHEME, {"women": "0", "disabled": "0"}), women=200)
    with_them = plan(SCHEME, women=200)
    assert with_them.reserved["women"].wanted == 300
    assert with_them.reserved["women"].held >= with_them.reserved["women"].set_aside
    assert with_them.by["sex"]["women"].odds > 2 * without.by["sex"]["women"].odds


def test_priority_groups_come_first_and_those_with_other_aid_not_at_all() -> None:
    outcome = plan(terms_of_scheme("2020", 600, "2024"), laid_off=50, other_aid=100)
    assert outcome.by["group"]["laid_off"].odds > 0.95 > 3 * outcome.by["group"]["no priority"].odds
    assert outcome.by["other aid"]["yes"].joined == 0
    assert plan(SCHEME, other_aid=100).by["other aid"]["yes"].won > 0


def test_a_place_more_for_each_family_lets_more_stand() -> None:
    crowd = {"in_families": 900, "took_before": 300}
    limits = [plan(changed(SCHEME, {"family_limit": str(limit)}), **crowd) for limit in (1, 2, 4)]
    stood = [each.total.stood for each in limits]
    assert stood == sorted(set(stood))
    assert limits[2].total.joined * 3 - stood[2] < limits[0].total.joined * 3 - stood[0]


def test_provinces_that_were_split_later_are_drawn_with_the_old_one_and_told_by_themselves() -> None:
    old = terms_of_scheme("2023", 600, "2020")
    outcome = plan(old)
    assert "Papua Tengah" in outcome.by["province"]
    assert len(codes_of(old)) == 38 > len(old.basis.labour_force)


def test_a_plan_is_told_as_a_table_with_its_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "new" / "plan.svg"
    assert main([*SMALL, "--against", "2020", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    for words in ("by province", "Jawa Barat", "by group", "wanted 200, set aside 200", "1.6", "not with other aid"):
        assert words in said
    ElementTree.parse(out)  # noqa: S314 - our own file
    assert "Odds by province" in out.read_text("utf-8")


def test_json_says_the_same_with_what_it_was_made_from(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, *SMALL, "--against", "same", "--set", "women=900,training_grant=1000000")
    assert found["plan"]["total"]["places"] == found["against"]["total"]["places"] == 400
    assert found["plan"]["total"]["rupiah"] == 400 * 1_700_000
    assert found["against"]["total"]["rupiah"] == 400 * 4_200_000
    assert found["plan"]["terms"]["reserved_permille"] == {"women": 900, "disabled": 30}
    assert found["plan"]["by"]["sex"]["women"]["places"] > found["against"]["by"]["sex"]["women"]["places"]
    assert told(capsys, *SMALL) == told(capsys, *SMALL)


def test_a_published_list_is_planned_as_published_or_otherwise(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wave = random_wave(random.Random(9), most_people=200)
    file = tmp_path / "frozen.bundle"
    file.write_bytes(bundle(wave).frozen_alone())
    found = told(capsys, "--from", str(file), "--draws", "2", "--against", "same", "--set", "quota=3")
    assert found["plan"]["total"]["joined"] == len(wave.people)
    assert found["plan"]["terms"]["quota"] == 3
    assert found["against"]["terms"]["quota"] == wave.conditions["quota"] + wave.recovered
    assert found["against"]["terms"]["groups"] == wave.conditions["groups"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--entries", "0"], "--entries: a whole number from 1"),
        (["--entries", "1e6"], "--entries: a whole number"),
        (["--quota", "-1"], "--quota: a whole number from 0"),
        (["--draws", "0"], "--draws: a whole number from 1 to 10,000"),
        (["--seed", "x"], "--seed: a whole number"),
        (["--scheme", "1999"], "--scheme: one of 2020, 2023 is expected, not '1999'"),
        (["--against", "1999"], "--against: one of 2020, 2023"),
        (["--basis", "1999"], "--basis: one of 2020, 2024"),
        (["--set", "women"], "--set: name=number"),
        (["--set", "women=1001"], "--set women: a whole number from 0 to 1,000"),
        (["--set", "women=990,disabled=30"], "at most 1000 together"),
        (["--set", "men=3"], "can be set, not 'men'"),
        (["--set", "women=1,women=2"], "stands there twice"),
        (["--set", "groups=poor"], "--set groups: 'none', or some of furloughed, laid_off"),
        (["--set", "floor=x"], "--set floor: a whole number"),
        (["--share", "women=2000"], "--share women"),
        (["--share", "poor=20"], "can be set, not 'poor'"),
        (["--share", "laid_off=600,furloughed=600"], "at most 1000 together"),
        (["--from", "nowhere.bundle"], "nowhere.bundle"),
        (["--from", "x", "--entries", "3"], "--entries: people are those of --from"),
    ],
)
def test_a_wrong_question_is_answered_with_the_option_and_what_is_expected(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments if "--from" in arguments or "--entries" in arguments else ["--entries", "50", *arguments]
    assert main(given) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("draw-plan: ")


def test_what_a_published_list_does_not_know_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    chance = random.Random(9)
    wave = next(each for each in iter(lambda: random_wave(chance), None) if not each.conditions["groups"])
    file = tmp_path / "a.bundle"
    file.write_bytes(bundle(wave).written())
    for change, words in (("family_limit=1", "at least 2 is expected"), ("groups=laid_off", "does not say who")):
        assert main(["--from", str(file), "--set", change]) == 2
        assert words in capsys.readouterr().err


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for option in ("--entries", "--from", "--against", "--set", "--share", "--draws", "--basis", "--out", "--json"):
        assert option in said
