"""What follows when a survey was filled."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.ports import Messages


def follow_survey(change: Change, *, messages: Messages) -> None:
    if change.kind == "survey" and change.is_move:
        messages.send(Queue.INCENTIVES_TO_PREPARE, {"applicant_id": change.id})
