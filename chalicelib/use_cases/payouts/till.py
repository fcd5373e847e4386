"""What it takes to let money go."""

from dataclasses import dataclass

from chalicelib.ports import (
    Applicants,
    Bank,
    Clock,
    Indexer,
    Ledger,
    ListRegistry,
    Memberships,
    PayoutAccounts,
    PayoutBatches,
    PayoutChannels,
    Payouts,
    Purchases,
)


@dataclass(frozen=True, slots=True)
class Till:
    """``lists`` are those that we keep ourselves: the blocklist is among them."""

    payouts: Payouts
    batches: PayoutBatches
    channels: PayoutChannels
    payout_accounts: PayoutAccounts
    memberships: Memberships
    purchases: Purchases
    applicants: Applicants
    lists: ListRegistry
    ledger: Ledger
    bank: Bank
    indexer: Indexer
    clock: Clock
