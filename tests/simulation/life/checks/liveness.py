"""L1 and L2: once faults stop all is drained in two hours, and nobody is left where they may not stay."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.commands import Queue
from chalicelib.domain.payouts import Payout, PayoutState
from tests.simulation.life.checks.checker import Checker
from tests.simulation.queues import Lineage

_DRAINED_WITHIN = timedelta(hours=2)
_TOLD_WITHIN = timedelta(hours=26)
"""Of an order that never arrived: the bank's "not found" counts after a day."""
_DOUBTFUL = {PayoutState.SUBMITTING, PayoutState.UNKNOWN}


class ItComesToRest(Checker):
    name = "L1"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._old: dict[int, Lineage] | None = None
        self._calm_since = town.clock.at
        self._doubted: dict[str, Any] = {}

    def hear(self, before: Any, after: Any) -> None:
        if isinstance(after, Payout):
            self._note(after)

    def _note(self, payout: Payout) -> None:
        if payout.state in _DOUBTFUL:
            self._doubted.setdefault(payout.id, self.town.clock.at)
        else:
            self._doubted.pop(payout.id, None)

    def after_event(self) -> None:
        town = self.town
        if not town.storm.has_passed:
            return
        if self._old is None:
            town.calm_down()
            self._calm_since = town.clock.at  # a while after the end, if nothing happened in between
            self._old = {id(each.lineage): each.lineage for each in town.world.queues.all()}
        since = town.clock.at - self._calm_since
        if since >= _DRAINED_WITHIN:
            self._look_at_doubt()
        if self._old and since >= _DRAINED_WITHIN:
            self._look_at_queues()

    def _look_at_queues(self) -> None:
        for each in self.town.world.queues.all():
            if id(each.lineage) in (self._old or {}) and each.queue is not Queue.AWARDS_TO_MAKE:
                self.broken(f"a message on {each.queue} outlives the faults by two hours: {each.body}")
        self._old = {}

    def _look_at_doubt(self) -> None:
        town, ended = self.town, self._calm_since
        for id, since in self._doubted.items():
            payout = town.sight.one(Payout, id)
            booked = town.world.bank.books.get(payout.reference) if payout else None
            known = max(ended, since, booked.seen_from if booked else since)
            if town.clock.at > known + (_DRAINED_WITHIN if booked else _TOLD_WITHIN):
                self.broken(f"payout {id} is in doubt since {since}")


class NobodyIsStuck(Checker):
    name = "L2"

    def at_the_end(self) -> None:
        trouble = self.town.troubles()
        if trouble:
            self.broken(trouble)
