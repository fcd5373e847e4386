"""Whole lives in small: the simulator's own behaviour. Its many seeds are run by ``make simulate``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.life.bugs import draws, money, people
from tests.simulation.life.bugs.planting import BUGS
from tests.simulation.life.functions import functions
from tests.simulation.life.plain import fates, lived, plain_town
from tests.simulation.life.run import run_seed
from tests.simulation.life.simulate import kept_seeds

ROOT = Path(__file__).parents[2]
FEW = 5
_MODULES = (draws, money, people)


@pytest.mark.parametrize("seed", [*kept_seeds(), *range(1, FEW + 1)])
def test_all_holds(seed: int) -> None:
    outcome = run_seed(seed)
    assert outcome.problem is None, "\n".join([str(outcome.problem), *outcome.last])
    assert outcome.operations >= 200


def test_in_a_plain_life_everybody_is_paid() -> None:
    town = plain_town()
    assert lived(town) is None
    assert all("settled" in fate for fate in fates(town))


def test_the_same_seed_is_the_same_log_in_every_process() -> None:
    """Whatever the order of hashes in it."""
    logs = {_replayed("0"), _replayed("1")}
    assert len(logs) == 1
    assert b"log " in logs.pop()


def _replayed(hash_seed: str, *options: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "tests.simulation.life", "replay", "--seed", "3", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True).stdout


def test_on_moto_the_short_way_is_the_long_way() -> None:
    """Byte for byte, with what the tables refuse."""
    short, long = _replayed("0", "--engine", "moto"), _replayed("0", "--engine", "moto", "--long-way")
    assert short.count(b"\n") > 200
    assert short == long


def test_every_function_of_the_application_plays() -> None:
    found = functions()
    assert len(found.queues) > 20
    assert {"follow_payouts", "feed_draws"} <= {each.name for each in found.streams}


def test_there_are_enough_bugs() -> None:
    assert len(BUGS) >= 30


@pytest.mark.parametrize("name", ["sale-without-posting", "wrong-amount", "nik-in-the-log", "latecomers-forgotten"])
def test_a_planted_bug_is_found_and_named(name: str) -> None:
    problems = [run_seed(seed, plant=BUGS[name].plant).problem or "" for seed in range(1, FEW + 1)]
    found_by = {each.partition(":")[0] for each in problems if each}
    assert found_by & set(BUGS[name].found_by)
