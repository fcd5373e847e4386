"""What a wave may be planned as, changed to and approved as."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.wave_plans import WavePlan, approve_wave, change_wave, plan_wave, wave_of
from chalicelib.domain.waves import LONGEST_AHEAD, SETTLING_TIME, Wave, WaveState
from tests.builders import CHECKER, MAKER
from tests.fakes import NOON

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
END_OF_TIME, LONG_AGO = (datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC) for year in (9999, 1))
PLAN = WavePlan(
    number=7,
    opens_at=NOON + HOUR,
    closes_at=NOON + 3 * DAY,
    announces_at=NOON + 4 * DAY,
    quota=164_000,
    scheme="2023",
)


def a_plan(**changes: Any) -> Wave:
    return wave_of(replace(PLAN, **changes), secret="secret", planned_by=MAKER)


def approved(**changes: Any) -> Wave:
    return replace(a_plan(**changes), state=WaveState.APPROVED, approved_by=CHECKER)


def test_what_a_plan_leaves_open_follows_from_its_scheme_and_its_times() -> None:
    wave = a_plan()
    assert (wave.draws_at, wave.training_starts_at) == (NOON + 3.5 * DAY, NOON + 5 * DAY)
    assert (wave.basis, wave.floor, wave.groups) == ("2024", 1, ())
    assert (wave.reserved_permille, wave.recovers) == ({"women": 500, "disabled": 30}, ())
    semi_aid = a_plan(scheme="2020")
    assert (semi_aid.groups, semi_aid.reserved_permille) == (("laid_off", "furloughed"), {})


def test_what_a_plan_states_counts() -> None:
    stated = {"basis": "2020", "floor": 0, "groups": ("furloughed",), "reserved_permille": {}, "recovers": (3, 2)}
    wave = a_plan(**stated)
    assert (wave.basis, wave.floor, wave.groups, wave.reserved_permille) == ("2020", 0, ("furloughed",), {})
    assert wave.recovers == (2, 3)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"quota": 0},
        {"floor": 0},
        {"opens_at": NOON},
        {"announces_at": NOON + LONGEST_AHEAD},
        {"draws_at": NOON + 3 * DAY + SETTLING_TIME + SECOND},
        {"draws_at": NOON + 4 * DAY - SECOND},
        {"training_starts_at": NOON + 4 * DAY},
        {"reserved_permille": {"women": 1000, "disabled": 0}},
    ],
)
def test_what_can_be_is_planned_as_it_is_stated(changes: dict[str, Any]) -> None:
    assert plan_wave(a_plan(**changes), now=NOON) == a_plan(**changes)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"quota": -1}, "quota", "number_negative"),
        ({"floor": -1}, "floor", "number_negative"),
        ({"opens_at": NOON - SECOND}, "opens_at", "time_is_past"),
        ({"closes_at": NOON + HOUR}, "closes_at", "time_not_after"),
        ({"announces_at": NOON + 3 * DAY}, "announces_at", "time_not_after"),
        ({"announces_at": NOON + 3 * DAY + SETTLING_TIME}, "announces_at", "time_not_after"),
        ({"announces_at": END_OF_TIME}, "announces_at", "time_too_far"),
        ({"closes_at": END_OF_TIME}, "announces_at", "time_not_after"),
        ({"announces_at": LONG_AGO}, "announces_at", "time_not_after"),
        ({"draws_at": LONG_AGO}, "draws_at", "time_too_soon_after"),
        ({"announces_at": NOON + LONGEST_AHEAD + SECOND}, "announces_at", "time_too_far"),
        ({"draws_at": NOON + 3 * DAY + SETTLING_TIME}, "draws_at", "time_too_soon_after"),
        ({"draws_at": NOON + 4 * DAY}, "draws_at", "time_not_before"),
        ({"training_starts_at": NOON + 4 * DAY - SECOND}, "training_starts_at", "time_before"),
        ({"training_starts_at": NOON + 2 * LONGEST_AHEAD}, "training_starts_at", "time_too_far"),
        ({"groups": ("friends",)}, "groups", "group_unknown"),
        ({"groups": ("laid_off", "laid_off")}, "groups", "named_twice"),
        ({"reserved_permille": {"men": 10}}, "reserved_permille", "reserved_class_unknown"),
        ({"reserved_permille": {"women": 1001}}, "reserved_permille", "reserved_out_of_range"),
        ({"reserved_permille": {"women": -1}}, "reserved_permille", "reserved_out_of_range"),
        ({"reserved_permille": {"women": 971, "disabled": 30}}, "reserved_permille", "reserved_over_whole"),
    ],
)
def test_a_plan_that_cannot_be_names_its_field(changes: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        plan_wave(a_plan(**changes), now=NOON)
    assert (refusal.value.field, refusal.value.code) == (field, code)


@pytest.mark.parametrize(
    ("changes", "field"), [({"scheme": "2031"}, "scheme"), ({"basis": "1999"}, "basis"), ({"number": 0}, "number")]
)
def test_a_plan_of_nothing_known_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_plan(**changes)
    assert refusal.value.field == field


def test_a_change_needs_approval_again_and_keeps_the_commitment() -> None:
    wanted = wave_of(replace(PLAN, quota=9), secret="another", planned_by=CHECKER)
    changed = change_wave(approved(), wanted, now=NOON)
    assert (changed.quota, changed.state, changed.planned_by) == (9, WaveState.PLANNED, CHECKER)
    assert (changed.approved_by, changed.commitment) == (None, a_plan().commitment)


def test_a_change_is_held_to_what_a_plan_is_held_to() -> None:
    with pytest.raises(InvalidInput, match="number_negative"):
        change_wave(approved(), a_plan(quota=-1), now=NOON)


def test_an_approved_wave_is_left_alone_from_just_before_it_opens() -> None:
    last = PLAN.opens_at - SETTLING_TIME
    assert change_wave(approved(), a_plan(quota=9), now=last - SECOND).quota == 9
    with pytest.raises(Conflict, match="wave_opens"):
        change_wave(approved(), a_plan(quota=9), now=last)
    with pytest.raises(IllegalTransition):
        change_wave(replace(approved(), state=WaveState.OPEN), a_plan(quota=9), now=last)


def test_a_plan_whose_opening_passed_without_approval_can_be_put_off() -> None:
    later = {name: getattr(PLAN, name) + 7 * DAY for name in ("opens_at", "closes_at", "announces_at")}
    assert change_wave(a_plan(), a_plan(**later), now=PLAN.opens_at + DAY).opens_at == later["opens_at"]


def test_a_wave_is_approved_by_somebody_else_before_it_opens() -> None:
    wave = approve_wave(a_plan(), CHECKER, now=PLAN.opens_at - SECOND)
    assert (wave.state, wave.approved_by, wave.planned_by) == (WaveState.APPROVED, CHECKER, MAKER)
    with pytest.raises(NotAllowed, match="planner_may_not_approve"):
        approve_wave(a_plan(), MAKER, now=NOON)
    with pytest.raises(Conflict, match="wave_opening_is_past"):
        approve_wave(a_plan(), CHECKER, now=PLAN.opens_at)
    with pytest.raises(IllegalTransition):
        approve_wave(approved(), StaffId("citra"), now=NOON)
