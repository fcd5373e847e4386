"""Let mail go to an address again, when its owner says that the mailbox is mended."""

from dataclasses import replace

from chalicelib.domain.registration import parse_email
from chalicelib.ports import Clock, Indexer, Suppressions
from chalicelib.use_cases.registration.account_of import account_id_of


def lift_suppression(email: str, *, suppressions: Suppressions, indexer: Indexer, clock: Clock) -> None:
    """Nothing happens, and nothing else is told, when no mail to it was held back. A bounce holds it back again."""
    known = suppressions.get(account_id_of(parse_email(email), indexer))
    if known is not None and known.lifted_at is None:
        suppressions.save(replace(known, lifted_at=clock.now()))
