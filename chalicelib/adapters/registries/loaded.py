"""The lists that ministries deliver as files, asked in our own tables. No NIK leaves: people are found by index."""

from collections.abc import Callable
from datetime import date, datetime

from chalicelib.domain.list_entries import birth_text, matches_among
from chalicelib.domain.nik import Nik
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import ListMatch
from chalicelib.ports import Indexer, ListEntries, Lists


class LoadedLists:
    """Two reads a look-up: what was ever said of the person, and which versions are in force at this moment."""

    def __init__(self, lists: Lists, entries: ListEntries, indexer: Indexer, *, now: Callable[[], datetime]) -> None:
        self._lists = lists
        self._entries = entries
        self._indexer = indexer
        self._now = now

    def look_up(self, nik: Nik, birth_date: date) -> tuple[ListMatch, ...]:
        index = self._indexer.index("nik", nik)
        entries = self._entries.of(index)
        if not entries:
            return ()
        birth = self._indexer.index("birth_date", birth_text(index, birth_date))
        return matches_among(entries, self._lists.heads(), birth=birth, on=wib_date(self._now()))
