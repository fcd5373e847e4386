"""What the journal of a day holds against one of the programme's accounts: a bank, a partner, a fund."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ledger_chain import LedgerEntry
from chalicelib.domain.ledger_journal import entries_in, folder_of
from chalicelib.ports import Journal

_MOST_FILES = 100
"""Read for one page; a page may be short, or empty, and still have a next one."""


def read_account(
    account: str, day: date, *, after: str | None, limit: int, journal: Journal
) -> tuple[Sequence[LedgerEntry], str | None]:
    """``after`` is ``<file>|<lines seen of it>``, files by the end of their names. What the stream told twice is there
    twice, under one number of one owner."""
    seen_of, seen = _place(after)
    folder = folder_of(day)
    found: list[LedgerEntry] = []
    for name in _files(folder, seen_of, journal):
        lines = list(entries_in(journal.read(name) or b""))
        start = seen if name == folder + seen_of else 0
        for number, entry in enumerate(lines[start:], start=start + 1):
            if entry.posting.against == account:
                found.append(entry)
            if len(found) == limit:
                return found, f"{name.removeprefix(folder)}|{number}"
        seen_of, seen = name.removeprefix(folder), len(lines)
    more = next(iter(journal.names(folder, after=folder + seen_of)), None) if seen_of else None
    return found, f"{seen_of}|{seen}" if more else None


def _files(folder: str, seen_of: str, journal: Journal) -> Iterator[str]:
    if seen_of:
        yield folder + seen_of
    yield from islice(journal.names(folder, after=folder + seen_of), _MOST_FILES)


def _place(after: str | None) -> tuple[str, int]:
    name, _, seen = (after or "|0").partition("|")
    if not (seen.isascii() and seen.isdigit() and len(seen) <= 6) or "/" in name or bool(name) != bool(after):
        raise InvalidInput("cursor_invalid", field="after")
    return name, int(seen)
