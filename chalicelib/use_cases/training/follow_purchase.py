"""What follows when a purchase has moved."""

from collections.abc import Mapping

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.training import PurchaseState
from chalicelib.ports import Messages


def follow_purchase(change: Change, *, messages: Messages) -> None:
    if change.kind != "purchase" or not change.is_move:
        return
    blanks: dict[str, str | int]
    applicant_id, state = str(change.facts["applicant_id"]), PurchaseState(change.after)
    if state is PurchaseState.OFFERED:
        blanks = {"purchase_id": change.id, "amount": int(change.facts["amount"]), **_shares(change)}
        _send(Template.PURCHASE_CODE, change.id, applicant_id, blanks, messages)
    if state is PurchaseState.COMPLETED:
        messages.send(Queue.CERTIFICATES_TO_ISSUE, {"purchase_id": change.id})
    if state is PurchaseState.CERTIFIED:
        blanks = {"certificate_no": str(change.facts["certificate_no"])}
        _send(Template.CERTIFICATE, change.id, applicant_id, blanks, messages)
    if state is PurchaseState.REVIEWED:
        messages.send(Queue.INCENTIVES_TO_PREPARE, {"applicant_id": applicant_id})


def _shares(change: Change) -> Mapping[str, int]:
    """Of a course that its buyer pays a part of."""
    amount, by_buyer = int(change.facts["amount"]), int(change.facts.get("by_buyer", 0))
    return {"by_grant": amount - by_buyer, "by_buyer": by_buyer} if by_buyer else {}


def _send(template: Template, id: str, applicant_id: str, blanks: Mapping[str, str | int], messages: Messages) -> None:
    order = {"send_key": f"{template}/{id}", "template": template.value, "applicant_id": applicant_id}
    messages.send(queue_for(template), {**order, "blanks": blanks})
