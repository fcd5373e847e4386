"""Put a course on the list, with a schedule to attend it by."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, NotFound, StaleWrite
from chalicelib.domain.identifiers import ClientCode, CourseCode
from chalicelib.domain.money import Rupiah
from chalicelib.domain.training import Course, Schedule
from chalicelib.use_cases.training.list_course import list_course, list_schedule
from tests.builders import PLATFORM, PROVIDER, a_course, a_partner, a_schedule
from tests.fakes import NOON, World


@pytest.fixture
def world() -> World:
    """With both partners enrolled."""
    world = World()
    for code in (PLATFORM, PROVIDER):
        world.courses.put_partner(a_partner(code))
    return world


def listed(world: World, **changes: Any) -> Course | None:
    course = a_course(**changes)
    list_course(course, courses=world.courses)
    return world.courses.get(course.code)


def scheduled(world: World, **changes: Any) -> Schedule | None:
    schedule = a_schedule(**changes)
    list_schedule(schedule, courses=world.courses)
    return world.courses.schedule(schedule.course_code, schedule.code)


def test_a_course_is_listed(world: World) -> None:
    assert listed(world) == replace(a_course(), version=1)


def test_a_listed_course_may_be_listed_anew(world: World) -> None:
    listed(world)
    assert listed(world, price=Rupiah(1)) == replace(a_course(), price=Rupiah(1), version=2)


def test_a_category_that_no_scheme_knows_is_refused(world: World) -> None:
    """Mistyped, the course would be paid for whole."""
    assert listed(world, category="ai_certification")
    with pytest.raises(InvalidInput, match="category_unknown") as refusal:
        listed(world, category="ai_certificaton")
    assert refusal.value.field == "category"
    assert refusal.value.details == {"known": "ai_certification, general"}


def test_two_changes_at_once_are_one(world: World) -> None:
    listed(world)
    world.courses.fails_before("put", StaleWrite())
    with pytest.raises(StaleWrite):
        listed(world, price=Rupiah(1))


def test_a_platform_does_not_curate_its_own_courses(world: World) -> None:
    """250 of 1,895 courses did (audit)."""
    with pytest.raises(InvalidInput, match="platform_is_provider"):
        listed(world, provider=PLATFORM)
    assert world.courses.get(a_course().code) is None


@pytest.mark.parametrize("field", ["platform", "provider"])
def test_a_course_of_strangers_is_not_listed(world: World, field: str) -> None:
    with pytest.raises(InvalidInput, match="partner_unknown") as refusal:
        listed(world, **{field: ClientCode("stranger")})
    assert refusal.value.field == field


def test_a_course_gets_a_schedule(world: World) -> None:
    listed(world)
    assert scheduled(world) == replace(a_schedule(), version=1)


def test_a_schedule_of_no_course_is_refused(world: World) -> None:
    with pytest.raises(NotFound, match="course_unknown"):
        scheduled(world, course_code=CourseCode("never"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sessions": 0}, "sessions"),
        ({"sessions": 11}, "sessions"),
        ({"ends_on": NOON.date()}, "ends_on"),
    ],
)
def test_a_schedule_that_cannot_be_names_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    listed(world)
    with pytest.raises(InvalidInput) as refusal:
        scheduled(world, **changes)
    assert refusal.value.field == field


def test_a_schedule_of_one_day_and_of_ten_sessions_can_be(world: World) -> None:
    listed(world)
    day = NOON.date() + timedelta(days=1)
    assert scheduled(world, ends_on=day, sessions=10)


def test_a_schedule_in_which_people_bought_seats_is_not_changed(world: World) -> None:
    listed(world)
    first = scheduled(world)
    with pytest.raises(Conflict):
        scheduled(world, seats=1)
    assert world.courses.schedule(a_course().code, a_schedule().code) == first


def test_who_lists_a_schedule_twice_is_told_that_it_is_there(world: World) -> None:
    listed(world)
    scheduled(world)
    with pytest.raises(AlreadyDone, match="schedule_already_listed"):
        scheduled(world, seats=1)
