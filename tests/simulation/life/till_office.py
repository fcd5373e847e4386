"""The officers of the till: they approve batches, see to what is held or came back, and make operators' mistakes."""

from chalicelib.domain.payout_batches import Batch, BatchState
from chalicelib.domain.payout_channels import Channel, ChannelState
from chalicelib.domain.payouts import Payout, PayoutState
from tests.simulation.life.doors import door, staff
from tests.simulation.life.town import Town

_OFFICERS = ("ani", "budi", "citra")
_WRONG_LIST = "0" * 64


class TillOffice:
    def __init__(self, town: Town) -> None:
        self._town, self._chance = town, town.chance

    def work(self) -> None:
        if self._chance.random() < 0.1:
            self._ask(self._chance.choice(_OFFICERS), "payout_batches.ask_for_batches")
        waiting = (BatchState.WAITING, BatchState.APPROVED_ONCE)
        for batch in [each for each in self._town.sight.all(Batch) if each.state in waiting]:
            self._decide(batch)
        for payout in self._town.sight.all(Payout):
            self._see_to(payout)
        for channel in [each for each in self._town.sight.all(Channel) if each.state is ChannelState.PAUSED]:
            self._resume(channel)

    def _resume(self, channel: Channel) -> None:
        _, body = door("payout_batches.put_payout_channel")
        opened = body(state=ChannelState.OPEN)
        self._ask("ani", "payout_batches.put_payout_channel", bank=channel.bank, body=opened)

    def _decide(self, batch: Batch) -> None:
        """By two; in error by one twice, by a list that was not the one, or with the list changed behind them."""
        if self._town.errs() and self._chance.random() < 0.3:
            return self._ask("citra", "payout_batches.refuse_payout_batch", batch_id=batch.id)
        _, body = door("payout_batches.approve_payout_batch")
        first, second = self._chance.sample(_OFFICERS, 2)
        for who in (first, first if self._town.errs() else second):
            seen = body(checksum=_WRONG_LIST if self._town.errs() else batch.checksum)
            self._ask(who, "payout_batches.approve_payout_batch", batch_id=batch.id, body=seen)
        if self._town.errs() and self._chance.random() < 0.5:
            self._tamper(batch)
        return None

    def _tamper(self, batch: Batch) -> None:
        """Somebody who can write to the bucket makes a list of it that nobody approved."""
        contents = getattr(self._town.world.batch_files, "contents", {})
        if batch.id in contents:
            contents[batch.id] = contents[batch.id].replace(b"600000", b"900000")
            self._town.tell(f"somebody alters the list of {batch.id}")

    def _see_to(self, payout: Payout) -> None:
        if payout.state is PayoutState.HELD:
            wish = self._chance.choice(["let_payout_go", "cancel_payout"])
            for who in self._chance.sample(_OFFICERS, 2):
                self._ask(who, f"payouts.{wish}", payout_id=payout.id)
        is_back = payout.state in (PayoutState.REJECTED, PayoutState.REVERSED) and payout.waits_for_people
        if is_back and self._chance.random() < 0.2:
            self._ask("ani", "payouts.repeat_payout_now", payout_id=payout.id)
        elif is_back and self._chance.random() < 0.1:
            for who in self._chance.sample(_OFFICERS, 2):
                self._ask(who, "payouts.close_payout", payout_id=payout.id)

    def _ask(self, who: str, name: str, **arguments: object) -> None:
        self._town.ask(who, door(name).view, caller=staff(who), **arguments)
