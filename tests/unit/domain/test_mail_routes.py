"""By which provider mail leaves, and how that moves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail_routes import FIRST_QUOTA, MailPlan, Quota, first_plan, looked_at_again
from chalicelib.domain.mail_traffic import Slot, slot_of
from tests.fakes import NOON

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
QUOTAS = {"ses": Quota(14, 1_000), "sendgrid": Quota(10, 500)}
WELL = {"taken": 100, "quick": 100}
ILL = {"taken": 100, "quick": 10, "late": 90}


def a_plan(*shares: int) -> MailPlan:
    plan = first_plan(QUOTAS, now=NOON)
    routes = [replace(route, share=share) for route, share in zip(plan.routes, shares, strict=True)]
    return replace(plan, routes=tuple(routes))


def shares(plan: MailPlan) -> list[int]:
    return [route.share for route in plan.routes]


def look(
    plan: MailPlan, *, minutes: float = 10, ses: dict[str, int] = WELL, sendgrid: dict[str, int] = WELL
) -> MailPlan:
    """``minutes`` after noon, with such traffic eight minutes before."""
    now = NOON + minutes * MINUTE
    at = slot_of(now - 8 * MINUTE)
    traffic: dict[str, Sequence[Slot]] = {"ses": [Slot(at, **ses)], "sendgrid": [Slot(at, **sendgrid)]}
    return looked_at_again(plan, traffic, QUOTAS, now=now)


def test_at_first_all_mail_goes_by_the_first() -> None:
    assert shares(first_plan(QUOTAS, now=NOON)) == [100, 0]


def test_a_slow_provider_loses_a_step_a_minute_until_nothing_goes_by_it() -> None:
    plan = a_plan(100, 0)
    seen = []
    for minute in range(6):
        plan = look(plan, minutes=10 + minute, ses=ILL)
        seen.append(shares(plan))
    assert seen == [[80, 20], [60, 40], [40, 60], [20, 80], [0, 100], [0, 100]]


def test_a_provider_of_which_nothing_is_known_may_help() -> None:
    assert shares(look(a_plan(100, 0), ses=ILL, sendgrid={})) == [80, 20]


def test_when_both_are_slow_nothing_moves() -> None:
    assert shares(look(a_plan(60, 40), ses=ILL, sendgrid=ILL)) == [60, 40]


def test_the_second_gives_back_when_it_is_slow_itself() -> None:
    assert shares(look(a_plan(60, 40), sendgrid=ILL)) == [80, 20]


def test_what_was_lost_comes_back_a_step_at_a_time_each_when_the_last_has_shown() -> None:
    plan = look(a_plan(20, 80), ses=ILL)
    assert shares(plan) == [0, 100]
    seen = []
    for minute in range(1, 15):
        plan = look(plan, minutes=10 + minute)
        seen.append(shares(plan)[0])
    assert seen == [0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 20, 20, 20]


def test_it_comes_back_whole_and_stays() -> None:
    plan = a_plan(0, 100)
    for minute in range(6, 100):
        plan = look(plan, minutes=minute)
    assert shares(plan) == [100, 0]


def test_lots_fall_by_share_and_a_mail_keeps_its_lot() -> None:
    plan = a_plan(70, 30)
    keys = [SendKey(f"verify_email/{number}") for number in range(2_000)]
    first = Counter(plan.order_for(key)[0].provider for key in keys)
    assert 1_300 < first["ses"] < 1_500
    assert all(plan.order_for(key) == plan.order_for(key) for key in keys[:20])
    assert all(len(plan.order_for(key)) == 2 for key in keys)


def test_a_raised_quota_is_used_from_the_next_look_on() -> None:
    plan = looked_at_again(
        a_plan(100, 0), {"ses": [], "sendgrid": []}, {**QUOTAS, "ses": Quota(200, 10**6)}, now=NOON + MINUTE
    )
    assert plan.routes[0].quota == Quota(200, 10**6)


def test_a_days_mails_are_counted_once_however_often_somebody_looks() -> None:
    slots = [Slot(slot_of(NOON + 5 * MINUTE), taken=100)]
    plan = a_plan(100, 0)
    for minute in (16, 16, 17, 18):
        plan = looked_at_again(plan, {"ses": slots, "sendgrid": []}, QUOTAS, now=NOON + minute * MINUTE)
    assert sum(hour.taken for hour in plan.routes[0].hours) == 100
    later = looked_at_again(plan, {"ses": [], "sendgrid": []}, QUOTAS, now=NOON + DAY + 2 * timedelta(hours=1))
    assert not later.routes[0].hours


@pytest.mark.parametrize(
    ("taken", "announcement", "room"),
    [(899, True, True), (900, True, False), (999, False, True), (1_000, False, False)],
)
def test_announcements_leave_a_tenth_of_the_day_to_what_is_asked_for(
    taken: int, announcement: bool, room: bool
) -> None:
    assert a_plan(100, 0).routes[0].has_room_today(taken, is_announcement=announcement) is room


def test_eight_complaints_in_ten_thousand_are_too_many_and_fade() -> None:
    at = slot_of(NOON + 5 * MINUTE)
    plan = a_plan(100, 0)
    seven = {"ses": [Slot(at, taken=100, complained=7)], "sendgrid": []}
    plan = looked_at_again(plan, seven, QUOTAS, now=NOON + 16 * MINUTE)
    assert not plan.routes[0].draws_complaints
    eighth = {"ses": [Slot(at + MINUTE, complained=1)], "sendgrid": []}
    plan = looked_at_again(plan, eighth, QUOTAS, now=NOON + 18 * MINUTE)
    assert plan.routes[0].draws_complaints
    good = {"ses": [Slot(at + 4 * MINUTE, taken=2_000)], "sendgrid": []}
    plan = looked_at_again(plan, good, QUOTAS, now=NOON + 22 * MINUTE)
    assert not plan.routes[0].draws_complaints


def test_what_a_provider_does_not_say_leaves_its_quota_as_it_was() -> None:
    plan = looked_at_again(a_plan(100, 0), {"ses": [], "sendgrid": []}, {"ses": None, "sendgrid": None}, now=NOON)
    assert [route.quota for route in plan.routes] == list(QUOTAS.values())
    assert first_plan({"ses": None}, now=NOON).routes[0].quota == FIRST_QUOTA


def test_a_quota_without_bounds_has_room_and_one_of_nothing_is_closed() -> None:
    route = first_plan({"ses": Quota(500, -1)}, now=NOON).routes[0]
    assert route.has_room_today(10**9, is_announcement=True)
    assert not route.is_closed
    assert first_plan({"ses": Quota(0, 50_000)}, now=NOON).routes[0].is_closed


def test_a_provider_that_comes_or_goes_finds_its_place() -> None:
    new = {"ses": Quota(1, 1), "postmark": Quota(2, 2)}
    plan = looked_at_again(a_plan(40, 60), {"ses": [], "postmark": []}, new, now=NOON)
    assert [(route.provider, route.share) for route in plan.routes] == [("ses", 100), ("postmark", 0)]
