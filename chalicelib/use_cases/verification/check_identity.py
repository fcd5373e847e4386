"""Ask one registry about one applicant when its turn has come, and note what it says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import AnswerUnreadable, Misconfigured, QuotaUsedUp, Unavailable
from chalicelib.domain.identifiers import Index
from chalicelib.domain.population import CONFIRMED_AFTER, FAILED_ANSWERS_PER_NIK, untold
from chalicelib.domain.registry_answers import KeptAnswer, may_be_kept, question_text, valid_for
from chalicelib.domain.verification import Check, Identity, Outcome, Registry
from chalicelib.domain.waiting_checks import MOST_TRIES, PROBE_RESTS, WaitingCheck, rest_after
from chalicelib.use_cases.verification.asking import Answered, Asking
from chalicelib.use_cases.verification.note_check import is_asked_for, note_check
from chalicelib.use_cases.verification.registry_pace import (
    budget_of,
    note_answer,
    note_last_of_the_day,
    note_nonsense,
    note_trouble,
    take_turn,
)

_NO_REST = timedelta()


class Ending(Enum):
    RECORDED = auto()
    NOT_ASKED_FOR = auto()
    """It was answered before, or the identity was stated anew since."""
    WAITS = auto()
    """It waits again: the registry could not be asked, or is to be asked once more."""
    REFUSED_US = auto()
    """It waits again, and somebody of ours must see to it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A check in hand."""

    waiting: WaitingCheck
    identity: Identity


def check_identity(waiting: WaitingCheck, asking: Asking) -> Ending:
    """An outage refuses nobody: the check waits until the registry can be asked again."""
    applicant = asking.applicants.get(waiting.applicant_id)
    if not is_asked_for(applicant, waiting.submission, asking.registry) or applicant.identity is None:
        asking.waiting.remove(waiting)
        return Ending.NOT_ASKED_FOR
    asked = _Asked(waiting, applicant.identity)
    check = _known_answer(asked, asking)
    if check is None:
        outcome = _ask(asked, asking)
        if isinstance(outcome, Ending):
            return outcome
        check = outcome
    note_check(applicant, asking.registry, check, applicants=asking.applicants)
    if applicant.check(Registry.LISTS).outcome is Outcome.PENDING:
        # Asked for when the checks began. Whoever's began under a version of ours without lists was not.
        order = {"applicant_id": applicant.id, "submission": applicant.submission}
        asking.messages.send(Queue.LIST_CHECKS_TO_MAKE, order)
    asking.waiting.remove(waiting)
    return Ending.RECORDED


def _known_answer(asked: _Asked, asking: Asking) -> Check | None:
    kept = asking.answers.get(_question_key(asked.identity, asking))
    return kept.check if kept and asking.clock.now() < kept.valid_until else None


def _ask(asked: _Asked, asking: Asking) -> Check | Ending:
    if not take_turn(asking):
        return _waits_again(asked, asking, _NO_REST)
    was_down, began_at = budget_of(asking).is_down, asking.clock.now()
    try:
        answered = asking.question(asked.identity, asked.waiting.said)
    except QuotaUsedUp:
        note_last_of_the_day(asking)
        return _waits_again(asked, asking, PROBE_RESTS)
    except (Unavailable, Misconfigured) as fault:
        if _is_of_person(fault):
            note_nonsense(asking, asked.waiting.applicant_id)
        else:
            note_trouble(asking)
        return _after_fault(asked, fault, asking, was_down=was_down)
    note_answer(asking, began_at, answered.quota_left)
    return _settled(asked, answered, began_at, asking)


def _after_fault(
    asked: _Asked, fault: Unavailable | Misconfigured, asking: Asking, *, was_down: bool
) -> Check | Ending:
    """Of a registry that answers others, a fault may be of this person; of one that answers nobody it is not. Every
    check rests after it, so that others come first."""
    ending = Ending.REFUSED_US if isinstance(fault, Misconfigured) else Ending.WAITS
    if was_down or budget_of(asking).is_down:
        _waits_again(asked, asking, PROBE_RESTS)
        return ending
    tries = asked.waiting.tries + (fault.code != "registry_refuses_us")
    if tries >= MOST_TRIES and asking.registry is Registry.POPULATION:
        return Check(Outcome.REVIEW, ("registry_answer_unreadable",), asking.clock.now())
    _waits_again(_Asked(replace(asked.waiting, tries=tries), asked.identity), asking, rest_after(max(1, tries)))
    return ending


def _is_of_person(fault: Unavailable | Misconfigured) -> bool:
    return isinstance(fault, AnswerUnreadable) or fault.code == "registry_refuses_request"


def _settled(asked: _Asked, answered: Answered, began_at: datetime, asking: Asking) -> Check | Ending:
    if answered.to_confirm is not None:
        once_more = _Asked(replace(asked.waiting, said=answered.to_confirm), asked.identity)
        return _waits_again(once_more, asking, CONFIRMED_AFTER)
    check = answered.check
    if asking.registry is Registry.POPULATION and check.outcome is Outcome.FAILED and not _may_be_told(asked, asking):
        return untold(check)
    if not may_be_kept(check):
        return check
    key = _question_key(asked.identity, asking)
    kept = replace(check, evidence=key)
    until = began_at + valid_for(asking.registry, check)
    asking.answers.keep(KeptAnswer(key, asking.registry, kept, answered.evidence, until))
    return kept


def _may_be_told(asked: _Asked, asking: Asking) -> bool:
    nik = asking.indexer.index("nik", asked.identity.nik)
    by = f"{asked.waiting.applicant_id}/{asked.waiting.submission}"
    now = asking.clock.now()
    return asking.buckets.take(f"nik-failures/{nik}", FAILED_ANSWERS_PER_NIK, now=now, by=by) is not None


def _waits_again(asked: _Asked, asking: Asking, rest: timedelta) -> Ending:
    asking.waiting.save(replace(asked.waiting, not_before=asking.clock.now() + rest))
    return Ending.WAITS


def _question_key(identity: Identity, asking: Asking) -> Index:
    return asking.indexer.index(f"question/{asking.registry}", question_text(asking.registry, identity))
