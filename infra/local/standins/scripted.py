"""A neighbour that answers with whatever it was told: the worst that can come over a wire."""

from collections.abc import Callable
from datetime import datetime

from infra.local.standins.faults import WireFaults
from infra.local.standins.messages import Reply, Request
from infra.local.standins.server import StandIn


class ScriptedStandIn(StandIn[WireFaults]):
    """``replies`` are given in turn, the last of them for ever; ``requests`` are kept as they came."""

    title = "Scripted neighbour"

    def __init__(self, *replies: Reply, now: Callable[[], datetime]) -> None:
        super().__init__(WireFaults, now=now)
        self.replies = list(replies)
        self.requests: list[Request] = []

    def answer(self, request: Request, behaviour: WireFaults) -> Reply:  # noqa: ARG002  (faults come before it)
        self.requests.append(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
