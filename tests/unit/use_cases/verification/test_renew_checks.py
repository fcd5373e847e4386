"""Whoever has had a register mended may have it asked again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.errors import Conflict
from chalicelib.domain.registry_answers import FAILED_VALID_FOR, VALID_FOR
from chalicelib.domain.verification import Check, IdentityState, ListMatch, Outcome, Registry
from chalicelib.domain.waiting_checks import WaitingCheck
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from chalicelib.use_cases.verification.follow_applicant import follow_applicant
from chalicelib.use_cases.verification.renew_checks import renew_checks
from tests.builders import a_nik, a_verified_applicant, an_applicant, an_applicant_id, checks
from tests.fakes import NOON, World
from tests.fakes.asking import asking_of

ME = an_applicant_id()


def a_student() -> World:
    """Verified, and listed as a student when the register was asked."""
    world = World()
    world.applicants.save(a_verified_applicant(checks=checks(education=("student:DAPODIK",))))
    world.education.lists(a_nik(), ListMatch("DAPODIK", "student", NOON))
    return world


def renew(world: World) -> None:
    renew_checks(ME, applicants=world.applicants, clock=world.clock)


def ask(world: World) -> Ending:
    applicant = world.applicants.get(ME)
    assert applicant.checking_since is not None
    check = WaitingCheck(Registry.EDUCATION, ME, 1, applicant.checking_since)
    return check_identity(check, asking_of(world, Registry.EDUCATION))


def test_a_register_that_was_mended_is_asked_again_and_the_identity_stays_verified() -> None:
    world = a_student()
    world.clock.passes(seconds=FAILED_VALID_FOR.total_seconds())
    renew(world)
    asked = world.applicants.get(ME)
    assert (asked.state, asked.check(Registry.EDUCATION)) == (IdentityState.VERIFIED, Check())
    world.education.lists(a_nik())
    assert ask(world) is Ending.RECORDED
    answered = world.applicants.get(ME)
    assert answered.state is IdentityState.VERIFIED
    assert (answered.check(Registry.EDUCATION).outcome, answered.check(Registry.EDUCATION).reasons) == (
        Outcome.PASSED,
        (),
    )


def test_what_stands_in_nobodys_way_is_asked_again_only_when_it_is_old() -> None:
    world = a_student()
    world.clock.passes(hours=7)
    renew(world)
    assert world.applicants.get(ME).check(Registry.SOCIAL).outcome is Outcome.PASSED
    world.clock.moves_to(NOON + VALID_FOR[Registry.SOCIAL])
    renew(world)
    assert world.applicants.get(ME).check(Registry.SOCIAL).outcome is Outcome.PENDING


def test_nobody_asks_every_minute() -> None:
    world = a_student()
    for _ in range(2):
        with pytest.raises(Conflict, match="checks_are_fresh"):
            renew(world)
        world.clock.passes(hours=2)


def test_who_is_not_verified_has_nothing_to_renew() -> None:
    world = World()
    world.applicants.save(an_applicant())
    with pytest.raises(Conflict, match="identity_not_verified"):
        renew(world)


def test_the_stream_lets_the_checks_wait() -> None:
    world = World()
    later = NOON + timedelta(hours=7)
    facts: dict[str, str | int] = {"submission": 1, "checking_since": later.isoformat()}
    before: dict[str, str | int] = {**facts, "checking_since": NOON.isoformat()}
    change = Change("applicant", ME, "verified", "verified", facts, before)
    follow_applicant(change, messages=world.messages, waiting=world.waiting_checks, clock=world.clock)
    assert world.messages.on(Queue.EDUCATION_CHECKS_TO_MAKE)
    told_again = replace(change, facts_before=facts)
    world.messages.sent.clear()
    follow_applicant(told_again, messages=world.messages, waiting=world.waiting_checks, clock=world.clock)
    assert world.messages.sent == []
