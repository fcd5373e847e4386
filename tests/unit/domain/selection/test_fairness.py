"""Nobody gains by where they stand, where they live or when they joined: 10,000 small draws, counted."""

from hashlib import sha256

import numpy as np
import pytest

from chalicelib.domain.selection.rows import LIST
from chalicelib.domain.selection.strata import draw_province
from chalicelib.domain.selection.stratum import Allotment
from chalicelib.domain.selection.tickets import Lottery

DRAWS, PROVINCES, PEOPLE, PLACES = 10_000, 2, 12, 4
CRITICAL = 37.4
"""Chi-square with 11 degrees of freedom exceeds it less than once in 10,000 fair runs; with 1, less still. These runs
are always the same ones, so a fair draw passes always."""


@pytest.fixture(scope="module")
def wins() -> dict[str, np.ndarray]:
    """How often whoever joined as the n-th won, whoever stands in the n-th place, and each person of two provinces."""
    by_joining, by_place, by_person = np.zeros(PEOPLE), np.zeros(PEOPLE), np.zeros(PEOPLE)
    for number in range(DRAWS):
        lottery = Lottery(sha256(f"seed {number}".encode()).digest(), wave=number)
        names = [sha256(f"{number}/{person}".encode()).digest()[:16] for person in range(PEOPLE)]
        joined = np.argsort(np.array(names, "S16"))
        rows = np.zeros(PEOPLE, LIST)
        rows["pseudonym"] = np.array([names[person] for person in joined], "V16")
        won = draw_province(rows, None, Allotment(PLACES), lottery).winners
        by_place[won] += 1
        by_joining[joined[won]] += 1
        for province in range(PROVINCES):
            # Half of the people and of the places in each: the draw of each province is its own.
            half = joined % PROVINCES == province
            there = draw_province(rows[half], None, Allotment(PLACES // PROVINCES), lottery).winners
            by_person[joined[half][there]] += 1
    return {"joining": by_joining, "place": by_place, "province": by_person}


@pytest.mark.parametrize("of", ["joining", "place", "province"])
def test_everybody_wins_as_often(wins: dict[str, np.ndarray], of: str) -> None:
    counts = wins[of]
    assert counts.sum() == DRAWS * PLACES
    expected = counts.sum() / len(counts)
    # Winners of one draw are drawn without replacement, which makes the statistic smaller, never larger.
    assert ((counts - expected) ** 2 / expected).sum() < CRITICAL


def test_an_unfair_draw_would_be_seen() -> None:
    counts = np.full(PEOPLE, DRAWS * PLACES / PEOPLE)
    counts[0] *= 1.15
    expected = counts.sum() / len(counts)
    assert ((counts - expected) ** 2 / expected).sum() > CRITICAL
