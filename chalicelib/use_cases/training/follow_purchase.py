"""What follows when a purchase has moved."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template
from chalicelib.domain.training import PurchaseState
from chalicelib.ports import Messages


def follow_purchase(change: Change, *, messages: Messages) -> None:
    if change.kind != "purchase" or not change.is_move:
        return
    blanks: dict[str, str | int]
    applicant_id, state = str(change.facts["applicant_id"]), PurchaseState(change.after)
    if state is PurchaseState.OFFERED:
        blanks = {"purchase_id": change.id, "amount": int(change.facts["amount"])}
        messages.send(Queue.MAILS_TO_SEND, _order(Template.PURCHASE_CODE, change.id, applicant_id, blanks))
    if state is PurchaseState.COMPLETED:
        messages.send(Queue.CERTIFICATES_TO_ISSUE, {"purchase_id": change.id})
    if state is PurchaseState.CERTIFIED:
        blanks = {"certificate_no": str(change.facts["certificate_no"])}
        messages.send(Queue.MAILS_TO_SEND, _order(Template.CERTIFICATE, change.id, applicant_id, blanks))
    if state is PurchaseState.REVIEWED:
        messages.send(Queue.INCENTIVES_TO_PREPARE, {"applicant_id": applicant_id})


def _order(template: Template, id: str, applicant_id: str, blanks: dict[str, str | int]) -> dict[str, object]:
    send_key = f"{template}/{id}"
    return {"send_key": send_key, "template": template.value, "applicant_id": applicant_id, "blanks": blanks}
