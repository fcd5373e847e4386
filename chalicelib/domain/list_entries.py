"""What is kept of a person's standing on lists, and which of it is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.identifiers import Index, ListName
from chalicelib.domain.list_rows import ListRow
from chalicelib.domain.lists import ListHead
from chalicelib.domain.verification import ListMatch


@dataclass(frozen=True, slots=True)
class ListEntry:
    """What one version of a list says anew of one person. It holds from version ``since`` until the next entry of the
    same person and list, as far as their versions were put in force; without a category, the person stands there no
    more. Nothing is ever changed: whatever was in force once can still be asked."""

    nik: Index
    list: ListName
    since: int
    category: str
    valid_from: str = ""
    valid_until: str = ""
    birth: str = ""
    email: str = ""


def entry_of(row: ListRow, list: ListName, since: int) -> ListEntry:
    return ListEntry(row.nik, list, since, *row.facts)


def in_force(entries: Iterable[ListEntry], head: ListHead, *, at_version: int | None = None) -> ListEntry | None:
    """Of one person's entries the one that holds in the list's version in force, or in an earlier one of those."""
    counted = {number for number in head.activated if at_version is None or number <= at_version}
    holding = [entry for entry in entries if entry.list == head.name and entry.since in counted]
    newest = max(holding, key=lambda entry: entry.since, default=None)
    return newest if newest is not None and newest.category else None


def matches_among(
    entries: Iterable[ListEntry], heads: Iterable[ListHead], *, birth: Index, on: date
) -> tuple[ListMatch, ...]:
    """On which lists a person stands on a day. Whose birth date is another than the list's is somebody else."""
    known = tuple(entries)
    standing = ((in_force(known, head), head) for head in heads)
    return tuple(
        ListMatch(head.name, entry.category, head.as_of)
        for entry, head in standing
        if entry and head.as_of and is_valid(entry, on) and entry.birth in ("", birth)
    )


def is_valid(entry: ListEntry, on: date) -> bool:
    day = on.isoformat()
    return entry.valid_from <= day and (not entry.valid_until or day <= entry.valid_until)


def birth_text(nik: Index, birth_date: date) -> str:
    """What is indexed of a birth date: with the NIK's index, so that equal days do not look alike."""
    return f"{nik}/{birth_date.isoformat()}"
