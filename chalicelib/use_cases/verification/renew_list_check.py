"""Ask our lists about an applicant again, after one of them changed."""

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import IdentityState, Registry, judge_lists, renew_check
from chalicelib.ports import Applicants, Clock, ListRegistry
from chalicelib.use_cases.verification.note_check import is_asked_for, note_check

_HOLDING = (
    IdentityState.CHECKING,
    IdentityState.VERIFIED,
    IdentityState.IN_REVIEW,
    IdentityState.DOCUMENTS_WANTED,
)


def renew_list_check(
    applicant_id: ApplicantId, *, applicants: Applicants, registry: ListRegistry, clock: Clock
) -> None:
    """Nothing is written when the lists say what they said before. Whose first check is still on its way gets it here:
    it may have been asked just before the list changed, or never."""
    applicant = applicants.get(applicant_id)
    if applicant.identity is None or applicant.state not in _HOLDING:
        return
    identity, known = applicant.identity, applicant.check(Registry.LISTS)
    check = judge_lists(registry.look_up(identity.nik, identity.birth_date), now=clock.now())
    if is_asked_for(applicant, applicant.submission, Registry.LISTS):
        return note_check(applicant, Registry.LISTS, check, applicants=applicants)
    if (check.outcome, check.reasons) != (known.outcome, known.reasons):
        applicants.save(renew_check(applicant, Registry.LISTS, check))
