"""Ask the population registry whether a selfie shows whom the NIK belongs to."""

from datetime import datetime

from chalicelib.domain.errors import (
    AnswerUnreadable,
    Misconfigured,
    QuotaUsedUp,
    RegistryUnavailable,
    StaleWrite,
    Unavailable,
)
from chalicelib.domain.faces import FaceAnswer, doubt_face, record_face, selfie_to_match
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Applicant
from chalicelib.ports import Applicants, FaceRegistry, Photos
from chalicelib.use_cases.verification.registry_pace import (
    Paced,
    budget_of,
    note_answer,
    note_nonsense,
    note_trouble,
    take_turn,
)

_ATTEMPTS = 4
"""Others write to the same applicant meanwhile. An answer that was paid for is not asked for again."""
_LATER_SECONDS = 900


def match_face(
    applicant_id: ApplicantId,
    object_key: str,
    *,
    applicants: Applicants,
    photos: Photos,
    registry: FaceRegistry,
    pace: Paced,
) -> None:
    """``RegistryUnavailable`` leaves the match pending: an outage refuses nobody. The registry's budget is the same one
    that pays for the checks of identities."""
    applicant = applicants.get(applicant_id)
    if selfie_to_match(applicant) == object_key:
        answer = _answer(applicant, photos.picture(object_key), registry, pace)
        _record(applicant, object_key, answer, applicants, now=pace.clock.now())


def _answer(applicant: Applicant, selfie: bytes, registry: FaceRegistry, pace: Paced) -> FaceAnswer | None:
    """None for an answer about this face that cannot be read, of a registry that answers others."""
    if applicant.identity is None:
        raise AssertionError("whoever is verified stated an identity")
    if not take_turn(pace):
        raise RegistryUnavailable(retry_after_seconds=_LATER_SECONDS)
    was_down, began_at = budget_of(pace).is_down, pace.clock.now()
    try:
        answer = registry.match_face(applicant.identity.nik, selfie)
    except QuotaUsedUp:
        # Of this method: what it says of the checks of identities they will be told themselves.
        raise RegistryUnavailable(retry_after_seconds=_LATER_SECONDS) from None
    except AnswerUnreadable:
        _unreadable(applicant.id, pace, was_down=was_down)
        return None
    except (Unavailable, Misconfigured):
        note_trouble(pace)
        raise
    note_answer(pace, began_at, answer.quota_left)
    return answer


def _unreadable(applicant_id: ApplicantId, pace: Paced, *, was_down: bool) -> None:
    note_nonsense(pace, applicant_id)
    if was_down or budget_of(pace).is_down:
        raise RegistryUnavailable(retry_after_seconds=_LATER_SECONDS)


def _record(
    applicant: Applicant, object_key: str, answer: FaceAnswer | None, applicants: Applicants, *, now: datetime
) -> None:
    for _ in range(_ATTEMPTS):
        try:
            return applicants.save(record_face(applicant, answer) if answer else doubt_face(applicant, now=now))
        except StaleWrite:
            applicant = applicants.get(applicant.id)
            if selfie_to_match(applicant) != object_key:
                return
    raise StaleWrite("check_contended", registry="population_faces")
