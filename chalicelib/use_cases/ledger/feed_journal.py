"""Lay down every posting as it is made, where nobody can change it: what is done to the ledger later contradicts it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.commands import Change
from chalicelib.domain.ledger_chain import LedgerEntry
from chalicelib.domain.ledger_journal import day_of, entry_of, file_name, line_of
from chalicelib.ports import Journal


@dataclass(slots=True)
class Fed:
    """``altered``: postings that were changed after they were made, which no code of ours does."""

    unreadable: list[Change] = field(default_factory=list)
    altered: list[Change] = field(default_factory=list)


def feed_journal(changes: Sequence[Change], *, batch: str, journal: Journal) -> Fed:
    """One file for each day in the batch, by the batch's name and what is in it: come again, it lies there. What comes
    in two batches is found twice when the day is closed, and counts once."""
    fed = Fed()
    days: defaultdict[date, list[LedgerEntry]] = defaultdict(list)
    for change in changes:
        if change.kind != "posting":
            continue
        entry = _entry(change, fed)
        if entry:
            days[day_of(entry.posting)].append(entry)
    _keep(days, batch, journal)
    return fed


def _entry(change: Change, fed: Fed) -> LedgerEntry | None:
    if change.before is not None:
        fed.altered.append(change)
        return None
    try:
        entry = entry_of(change.facts)
        bytes.fromhex(entry.digest)
    except (KeyError, TypeError, ValueError):
        fed.unreadable.append(change)
        return None
    return entry


def _keep(days: Mapping[date, Sequence[LedgerEntry]], batch: str, journal: Journal) -> None:
    for day, entries in days.items():
        content = "".join(f"{line_of(entry)}\n" for entry in entries).encode()
        journal.keep(file_name(day, batch, content), content)
