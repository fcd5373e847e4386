"""Ask our lists about an applicant again, after one of them changed."""

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Applicant, IdentityState, Outcome, Registry, judge_lists, renew_check
from chalicelib.ports import Applicants, Clock, ListRegistry

_HOLDING = (IdentityState.CHECKING, IdentityState.VERIFIED, IdentityState.IN_REVIEW)
WAIT_SECONDS = 60


def renew_list_check(
    applicant_id: ApplicantId, *, applicants: Applicants, registry: ListRegistry, clock: Clock
) -> None:
    """Nothing is written when the lists say what they said before. Whose first check is still on its way is looked at
    again later: it may have been asked just before the list changed."""
    applicant = applicants.get(applicant_id)
    if applicant.identity is None or applicant.state not in _HOLDING:
        return
    if _is_on_its_way(applicant):
        raise Unavailable("list_check_pending", retry_after_seconds=WAIT_SECONDS)
    identity, known = applicant.identity, applicant.check(Registry.LISTS)
    check = judge_lists(registry.look_up(identity.nik, identity.birth_date), now=clock.now())
    if (check.outcome, check.reasons) != (known.outcome, known.reasons):
        applicants.save(renew_check(applicant, Registry.LISTS, check))


def _is_on_its_way(applicant: Applicant) -> bool:
    is_checking = applicant.state is IdentityState.CHECKING
    return is_checking and applicant.check(Registry.LISTS).outcome is Outcome.PENDING
