"""What follows when an applicant's identity has moved."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.verification import IdentityState, Registry
from chalicelib.domain.waiting_checks import RELEASED_FOR, WaitingCheck, is_reached_at_once
from chalicelib.ports import Clock, Messages, WaitingChecks

CHECK_QUEUES = {
    Registry.POPULATION: Queue.POPULATION_CHECKS_TO_MAKE,
    Registry.EDUCATION: Queue.EDUCATION_CHECKS_TO_MAKE,
    Registry.SOCIAL: Queue.SOCIAL_CHECKS_TO_MAKE,
}
"""Ministries': each with a budget, and with people who wait for it. Our own lists have neither."""
_MAILS = {
    IdentityState.VERIFIED: Template.IDENTITY_VERIFIED,
    IdentityState.FAILED: Template.IDENTITY_FAILED,
    IdentityState.IN_REVIEW: Template.IDENTITY_IN_REVIEW,
}
_BEFORE_PEOPLE = {IdentityState.IN_REVIEW, IdentityState.DOCUMENTS_WANTED}
"""What people decide there is told by ``support/follow_case.py``, but for the good news."""


def follow_applicant(change: Change, *, messages: Messages, waiting: WaitingChecks, clock: Clock) -> None:
    if change.kind != "applicant":
        return
    if change.is_move:
        return _follow_move(change, messages=messages, waiting=waiting, clock=clock)
    if change.after == IdentityState.VERIFIED and change.has_new("checking_since"):
        _let_wait(change, messages=messages, waiting=waiting, clock=clock)  # asked again, at the person's wish


def _follow_move(change: Change, *, messages: Messages, waiting: WaitingChecks, clock: Clock) -> None:
    body = {"applicant_id": change.id, "submission": int(change.facts.get("submission", 0))}
    state = IdentityState(change.after)
    if state is IdentityState.SUBMITTED:
        messages.send(Queue.IDENTITIES_TO_CLAIM, body)
    if state is IdentityState.CHECKING:
        _let_wait(change, messages=messages, waiting=waiting, clock=clock)
    is_told_elsewhere = change.before in _BEFORE_PEOPLE and state is not IdentityState.VERIFIED
    if state in _MAILS and not is_told_elsewhere:
        template = _MAILS[state]
        send_key = f"{template}/{change.id}/{body['submission']}"
        order = {"send_key": send_key, "template": template.value, "applicant_id": change.id}
        messages.send(queue_for(template), order)


def _let_wait(change: Change, *, messages: Messages, waiting: WaitingChecks, clock: Clock) -> None:
    """Where hardly anybody waits nobody has to: the check is in hand at once. Else it takes its place."""
    now = clock.now()
    checks = [_check(registry, change, now) for registry in CHECK_QUEUES]
    at_once = [check for check in checks if is_reached_at_once(waiting.backlog(Registry(check.registry)))]
    waiting.add_each([replace(check, not_before=now + RELEASED_FOR) if check in at_once else check for check in checks])
    for check in at_once:
        messages.send(CHECK_QUEUES[Registry(check.registry)], check.body)
    messages.send(Queue.LIST_CHECKS_TO_MAKE, {"applicant_id": change.id, "submission": checks[0].submission})


def _check(registry: Registry, change: Change, now: datetime) -> WaitingCheck:
    """The same whenever it is made of the same change, so that it takes one place."""
    facts = change.facts
    return WaitingCheck(
        registry=registry,
        applicant_id=ApplicantId(change.id),
        submission=int(facts.get("submission", 0)),
        since=_moment(facts.get("checking_since")) or now,
        closes_at=_moment(facts.get("wave_closes_at")),
    )


def _moment(written: str | int | None) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None
