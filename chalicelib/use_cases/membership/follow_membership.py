"""What follows when someone has become a recipient."""

from datetime import datetime

from chalicelib.domain.commands import Change
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.time import wib_date
from chalicelib.ports import Messages


def follow_membership(change: Change, *, messages: Messages) -> None:
    if change.kind != "membership" or change.before is not None:
        return
    blanks = {
        "wave": int(change.facts["wave"]),
        "decree": change.facts["decree"],
        "card_ending": str(change.facts["card_number"])[-4:],
        "grant": str(scheme_named(str(change.facts["scheme"])).training_grant),
        "first_purchase_by": str(wib_date(datetime.fromisoformat(str(change.facts["first_purchase_by"])))),
    }
    template = Template.AWARDED
    order = {"send_key": f"{template}/{change.id}", "template": template.value, "applicant_id": change.id}
    messages.send(queue_for(template), {**order, "blanks": blanks})
