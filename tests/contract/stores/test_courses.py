"""What ``Courses`` promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import ClientCode, CourseCode, ScheduleCode
from chalicelib.ports import Courses
from tests.builders import a_course, a_partner, a_schedule
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh


def code() -> str:
    """Later codes sort later, so that a page begins where a test's own begin."""
    return f"course-{fresh():06d}"


def test_a_course_comes_back_as_it_was_listed(courses: Courses) -> None:
    course = a_course(code())
    courses.put(course)
    assert courses.get(course.code) == replace(course, version=1)


def test_what_was_never_listed_is_not_there(courses: Courses) -> None:
    unknown = code()
    assert courses.get(CourseCode(unknown)) is None
    assert courses.schedule(CourseCode(unknown), ScheduleCode("maret")) is None
    assert not courses.schedules(CourseCode(unknown))
    assert courses.partner(ClientCode(unknown)) is None


def test_a_stale_course_is_refused(courses: Courses) -> None:
    course = a_course(code())
    courses.put(course)
    with pytest.raises(StaleWrite):
        courses.put(replace(course, title="Another"))
    assert courses.get(course.code) == replace(course, version=1)


def test_courses_are_paged_by_code(courses: Courses) -> None:
    before, *codes = (code() for _ in range(6))
    for each in reversed(codes):
        courses.put(a_course(each))
    first = courses.page(after=CourseCode(before), limit=3)
    second = courses.page(after=first[-1].code, limit=3)
    assert [course.code for course in [*first, *second]] == codes


def test_schedules_of_a_course_are_told_by_code(courses: Courses) -> None:
    course, other = code(), code()
    for schedule, of in (("b", course), ("a", course), ("c", other)):
        courses.put_schedule(a_schedule(schedule, of))
    assert [each.code for each in courses.schedules(CourseCode(course))] == ["a", "b"]
    assert courses.schedule(CourseCode(course), ScheduleCode("c")) is None
    assert courses.schedule(CourseCode(course), ScheduleCode("a")) == replace(a_schedule("a", course), version=1)


def test_a_schedule_cannot_be_written_over(courses: Courses) -> None:
    schedule = a_schedule(course=code())
    courses.put_schedule(schedule)
    with pytest.raises(StaleWrite):
        courses.put_schedule(replace(schedule, seats=1_000))
    assert courses.schedule(schedule.course_code, schedule.code) == replace(schedule, version=1)


def test_a_partner_comes_back_with_its_key(courses: Courses) -> None:
    for is_sandbox in (False, True):
        partner = a_partner(code(), clock_window=timedelta(minutes=90), is_sandbox=is_sandbox)
        courses.put_partner(partner)
        assert courses.partner(partner.client_code) == replace(partner, version=1)


def test_a_partner_is_not_enrolled_over_another(courses: Courses) -> None:
    partner = a_partner(code())
    courses.put_partner(partner)
    with pytest.raises(StaleWrite):
        courses.put_partner(replace(partner, sign_key="an intruder's"))
    assert courses.partner(partner.client_code) == replace(partner, version=1)


def test_a_lost_reply_does_not_make_a_new_partner_a_known_one(stores: Stores) -> None:
    partner = a_partner(code())
    with stores.one_reply_lost():
        stores.courses.put_partner(partner)
    assert stores.courses.partner(partner.client_code) == replace(partner, version=1)
