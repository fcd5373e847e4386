"""What a registry says that is not about the person harms no person."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import AnswerUnreadable, Fault, Misconfigured, QuotaUsedUp, RegistryUnavailable
from chalicelib.domain.registry_budget import MOST_FAILURES, PROBE_EVERY, USED_UP_PROBE_EVERY, Quota, first_budget
from chalicelib.domain.time import next_midnight
from chalicelib.domain.verification import Identity, IdentityState
from chalicelib.domain.waiting_checks import MOST_TRIES
from chalicelib.use_cases.verification.asking import Asking
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from tests.builders import a_nik
from tests.fakes import NOON, World
from tests.fakes.asking import AGREED, asking_of
from tests.unit.use_cases.verification.office import (
    POPULATION,
    a_world,
    applicant,
    check,
    failing,
    is_untouched,
    waiting,
)


def test_a_used_up_quota_asks_nobody_until_midnight_and_keeps_everybodys_place() -> None:
    world = a_world(3)
    assert check_identity(waiting(world), failing(world, QuotaUsedUp())) is Ending.WAITS
    world.clock.passes(minutes=5)
    assert [check(world, number) for number in (2, 3)] == [Ending.WAITS] * 2
    assert "population_registry.match" not in world.trouble.calls
    world.clock.moves_to(next_midnight(NOON))
    assert [check(world, number) for number in (1, 2, 3)] == [Ending.RECORDED] * 3


def test_wrong_credentials_for_an_hour_alert_us_and_reject_nobody() -> None:
    world = a_world(2)
    refused = failing(world, Misconfigured("registry_refuses_us"))
    endings = []
    for _ in range(120):
        endings.append(check_identity(waiting(world), refused))
        world.clock.passes(seconds=30)
    assert endings.count(Ending.REFUSED_US) >= MOST_FAILURES
    assert is_untouched(world)
    assert waiting(world).tries == 0
    world.clock.passes(seconds=30)
    assert check(world) is Ending.RECORDED


@pytest.mark.parametrize("fault", [RegistryUnavailable(), AnswerUnreadable(), Misconfigured("registry_refuses_us")])
def test_while_it_is_down_it_is_asked_once_in_half_a_minute_however_many_wait(fault: Fault) -> None:
    world = a_world(20)
    asked: list[Identity] = []

    def is_asked(identity: Identity) -> bool:
        asked.append(identity)
        return True

    out = failing(world, fault, of=is_asked)
    for number in range(1, 8):
        check_identity(waiting(world, number), out)
    down_since = world.clock.now()
    asked.clear()
    for _ in range(600):
        for number in range(1, 21):
            check_identity(waiting(world, number), out)
        world.clock.passes(seconds=1)
    assert 0 < len(asked) <= (world.clock.now() - down_since) / PROBE_EVERY
    assert all(is_untouched(world, number) for number in range(1, 21))


def test_one_person_of_whom_nothing_makes_sense_delays_nobody_and_ends_with_people() -> None:
    world = a_world(40)
    asking = failing(world, AnswerUnreadable(), of=lambda identity: identity.nik == a_nik(1))
    others = iter(range(2, 41))
    for _ in range(MOST_TRIES):
        assert check_identity(waiting(world, next(others)), asking) is Ending.RECORDED
        check_identity(waiting(world), asking)
        world.clock.passes(hours=1)
    assert applicant(world).state is IdentityState.IN_REVIEW
    assert applicant(world).reasons == ("registry_answer_unreadable",)


def unreadable_of_one(world: World) -> Asking:
    return failing(world, AnswerUnreadable(), of=lambda identity: identity.nik == a_nik(1))


def test_one_persons_unreadable_answer_neither_slows_nor_closes_a_registry() -> None:
    """At night, when nobody else is asked."""
    world = a_world()
    for _ in range(MOST_TRIES - 1):
        check_identity(waiting(world), unreadable_of_one(world))
        world.clock.passes(hours=1)
    budget = world.registry_budgets.get(POPULATION)
    assert budget is not None
    assert (budget.is_down, budget.failures) == (False, 1)
    assert waiting(world).tries == MOST_TRIES - 1


def test_nonsense_about_one_person_after_the_other_closes_it() -> None:
    world = a_world(9)
    for number in range(1, MOST_FAILURES + 1):
        check_identity(waiting(world, number), failing(world, AnswerUnreadable()))
    budget = world.registry_budgets.get(POPULATION)
    assert budget is not None
    assert budget.is_down
    assert is_untouched(world)


def test_who_probed_in_vain_rests_so_that_the_next_probe_is_anothers() -> None:
    world = a_world(2)
    budget = first_budget(POPULATION, AGREED)
    world.registry_budgets.save(replace(budget, down_since=NOON, failures=MOST_FAILURES))
    check_identity(waiting(world), unreadable_of_one(world))
    rests_until = waiting(world).not_before
    assert rests_until is not None
    assert rests_until >= world.clock.now() + 2 * PROBE_EVERY
    world.clock.passes(seconds=31)
    assert check_identity(waiting(world, 2), unreadable_of_one(world)) is Ending.RECORDED


def test_a_used_up_quota_is_tried_now_and_then_for_clocks_differ_and_quotas_are_raised() -> None:
    world = a_world(2)
    check_identity(waiting(world), failing(world, QuotaUsedUp()))
    world.clock.passes(seconds=USED_UP_PROBE_EVERY.total_seconds())
    assert check(world, 2) is Ending.RECORDED
    budget = world.registry_budgets.get(POPULATION)
    assert budget is not None
    assert not budget.is_used_up(world.clock.now())


def test_a_registry_that_does_not_tell_its_quota_is_asked_no_more_than_was_agreed() -> None:
    world = a_world(4)
    world.population.quota_left = None
    asking = asking_of(world, POPULATION, Quota(per_second=50, per_day=3))
    endings = []
    for number in range(1, 5):
        endings.append(check_identity(waiting(world, number), asking))
        world.clock.passes(seconds=1)
    assert endings == [Ending.RECORDED] * 3 + [Ending.WAITS]
    world.clock.moves_to(next_midnight(NOON))
    assert check_identity(waiting(world, 4), asking) is Ending.RECORDED
