"""Note what one registry said, among others who do the same."""

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.population import NEEDS_ASSISTANCE
from chalicelib.domain.renewals import RENEWED
from chalicelib.domain.verification import Applicant, Check, IdentityState, Outcome, Registry, record_check
from chalicelib.ports import Applicants

_ATTEMPTS = 5
"""Four registries answer about the same applicant: as many writers, and one more."""


def note_check(applicant: Applicant, registry: Registry, check: Check, *, applicants: Applicants) -> None:
    """Whoever restated their identity meanwhile is left alone."""
    submission = applicant.submission
    for _ in range(_ATTEMPTS):
        checked = record_check(applicant, registry, check)
        lets_go = checked.state is IdentityState.FAILED or check.reasons == NEEDS_ASSISTANCE
        save = applicants.save_release if lets_go else applicants.save
        try:
            return save(checked)
        except StaleWrite:
            applicant = applicants.get(applicant.id)
            if not is_asked_for(applicant, submission, registry):
                return
    raise StaleWrite("check_contended", registry=registry.value)


def is_asked_for(applicant: Applicant, submission: int, registry: Registry) -> bool:
    is_checked = applicant.state is IdentityState.CHECKING
    is_renewed = applicant.state is IdentityState.VERIFIED and registry in RENEWED
    is_pending = applicant.check(registry).outcome is Outcome.PENDING
    return applicant.submission == submission and is_pending and (is_checked or is_renewed)
