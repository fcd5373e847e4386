"""One account named by several people."""

from datetime import timedelta

from chalicelib.domain.account_namings import MOST_KEPT, AccountNaming, named_by
from tests.builders import an_applicant_id
from tests.fakes import NOON


def named(*days: float) -> AccountNaming:
    """By another person each time."""
    naming = AccountNaming("bni")
    for number, day in enumerate(days, start=1):
        naming = named_by(naming, an_applicant_id(number), now=NOON + timedelta(days=day))
    return naming


def test_three_people_within_a_month_are_suspicious() -> None:
    assert named(0, 1).suspicious_at is None
    assert named(0, 1, 29).suspicious_at == NOON + timedelta(days=29)
    assert named(0, 1, 30).suspicious_at is None


def test_one_person_who_tries_three_times_is_not() -> None:
    naming = AccountNaming("bni")
    for hours in range(5):
        naming = named_by(naming, an_applicant_id(), now=NOON + timedelta(hours=hours))
    assert (naming.suspicious_at, len(naming.people)) == (None, 1)


def test_a_mark_stays() -> None:
    naming = named_by(named(0, 1, 2), an_applicant_id(9), now=NOON + timedelta(days=400))
    assert (naming.suspicious_at, list(naming.people)) == (NOON + timedelta(days=2), [an_applicant_id(9)])


def test_of_very_many_the_newest_are_kept() -> None:
    naming = named(*(each / 100 for each in range(100)))
    assert len(naming.people) == MOST_KEPT
    assert an_applicant_id(100) in naming.people
