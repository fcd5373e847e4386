"""What follows when a version of a list has moved."""

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.lists import VersionState
from chalicelib.ports import Messages


def follow_list(change: Change, *, messages: Messages) -> None:
    """While it is loaded, its next step; when it comes into force, a look at those whom it touches."""
    if change.kind != "list_version":
        return
    which = {"list": str(change.facts["list"]), "number": int(change.facts["number"])}
    state = VersionState(change.after)
    if state in (VersionState.RECEIVED, VersionState.LOADING):
        step = {"phase": str(change.facts["phase"]), "step": int(change.facts["step"])}
        messages.send(Queue.LISTS_TO_LOAD, {**which, **step})
    if state is VersionState.ACTIVE and change.is_move:
        shards = range(int(change.facts["shards"]))
        messages.send(Queue.LISTED_TO_SCREEN, *({**which, "shard": shard} for shard in shards))
