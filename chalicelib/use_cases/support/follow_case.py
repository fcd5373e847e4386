"""Tell a person by mail what an officer did with their case."""

from chalicelib.domain.commands import Change
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.verification import IdentityState
from chalicelib.ports import Messages

_BEFORE_PEOPLE = {IdentityState.IN_REVIEW, IdentityState.DOCUMENTS_WANTED}
_MAILS = {
    IdentityState.DOCUMENTS_WANTED: Template.DOCUMENTS_WANTED,
    IdentityState.REOPENED: Template.IDENTITY_REOPENED,
}


def follow_case(change: Change, *, messages: Messages) -> None:
    """Keyed by the version that did it: one mail however often the change is told."""
    if change.kind != "applicant" or not change.is_move:
        return
    template = _template(change)
    if template:
        send_key = f"{template}/{change.id}/v{change.facts.get('version', 0)}"
        order = {"send_key": send_key, "template": template.value, "applicant_id": change.id}
        messages.send(queue_for(template), order)


def _template(change: Change) -> Template | None:
    state = IdentityState(change.after)
    if state is IdentityState.SUBMITTED and _is_correction(change):
        return Template.IDENTITY_CORRECTED
    if state is IdentityState.FAILED and change.before in _BEFORE_PEOPLE:
        # The mail of the submission (follow_applicant) went when the review began.
        return Template.IDENTITY_FAILED
    return _MAILS.get(state)


def _is_correction(change: Change) -> bool:
    corrected = change.facts.get("corrected_submission", 0)
    return corrected != 0 and corrected == change.facts.get("submission")
