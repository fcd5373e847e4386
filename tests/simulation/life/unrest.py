"""States in which nobody may stay: each has a next step that the platform takes by itself."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payout_batches import Batch, BatchState
from chalicelib.domain.payout_channels import Channel, ChannelState
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.reconciliation.days import Day, Phase
from chalicelib.domain.reconciliation.differences import Difference, DifferenceState
from chalicelib.domain.statements import Statement, StatementState
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.domain.verification import Applicant, IdentityState, PhotoKind, PhotoState
from chalicelib.domain.waves import EntryState, Wave, WaveEntry, WaveState
from tests.simulation.life.sight import Sight

_PASSING: dict[type, frozenset[Any]] = {
    Applicant: frozenset({IdentityState.SUBMITTED, IdentityState.CHECKING, IdentityState.IN_REVIEW}),
    Wave: frozenset(WaveState) - {WaveState.ANNOUNCED, WaveState.PLANNED},
    WaveEntry: frozenset({EntryState.JOINED, EntryState.CHOSEN}),
    Purchase: frozenset({PurchaseState.COMPLETED}),
    PayoutAccount: frozenset({AccountState.LINKED, AccountState.CHANGING}),
    Payout: frozenset(PayoutState),
    Batch: frozenset(BatchState) - {BatchState.RELEASED, BatchState.DISSOLVED},
    Statement: frozenset({StatementState.RECEIVED}),
    Day: frozenset({Phase.ENTER, Phase.REVIEW}),
    Difference: frozenset({DifferenceState.OPEN}),
    Channel: frozenset({ChannelState.PAUSED}),
}
"""By kind of item. Of a chosen entry the award is what moves: see below."""


def unrest(sight: Sight) -> Iterator[str]:
    for kind, states in _PASSING.items():
        items: list[Any] = sight.all(kind)
        for item in items:
            if item.state in states and not _may_stay(item, sight):
                yield f"{kind.__name__} {getattr(item, 'id', '')} {item.state}"
    yield from _selfies(sight)


def _may_stay(item: Any, sight: Sight) -> bool:
    """The entry of a recipient stays chosen; a payout stays where nothing follows by itself."""
    if isinstance(item, Payout):
        return item.is_over or (item.waits_for_people and item.state is not PayoutState.HELD)
    return isinstance(item, WaveEntry) and item.state is EntryState.CHOSEN and sight.is_member(item.applicant_id)


def _selfies(sight: Sight) -> Iterator[str]:
    for each in sight.all(Applicant):
        selfie = each.photo(PhotoKind.SELFIE)
        if selfie.state is PhotoState.ACCEPTED and selfie.alike is None and selfie.fingerprint:
            yield f"Applicant {each.id}: selfie not compared"
