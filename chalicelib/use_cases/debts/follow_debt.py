"""What follows when a debt has moved: a letter to whoever owes it, in their language."""

from datetime import datetime

from chalicelib.domain.commands import Change
from chalicelib.domain.debts import DebtState
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.money import Rupiah
from chalicelib.domain.time import wib_date
from chalicelib.ports import Messages

_LETTERS = {DebtState.DEMANDED: Template.REPAYMENT_DEMANDED, DebtState.OVERDUE: Template.REPAYMENT_OVERDUE}


def follow_debt(change: Change, *, messages: Messages) -> None:
    if change.kind != "debt" or not change.is_move or DebtState(change.after) not in _LETTERS:
        return
    template = _LETTERS[DebtState(change.after)]
    due_on = wib_date(datetime.fromisoformat(str(change.facts["due_at"])))
    order = {
        "send_key": f"{template}/{change.id}",
        "template": template.value,
        "applicant_id": str(change.facts["applicant_id"]),
        "blanks": {"amount": str(Rupiah(int(change.facts["rest"]))), "due_on": due_on.isoformat()},
    }
    messages.send(queue_for(template), order)
