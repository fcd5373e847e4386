"""Put a course on the list, with a schedule to attend it by."""

from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, InvalidInput, NotFound, StaleWrite
from chalicelib.domain.schemes import course_categories
from chalicelib.domain.training import POST_TEST, Course, Schedule
from chalicelib.ports import Courses

MOST_SESSIONS = 10


def list_course(course: Course, *, courses: Courses) -> None:
    """New, or in place of the one with this code. The platform may not be the provider: it may not curate its own."""
    if course.platform == course.provider:
        raise InvalidInput("platform_is_provider", field="provider")
    if course.category not in course_categories():
        raise InvalidInput("category_unknown", field="category", known=", ".join(course_categories()))
    for client_code, field in ((course.platform, "platform"), (course.provider, "provider")):
        if courses.partner(client_code) is None:
            raise InvalidInput("partner_unknown", field=field)
    known = courses.get(course.code)
    courses.put(replace(course, version=known.version if known else 0))


def list_schedule(schedule: Schedule, *, courses: Courses) -> None:
    """New; a schedule that people bought a seat in is not changed."""
    if courses.get(schedule.course_code) is None:
        raise NotFound("course_unknown", field="course_code")
    if not 1 <= schedule.sessions <= MOST_SESSIONS:
        raise InvalidInput("sessions_out_of_range", field="sessions", most=MOST_SESSIONS, post_test=POST_TEST)
    if schedule.ends_on < schedule.starts_on:
        raise InvalidInput("time_not_after", field="ends_on", other="starts_on")
    try:
        courses.put_schedule(schedule)
    except StaleWrite:
        raise AlreadyDone("schedule_already_listed", field="schedule") from None
