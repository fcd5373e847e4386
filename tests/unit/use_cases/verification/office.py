"""People being checked, and a registry that fails as it is told."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.errors import Fault
from chalicelib.domain.verification import Applicant, Identity, IdentityState, Registry
from chalicelib.domain.waiting_checks import WaitingCheck
from chalicelib.use_cases.verification.asking import Answered, Asking
from chalicelib.use_cases.verification.check_identity import Ending, check_identity
from tests.builders import an_applicant, an_applicant_id, an_identity, passed
from tests.fakes import NOON, World
from tests.fakes.asking import asking_of

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
    return world.waiting_checks.as_it_waits(check) or check


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
