"""A registry is asked as much as it can bear, and who refuses us refuses nobody else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from chalicelib.domain.registry_budget import (
    HALVE,
    LEAST_PER_SECOND,
    LOWER,
    MOST_FAILURES,
    PROBE_EVERY,
    RAISE,
    Budget,
    Quota,
    after_answer,
    after_last_of_the_day,
    after_nonsense,
    after_trouble,
    agreed_anew,
    begin_probe,
    first_budget,
)
from tests.fakes import NOON

SECOND = timedelta(seconds=1)
AGREED = Quota(per_second=40, per_day=1_000)


def a_budget(per_second: float = 20.0) -> Budget:
    """Well known: it answers in a fifth of a second when nobody else asks."""
    return Budget("population", 40, per_second, NOON - SECOND, is_first_raise=False, quickest_seconds=0.2)


def answered(budget: Budget, took_seconds: float, *, now: datetime = NOON + 10 * SECOND) -> Budget:
    return after_answer(budget, now - timedelta(seconds=took_seconds), now=now)


def test_a_registry_that_answers_at_once_is_asked_more_and_one_that_lets_us_wait_less() -> None:
    assert answered(a_budget(), 0.3).per_second == pytest.approx(20 * RAISE)
    assert answered(a_budget(), 0.8).per_second == 20
    assert answered(a_budget(), 1.2).per_second == pytest.approx(20 * LOWER)


def test_a_registry_that_is_slow_by_nature_is_not_taken_for_a_busy_one() -> None:
    slow = replace(a_budget(), quickest_seconds=2.0)
    assert answered(slow, 2.1).per_second > 20
    assert answered(slow, 3.0).per_second < 20


def test_what_was_agreed_is_never_passed_and_nobody_is_ever_given_up() -> None:
    high, low = a_budget(39.9), a_budget(LEAST_PER_SECOND)
    assert answered(high, 0.2).per_second == 40
    assert after_trouble(low, now=NOON).per_second == LEAST_PER_SECOND


def test_an_answer_to_a_question_from_before_the_last_step_moves_nothing() -> None:
    budget = replace(a_budget(), moved_at=NOON)
    assert after_answer(budget, NOON - SECOND, now=NOON + SECOND).per_second == 20


def test_a_clock_that_was_put_back_does_not_stop_the_steps() -> None:
    budget = replace(a_budget(), moved_at=NOON + timedelta(hours=1))
    assert answered(budget, 0.3).per_second > 20
    assert after_answer(budget, NOON + SECOND, now=NOON).per_second == 20


def test_trouble_halves_the_pace_and_trouble_upon_trouble_opens_the_breaker() -> None:
    budget = after_trouble(a_budget(), now=NOON)
    assert (budget.per_second, budget.is_down) == (20 * HALVE, False)
    for _ in range(MOST_FAILURES - 1):
        budget = after_trouble(budget, now=NOON)
    assert budget.down_since == NOON
    assert budget.per_second == 20 * HALVE  # all at the same moment: one step


def test_while_it_is_down_there_is_one_probe_in_half_a_minute() -> None:
    budget = replace(a_budget(), down_since=NOON, probed_at=NOON, failures=MOST_FAILURES)
    assert not budget.may_probe(NOON + PROBE_EVERY - SECOND)
    assert budget.may_probe(NOON + PROBE_EVERY)
    assert not begin_probe(budget, now=NOON + PROBE_EVERY).may_probe(NOON + PROBE_EVERY + SECOND)


def test_the_first_answer_closes_the_breaker_and_the_time_of_the_outage_is_not_forgotten_before() -> None:
    down = replace(a_budget(), down_since=NOON, failures=MOST_FAILURES)
    assert after_trouble(down, now=NOON + 60 * SECOND).down_since == NOON
    assert not answered(down, 0.3).is_down


def test_a_quota_that_is_used_up_ends_at_midnight_in_jakarta() -> None:
    used_up = after_last_of_the_day(a_budget(), now=NOON)
    midnight = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert used_up.is_used_up(midnight - SECOND)
    assert not used_up.is_used_up(midnight)


def test_an_agreement_of_today_holds_from_today() -> None:
    assert first_budget("population", AGREED).per_second == 10
    lower = agreed_anew(a_budget(30), Quota(per_second=12, per_day=5))
    assert (lower.per_second, lower.most_per_second) == (12, 12)
    higher = agreed_anew(a_budget(30), Quota(per_second=90, per_day=5))
    assert (higher.per_second, higher.most_per_second) == (30, 90)


def paces(times: Iterable[float], *, budget: Budget | None = None) -> Budget:
    """Answers that took so long, one after the other."""
    now, budget = NOON, budget or first_budget("population", Quota(50, 10**6))
    for took in times:
        now += timedelta(seconds=max(took, 0.6))
        budget = after_answer(budget, now - timedelta(seconds=took), now=now)
    return budget


@pytest.mark.parametrize(("median", "spread"), [(0.15, 0.5), (1.0, 0.5), (1.5, 0.5)])
def test_answers_that_differ_by_nature_are_not_taken_for_a_queue_of_ours(median: float, spread: float) -> None:
    chance = Random(7)
    times = [median * chance.lognormvariate(0, spread) for _ in range(2_000)]
    assert paces(times).per_second > 40


def test_a_rare_answer_that_was_kept_in_store_does_not_make_all_others_slow() -> None:
    chance = Random(7)
    times = [0.05 if chance.random() < 0.002 else 1.0 for _ in range(3_000)]
    assert paces(times).per_second > 40


def test_an_answer_from_before_it_closed_does_not_open_it() -> None:
    down = replace(a_budget(), down_since=NOON, probed_at=NOON, failures=MOST_FAILURES)
    assert after_answer(down, NOON - SECOND, now=NOON + SECOND).is_down
    used_up = after_last_of_the_day(a_budget(), now=NOON)
    assert after_answer(used_up, NOON - SECOND, now=NOON + SECOND).is_used_up(NOON + SECOND)


def test_nonsense_about_the_same_person_counts_once() -> None:
    budget = a_budget()
    for _ in range(9):
        budget = after_nonsense(budget, "somebody", now=NOON)
    assert (budget.failures, budget.per_second) == (1, 20)
