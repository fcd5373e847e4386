"""Ask one registry about one applicant, and note what it says."""

from collections.abc import Callable

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import (
    Applicant,
    Check,
    Identity,
    IdentityState,
    Outcome,
    Registry,
    judge_lists,
    judge_population,
    record_check,
)
from chalicelib.ports import Applicants, Clock, ListRegistry, PopulationRegistry

Question = Callable[[Identity], Check]
_ATTEMPTS = 4
"""Three registries answer about the same applicant: as many writers, and one more."""


def check_identity(
    applicant_id: ApplicantId, submission: int, registry: Registry, question: Question, *, applicants: Applicants
) -> None:
    """``RegistryUnavailable`` leaves the check pending: an outage refuses nobody."""
    applicant = applicants.get(applicant_id)
    if not _is_asked_for(applicant, submission, registry) or applicant.identity is None:
        return
    check = question(applicant.identity)
    for _ in range(_ATTEMPTS):
        checked = record_check(applicant, registry, check)
        save = applicants.save_release if checked.state is IdentityState.FAILED else applicants.save
        try:
            return save(checked)
        except StaleWrite:
            applicant = applicants.get(applicant_id)
            if not _is_asked_for(applicant, submission, registry):
                return
    raise StaleWrite("check_contended", registry=registry.value)


def ask_population(registry: PopulationRegistry) -> Question:
    return lambda identity: judge_population(registry.match(identity))


def ask_lists(registry: ListRegistry, clock: Clock) -> Question:
    return lambda identity: judge_lists(registry.look_up(identity.nik, identity.birth_date), now=clock.now())


def _is_asked_for(applicant: Applicant, submission: int, registry: Registry) -> bool:
    return (
        applicant.submission == submission
        and applicant.state is IdentityState.CHECKING
        and applicant.check(registry).outcome is Outcome.PENDING
    )
