"""Read those of the last days, their postings and their heads, against each other and against the journal.

All of the ledger is for a command (``infra/ledger.py``); this is what a night has time for.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from chalicelib.domain.ledger_chain import Finding, Flaw, LedgerEntry
from chalicelib.domain.ledger_journal import SETTLES_AFTER, folder_of
from chalicelib.domain.time import wib_date
from chalicelib.ports import Clock, Journal, Ledger
from chalicelib.use_cases.ledger.close_books import entries_of
from chalicelib.use_cases.ledger.verify_ledger import Verdict, differing, verify_owner

DAYS = 3
"""Until a day is closed for ever."""
MOST_OWNERS = 10_000
"""Of one day: three calls each, some minutes."""
Laid = dict[int, LedgerEntry]


def verify_movers(*, ledger: Ledger, journal: Journal, clock: Clock, most: int = MOST_OWNERS) -> Verdict:
    """Of a day with more owners, others each night: nobody can tell whose turn it will not be."""
    verdict, today = Verdict(), wib_date(clock.now())
    for back in range(1, DAYS + 1):
        day = today - timedelta(days=back)
        entries = entries_of(list(journal.names(folder_of(day))), journal)
        found = _flaws(day, _chosen(entries, today, most), verdict, ledger)
        # The feed may be behind for as long as the day may still change.
        is_settled = day + SETTLES_AFTER <= today
        verdict.findings += [each for each in found if is_settled or each.flaw is not Flaw.NOT_IN_JOURNAL]
        verdict.days += 1
    return verdict


def _flaws(day: date, laid: Mapping[str, Laid], verdict: Verdict, ledger: Ledger) -> Iterator[Finding]:
    for owner, entries in laid.items():
        yield from differing(day, entries, list(verify_owner(owner, verdict, ledger)))


def _chosen(entries: Iterable[LedgerEntry], today: date, most: int) -> Mapping[str, Laid]:
    """The owners whose lot of today is lowest, with all of their entries: never more than twice ``most`` in hand."""
    lots: dict[bytes, Laid] = {}
    bar = b"\xff" * 17
    for entry in entries:
        lot = hashlib.blake2b(f"{today}/{entry.posting.owner}".encode(), digest_size=16).digest()
        if lot <= bar:
            lots.setdefault(lot, {})[entry.number] = entry
        if len(lots) > 2 * most:
            lots = _lowest(lots, most)
            bar = max(lots)
    kept = _lowest(lots, most).values()
    return {next(iter(laid.values())).posting.owner: laid for laid in kept}


def _lowest(lots: Mapping[bytes, Laid], most: int) -> dict[bytes, Laid]:
    return {lot: lots[lot] for lot in sorted(lots)[:most]}
