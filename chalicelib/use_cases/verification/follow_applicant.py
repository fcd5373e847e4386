"""What follows when an applicant's identity has moved."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.verification import IdentityState, Registry
from chalicelib.ports import Messages

CHECK_QUEUES = {
    Registry.POPULATION: Queue.POPULATION_CHECKS_TO_MAKE,
    Registry.EDUCATION: Queue.EDUCATION_CHECKS_TO_MAKE,
    Registry.SOCIAL: Queue.SOCIAL_CHECKS_TO_MAKE,
    Registry.LISTS: Queue.LIST_CHECKS_TO_MAKE,
}
_MAILS = {
    IdentityState.VERIFIED: Template.IDENTITY_VERIFIED,
    IdentityState.FAILED: Template.IDENTITY_FAILED,
    IdentityState.IN_REVIEW: Template.IDENTITY_FAILED,
}


def follow_applicant(change: Change, *, messages: Messages) -> None:
    if change.kind != "applicant" or not change.is_move:
        return
    body = {"applicant_id": change.id, "submission": int(change.facts.get("submission", 0))}
    state = IdentityState(change.after)
    if state is IdentityState.SUBMITTED:
        messages.send(Queue.IDENTITIES_TO_CLAIM, body)
    if state is IdentityState.CHECKING:
        for queue in CHECK_QUEUES.values():
            messages.send(queue, body)
    if state in _MAILS:
        template = _MAILS[state]
        send_key = f"{template}/{change.id}/{body['submission']}"
        order = {"send_key": send_key, "template": template.value, "applicant_id": change.id}
        messages.send(queue_for(template), order)
