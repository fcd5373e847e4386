"""All that asking a registry takes, from a world of fakes."""

from chalicelib.domain.registry_budget import Quota
from chalicelib.domain.verification import Registry
from chalicelib.use_cases.verification.asking import Asking, Question, ask_lists, ask_population
from tests.fakes.world import World

AGREED = Quota(per_second=50, per_day=1_000_000)


def asking_of(world: World, registry: Registry, quota: Quota = AGREED) -> Asking:
    return Asking(
        registry=registry,
        quota=quota,
        question=_question(world, registry),
        applicants=world.applicants,
        waiting=world.waiting_checks,
        budgets=world.registry_budgets,
        answers=world.registry_answers,
        buckets=world.buckets,
        indexer=world.indexer,
        messages=world.messages,
        clock=world.clock,
    )


def _question(world: World, registry: Registry) -> Question:
    if registry is Registry.POPULATION:
        return ask_population(world.population)
    lists = world.education if registry is Registry.EDUCATION else world.social
    return ask_lists(lists, world.clock)
