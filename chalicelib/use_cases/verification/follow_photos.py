"""What follows when a selfie was accepted, or the identity verified: whichever comes last."""

from collections.abc import Mapping

from chalicelib.domain.commands import Change, Queue
from chalicelib.ports import Messages

_QUEUES: Mapping[str, Queue] = {
    "selfie_to_compare": Queue.SELFIES_TO_COMPARE,
    "selfie_to_match": Queue.FACES_TO_MATCH,
}
"""Clear attributes of the applicant's item, each the object key of a selfie with which something is to be done."""


def follow_photos(change: Change, *, messages: Messages) -> None:
    for fact, queue in _QUEUES.items():
        if change.kind == "applicant" and change.has_new(fact):
            messages.send(queue, {"applicant_id": change.id, "object_key": change.facts[fact]})
