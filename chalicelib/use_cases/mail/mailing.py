"""Everything that sending a mail asks of the outside."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.ports import (
    Accounts,
    Buckets,
    Clock,
    Indexer,
    ListEntries,
    Lists,
    MailProvider,
    MailTraffic,
    MailWriter,
    Outbox,
    Suppressions,
)


@dataclass(frozen=True, slots=True)
class Mailing:
    """``providers`` in the order in which we like them."""

    outbox: Outbox
    accounts: Accounts
    suppressions: Suppressions
    lists: Lists
    list_entries: ListEntries
    buckets: Buckets
    traffic: MailTraffic
    writer: MailWriter
    providers: Sequence[MailProvider]
    indexer: Indexer
    clock: Clock
    public_url: str
