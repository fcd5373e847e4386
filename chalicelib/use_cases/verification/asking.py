"""Everything that asking a registry about a person takes, and how the question and its answer look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain.population import is_to_be_confirmed, judge_population
from chalicelib.domain.registry_budget import Quota
from chalicelib.domain.verification import Check, Identity, Registry, judge_lists
from chalicelib.ports import (
    Applicants,
    Buckets,
    Clock,
    Indexer,
    ListRegistry,
    Messages,
    PopulationRegistry,
    RegistryAnswers,
    RegistryBudgets,
    WaitingChecks,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """``to_confirm``: what it said of the person as a whole, where that is to be asked once more."""

    check: Check
    evidence: Mapping[str, str]
    quota_left: int | None = None
    to_confirm: str | None = None


Question = Callable[[Identity, str | None], Answered]
"""About whom, and what was said before."""


@dataclass(frozen=True, slots=True)
class Asking:
    registry: Registry
    quota: Quota
    question: Question
    applicants: Applicants
    waiting: WaitingChecks
    budgets: RegistryBudgets
    answers: RegistryAnswers
    buckets: Buckets
    indexer: Indexer
    messages: Messages
    clock: Clock


def ask_population(registry: PopulationRegistry) -> Question:
    def question(identity: Identity, said: str | None) -> Answered:
        answer = registry.match(identity)
        evidence = {
            "status": answer.status.value,
            "differs": ",".join(sorted(answer.differs)),
            "name_score": str(answer.name_score),
            "mother_name_score": str(answer.mother_name_score),
            "digest": answer.digest,
        }
        to_confirm = answer.status.value if said is None and is_to_be_confirmed(answer) else None
        return Answered(judge_population(answer, said=said), evidence, answer.quota_left, to_confirm)

    return question


def ask_lists(registry: ListRegistry, clock: Clock) -> Question:
    def question(identity: Identity, _said: str | None) -> Answered:
        matches = registry.look_up(identity.nik, identity.birth_date)
        evidence = {f"{match.category}:{match.source}": match.as_of.isoformat() for match in matches}
        return Answered(judge_lists(matches, now=clock.now()), evidence)

    return question
