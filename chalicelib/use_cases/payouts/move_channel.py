"""Pause a bank's channel, or open it again."""

from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.payout_channels import Channel, ChannelState, check_bank, pause, reopen
from chalicelib.ports import Clock, PayoutChannels

BY_STAFF = "paused_by_staff"


def move_channel(bank: str, state: ChannelState, staff: StaffId, *, channels: PayoutChannels, clock: Clock) -> Channel:
    channel = channels.get(check_bank(bank))
    if channel.state is state:
        return channel
    now = clock.now()
    is_opened = state is ChannelState.OPEN
    moved = reopen(channel, now=now, by=staff) if is_opened else pause(channel, BY_STAFF, now=now, by=staff)
    channels.save(moved)
    return moved
