"""Never more awards than places, nor fewer than there are people for: whatever is doubled, reordered, killed."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.selection.freed_places import class_of
from chalicelib.domain.selection.tickets import Lottery
from chalicelib.domain.waves import EntryState, WaveEntry
from tests.drawn import SEED
from tests.simulation.awarding import NUMBER, PROVINCES, Awarding

LOTTERY = Lottery(SEED, 1)
CALM: Mapping[str, Any] = {}
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "calm": CALM,
    "everything twice (F1, F2)": {"doubled": 0.5},
    "killed (F3, F7)": {"killed": 0.05},
    "killed and doubled": {"killed": 0.05, "doubled": 0.4},
    "overtaken by others": {"overtaken": 0.2},
    "overtaken, killed and doubled": {"overtaken": 0.1, "killed": 0.03, "doubled": 0.3},
    "most of them blocked": {"blocked": 0.9, "doubled": 0.2},
    "some of them unknown (F8)": {"unknown": 0.3, "killed": 0.02},
    "more places than people": {"places": 40, "doubled": 0.2},
    "lists come and are taken back": {"turning": 0.3},
    "lists come and go, killed and overtaken": {"turning": 0.2, "overtaken": 0.1, "killed": 0.03, "doubled": 0.3},
    "hardly anybody": {"people": 3, "places": 2, "doubled": 0.3},
}
TOUCHED = (EntryState.CHOSEN, EntryState.EXCLUDED)


def check(site: Awarding) -> None:
    _places_are_kept(site)
    _each_exclusion_freed_one_place(site)
    _no_family_has_three(site)
    _order_was_kept(site)
    assert site.recipients() <= {entry.applicant_id for entry in site.states() if entry.state is EntryState.CHOSEN}
    assert EntryState.JOINED not in {entry.state for entry in site.states()}


def _places_are_kept(site: Awarding) -> None:
    """Awarded, lapsed and still open are all that there were."""
    for province in PROVINCES:
        here = [entry for entry in site.states() if entry.province_code == province]
        filled = min(site.places[province], len(here))
        held = sum(entry.state is EntryState.CHOSEN for entry in here)
        lapsed = site.world.places.order(NUMBER, province).lapsed
        assert held + lapsed == filled, province
        if lapsed:
            assert {entry.state for entry in here} <= set(TOUCHED), "a place lapsed while somebody waited"


def _each_exclusion_freed_one_place(site: Awarding) -> None:
    excluded = {entry.applicant_id for entry in site.states() if entry.state is EntryState.EXCLUDED}
    freed = site.world.places.all()
    assert {place.freed_by for place in freed} == excluded
    heirs = Counter(place.passed_to for place in freed if place.passed_to)
    assert not [heir for heir, times in heirs.items() if times > 1]


def _no_family_has_three(site: Awarding) -> None:
    families = Counter(membership.family for membership in site.world.memberships.all())
    assert max(families.values(), default=0) <= 2


def _order_was_kept(site: Awarding) -> None:
    """In each stratum those who had a place, if only for a while, are the lowest tickets."""
    strata: defaultdict[tuple[str, int, int], list[WaveEntry]] = defaultdict(list)
    for entry in site.states():
        strata[entry.province_code, entry.group, class_of(entry)].append(entry)
    for members in strata.values():
        members.sort(key=lambda entry: LOTTERY.ticket(bytes.fromhex(entry.pseudonym)))
        touched = [entry.state in TOUCHED for entry in members]
        assert touched == sorted(touched, reverse=True)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("fault", FAULTS)
def test_places_are_kept_whatever_goes_wrong(fault: str, seed: int) -> None:
    site = Awarding(seed, **FAULTS[fault])
    site.drain()
    check(site)
    if "unknown" not in FAULTS[fault]:
        chosen = {entry.applicant_id for entry in site.states() if entry.state is EntryState.CHOSEN}
        assert site.recipients() == chosen, "somebody who was chosen waits for an award that nobody makes"


@pytest.mark.parametrize("seed", range(4))
def test_dead_letters_of_days_ago_change_nothing(seed: int) -> None:
    """F14: redriven, twice."""
    site = Awarding(seed)
    site.drain()
    before = {entry.applicant_id: entry.state for entry in site.states()}, site.recipients()
    for queue in (Queue.AWARDS_TO_MAKE, Queue.PLACES_TO_REFILL):
        site.again([(queue, {"wave": 1, "applicant_id": entry.applicant_id}) for entry in site.states()] * 2)
    site.again([(Queue.RESULTS_TO_RECORD, {"wave": 1, "shard": shard}) for shard in range(64)])
    site.world.clock.passes(days=8)
    site.drain()
    assert ({entry.applicant_id: entry.state for entry in site.states()}, site.recipients()) == before
    check(site)


def test_a_run_is_the_same_again() -> None:
    first, second = (Awarding(3, killed=0.05, doubled=0.4) for _ in range(2))
    for site in (first, second):
        site.drain()
    assert first.states() == second.states()
