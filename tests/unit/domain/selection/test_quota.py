"""Places per province: by labour force, exact in total, none unused while somebody waits."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.provinces import PROVINCES
from chalicelib.domain.selection import quota as rule
from chalicelib.domain.selection.quota import reserved_places

FORCE = {code: province.labour_force for code, province in PROVINCES.items()}
QUOTAS = st.integers(0, 6_000_000)
FLOORS = st.integers(0, 5_000)
DEMANDS = st.dictionaries(st.sampled_from(sorted(FORCE)), st.integers(0, 200_000))


def province_quotas(quota: int, floor: int) -> dict[str, int]:
    return rule.province_quotas(quota, floor, FORCE)


def places_per_province(quota: int, floor: int, demand: Mapping[str, int]) -> dict[str, int]:
    return rule.filled_places(quota, floor, FORCE, demand)


def hamilton(total: int, codes: list[str]) -> dict[str, int]:
    """Largest remainders once more, in whole numbers only."""
    whole = sum(FORCE[code] for code in codes)
    shares = {code: total * FORCE[code] // whole for code in codes}
    left = total - sum(shares.values())
    by_remainder = sorted(codes, key=lambda code: (-(total * FORCE[code] % whole), code))
    return {code: shares[code] + (code in by_remainder[:left]) for code in codes}


def quotas_again(quota: int, floor: int) -> dict[str, int]:
    """The rule by another way: raise provinces to the floor until nobody is below it."""
    raised: set[str] = set()
    while quota >= floor * len(FORCE):
        shares = dict.fromkeys(raised, floor) | hamilton(quota - floor * len(raised), sorted(FORCE.keys() - raised))
        below = {code for code, share in shares.items() if share < floor}
        if not below:
            return shares
        raised |= below
    return hamilton(quota, sorted(FORCE))


@given(QUOTAS, FLOORS)
def test_province_quotas_are_exact_in_total(quota: int, floor: int) -> None:
    shares = province_quotas(quota, floor)
    assert sum(shares.values()) == quota
    assert list(shares) == list(PROVINCES)
    assert min(shares.values()) >= 0


@given(QUOTAS, FLOORS)
@settings(max_examples=50)
def test_province_quotas_equal_an_independent_computation(quota: int, floor: int) -> None:
    assert province_quotas(quota, floor) == quotas_again(quota, floor)


@given(FLOORS, st.integers(0, 1_000_000))
def test_every_province_has_its_floor_while_there_is_enough(floor: int, more: int) -> None:
    assert min(province_quotas(floor * len(PROVINCES) + more, floor).values()) >= floor


@given(QUOTAS)
def test_without_a_floor_a_share_is_within_one_place_of_the_exact_one(quota: int) -> None:
    whole = sum(FORCE.values())
    for code, share in province_quotas(quota, 0).items():
        assert abs(share * whole - quota * FORCE[code]) < whole


def test_too_few_places_for_all_floors_are_shared_by_labour_force_alone() -> None:
    assert province_quotas(37, 1) == province_quotas(37, 0)
    assert max(province_quotas(37, 1), key=lambda code: province_quotas(37, 1)[code]) == "32"


def test_no_place_is_no_place_anywhere() -> None:
    assert set(province_quotas(0, 1).values()) == {0}
    assert set(places_per_province(0, 1, {"31": 100}).values()) == {0}


def test_a_launch_wave_is_shared_as_was_published() -> None:
    """Pinned: whoever changes the rule changes its version too."""
    shares = province_quotas(164_000, 1)
    told = {"32": 28_409, "35": 26_502, "33": 23_437, "31": 5_967, "96": 345, "93": 242}
    assert {code: shares[code] for code in told} == told


@given(QUOTAS, FLOORS, DEMANDS)
def test_places_are_all_filled_while_somebody_waits(quota: int, floor: int, demand: Mapping[str, int]) -> None:
    places = places_per_province(quota, floor, demand)
    assert sum(places.values()) == min(quota, sum(demand.values()))


@given(QUOTAS, FLOORS, DEMANDS)
def test_no_province_gets_more_places_than_it_has_people_waiting(
    quota: int, floor: int, demand: Mapping[str, int]
) -> None:
    places = places_per_province(quota, floor, demand)
    assert all(0 <= places[code] <= demand.get(code, 0) for code in places)


@given(QUOTAS, FLOORS, DEMANDS)
def test_what_other_provinces_leave_takes_nothing_from_ones_own_share(
    quota: int, floor: int, demand: Mapping[str, int]
) -> None:
    own = province_quotas(quota, floor)
    places = places_per_province(quota, floor, demand)
    assert all(places[code] >= min(own[code], demand.get(code, 0)) for code in places)


def test_unused_places_move_to_where_people_wait() -> None:
    own = province_quotas(1_000, 1)
    places = places_per_province(1_000, 1, {"31": 5_000, "93": 5_000})
    assert places["31"] + places["93"] == 1_000
    assert places["31"] > own["31"]
    assert places["93"] > own["93"]
    assert {code for code, filled in places.items() if filled} == {"31", "93"}


def test_unused_places_move_by_labour_force() -> None:
    places = places_per_province(1_000, 0, {"31": 5_000, "36": 5_000})
    spare = {code: places[code] - province_quotas(1_000, 0)[code] for code in ("31", "36")}
    assert spare["36"] / spare["31"] == pytest.approx(FORCE["36"] / FORCE["31"], rel=0.01)


def test_the_provinces_are_those_of_the_labour_force_survey() -> None:
    """BPS, February 2024."""
    assert len(PROVINCES) == 38
    assert list(PROVINCES) == sorted(PROVINCES)
    assert sum(FORCE.values()) == 149_373_908


def test_people_of_no_province_get_no_place() -> None:
    assert places_per_province(100, 0, {"00": 50, "31": 1})["31"] == 1


@given(st.integers(0, 50_000), DEMANDS, DEMANDS)
def test_reserved_places_are_all_there_where_people_are_for_them(
    total: int, filled: Mapping[str, int], there: Mapping[str, int]
) -> None:
    caps = {code: min(places, there.get(code, 0)) for code, places in filled.items()}
    reserved = reserved_places(total, filled, caps)
    assert sum(reserved.values()) == min(total, sum(caps.values()))
    assert all(0 <= reserved[code] <= caps[code] for code in caps)


def test_places_that_only_provinces_without_a_labour_force_could_take_stay_empty() -> None:
    assert rule.filled_places(10, 0, {"11": 0, "12": 5}, {"11": 9, "12": 3}) == {"11": 0, "12": 3}
    assert rule.filled_places(10, 2, {"11": 0, "12": 5}, {"11": 9, "12": 3}) == {"11": 2, "12": 3}
