"""An empty name is the name of nothing. DynamoDB refuses it as a key, which is no outage."""

from collections.abc import Callable

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ApplicantId, CourseCode, ScheduleCode

pytestmark = pytest.mark.usefixtures("deployed")

READS: dict[str, Callable[[], object]] = {
    "account (verify_email with the token '~')": lambda: bootstrap.accounts().get(ApplicantId("")),
    "course (quota-schedule, send-otp)": lambda: bootstrap.courses().get(CourseCode("")),
    "schedule (quota-schedule, send-otp)": lambda: bootstrap.courses().schedule(CourseCode("kopi"), ScheduleCode("")),
}


@pytest.mark.parametrize("name", READS)
def test_nothing_goes_by_an_empty_name(name: str) -> None:
    assert READS[name]() is None
