"""Look an applicant up on the lists that we keep ourselves: no ministry is asked, so nobody waits for a turn."""

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Registry, judge_lists
from chalicelib.ports import Applicants, Clock, ListRegistry
from chalicelib.use_cases.verification.note_check import is_asked_for, note_check


def check_lists(
    applicant_id: ApplicantId, submission: int, *, applicants: Applicants, registry: ListRegistry, clock: Clock
) -> None:
    applicant = applicants.get(applicant_id)
    identity = applicant.identity
    if identity is None or not is_asked_for(applicant, submission, Registry.LISTS):
        return
    check = judge_lists(registry.look_up(identity.nik, identity.birth_date), now=clock.now())
    note_check(applicant, Registry.LISTS, check, applicants=applicants)
