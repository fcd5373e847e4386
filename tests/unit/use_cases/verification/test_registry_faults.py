"""What a registry says that is not about the person harms no person."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import AnswerUnreadable, Fault, Misconfigured, QuotaUsedUp, RegistryUnavailable
from chalicelib.domain.population import CONFIRMED_AFTER
from chalicelib.domain.registry_budget import MOST_FAILURES, PROBE_EVERY, USED_UP_PROBE_EVERY, Quota, first_budget
from chalicelib.domain.time import next_midnight
from chalicelib.domain.verification import Applicant, Check, Identity, IdentityState, Outcome, PersonStatus, Registry
from chalicelib.domain.waiting_checks import MOST_TRIES, WaitingCheck
from chalicelib.use_cases.verification.asking import Answered, Asking
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from chalicelib.use_cases.verification.claim_identity import claim_identity
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity, passed
from tests.fakes import NOON, World
from tests.fakes.asking import AGREED, asking_of

POPULATION = Registry.POPULATION


def a_world(people: int = 1) -> World:
    """All are being checked; of each only the population registry has yet to answer."""
    world = World()
    for number in range(1, people + 1):
        others = {each: passed() for each in Registry if each is not Registry.POPULATION}
        checking = an_applicant(
            number, state=IdentityState.CHECKING, identity=an_identity(number), submission=1, checks=others
        )
        world.applicants.save_claim(checking)
        world.population.knows(an_identity(number))
    return world


def waiting(world: World, number: int = 1) -> WaitingCheck:
    check = WaitingCheck(POPULATION, an_applicant_id(number), 1, NOON)
    return world.waiting_checks.get(check) or check


def applicant(world: World, number: int = 1) -> Applicant:
    return world.applicants.get(an_applicant_id(number))


def check(world: World, number: int = 1) -> Ending:
    return check_identity(waiting(world, number), asking_of(world, POPULATION))


def failing(world: World, fault: Fault, *, of: Callable[[Identity], bool] = lambda _: True) -> Asking:
    """A registry that fails so, at least when asked about some."""
    asking = asking_of(world, POPULATION)

    def question(identity: Identity, said: str | None) -> Answered:
        if of(identity):
            raise fault
        return asking.question(identity, said)

    return replace(asking, question=question)


def is_untouched(world: World, number: int = 1) -> bool:
    person = applicant(world, number)
    return (person.state, person.reasons, person.submission) == (IdentityState.CHECKING, (), 1)


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


def test_an_answer_is_asked_for_once_while_it_is_valid() -> None:
    world = a_world()
    assert check(world) is Ending.RECORDED
    again = replace(applicant(world), state=IdentityState.CHECKING, submission=2, checks={Registry.SOCIAL: passed()})
    world.applicants.save(again)
    second = WaitingCheck(POPULATION, an_applicant_id(1), 2, NOON)
    assert check_identity(second, asking_of(world, POPULATION)) is Ending.RECORDED
    assert world.trouble.calls.count("population_registry.match") == 1
    assert applicant(world).check(POPULATION).outcome is Outcome.PASSED
    assert applicant(world).check(POPULATION).as_of == NOON


@pytest.mark.parametrize("status", [PersonStatus.UNKNOWN, PersonStatus.DECEASED, PersonStatus.INACTIVE])
def test_who_is_said_not_to_live_is_asked_about_once_more_before_it_is_believed(status: PersonStatus) -> None:
    world = a_world()
    world.population.knows(an_identity(), status)
    assert check(world) is Ending.WAITS
    assert is_untouched(world)
    assert waiting(world).not_before == world.clock.now() + CONFIRMED_AFTER
    world.clock.passes(minutes=1)
    assert check(world) is Ending.RECORDED
    assert applicant(world).state is IdentityState.FAILED


def test_answers_that_contradict_each_other_lead_to_people() -> None:
    world = a_world()
    world.population.knows(an_identity(), PersonStatus.UNKNOWN)
    check(world)
    world.population.knows(an_identity())
    world.clock.passes(minutes=1)
    check(world)
    assert applicant(world).state is IdentityState.IN_REVIEW
    assert applicant(world).reasons == ("population_contradicts",)


def test_who_guesses_at_a_nik_under_many_accounts_is_told_nothing_after_five() -> None:
    world = a_world(7)
    told = []
    for number in range(1, 8):
        guess = an_identity(50, mother_name=f"Guess {number}")
        world.applicants.save(replace(applicant(world, number), identity=guess))
        world.population.knows(an_identity(50))
        check(world, number)
        told.append(applicant(world, number).reasons)
    assert told == [("population_differs_family_card",)] * 5 + [("identity_needs_assistance",)] * 2


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


def test_whose_checks_began_before_there_were_lists_is_looked_up_on_them_now() -> None:
    world = a_world()
    before = applicant(world)
    checks: dict[Registry, Check] = {each: passed() for each in (Registry.EDUCATION, Registry.SOCIAL)}
    world.applicants.save(replace(before, checks=checks))
    check(world)
    assert world.messages.on(Queue.LIST_CHECKS_TO_MAKE) == [{"applicant_id": before.id, "submission": 1}]


def test_a_guesser_does_not_hold_the_nik() -> None:
    world = a_world(8)
    world.population.knows(an_identity(50))
    for number in range(1, 7):
        guess = an_identity(50, mother_name=f"Guess {number}")
        world.applicants.save(replace(applicant(world, number), identity=guess))
        check(world, number)
    owner = replace(applicant(world, 8), state=IdentityState.SUBMITTED, identity=an_identity(50))
    world.applicants.save(owner)
    claim_identity(owner.id, 1, applicants=world.applicants, waves=world.wave_look, clock=world.clock)
    assert applicant(world, 8).state is IdentityState.CHECKING
