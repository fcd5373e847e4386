"""A bank or wallet as a way for money: open, or paused until staff say that what was wrong is mended."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.payout_accounts import BANKS


class ChannelState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"


class ChannelEvent(StrEnum):
    PAUSE = "pause"
    OPEN = "open"


PAYOUT_CHANNEL = LifeCycle(
    "payout_channel",
    {
        (ChannelState.OPEN, ChannelEvent.PAUSE): ChannelState.PAUSED,
        (ChannelState.PAUSED, ChannelEvent.OPEN): ChannelState.OPEN,
    },
)


@dataclass(frozen=True, slots=True)
class Channel:
    """``reason`` is the bank's, or ``staff``; ``moved_by`` None: we paused it ourselves."""

    bank: str
    state: ChannelState = ChannelState.OPEN
    reason: str | None = None
    moved_at: datetime | None = None
    moved_by: StaffId | None = None
    version: int = 0


def check_bank(bank: str) -> str:
    if bank not in BANKS:
        raise InvalidInput("bank_unknown", field="bank", known=", ".join(BANKS))
    return bank


def pause(channel: Channel, reason: str, *, now: datetime, by: StaffId | None = None) -> Channel:
    state = PAYOUT_CHANNEL.after(channel.state, ChannelEvent.PAUSE)
    return replace(channel, state=state, reason=reason, moved_at=now, moved_by=by)


def reopen(channel: Channel, *, now: datetime, by: StaffId) -> Channel:
    state = PAYOUT_CHANNEL.after(channel.state, ChannelEvent.OPEN)
    return replace(channel, state=state, reason=None, moved_at=now, moved_by=by)
