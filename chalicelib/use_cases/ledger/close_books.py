"""Close the books of each day that is over: again every night while postings may still come, and then for ever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.domain.ledger_chain import Finding, LedgerEntry
from chalicelib.domain.ledger_journal import (
    CLOSINGS,
    POSTINGS,
    SETTLES_AFTER,
    Closing,
    close_day,
    closing_content,
    closing_in,
    closing_name,
    entries_in,
    folder_of,
)
from chalicelib.domain.time import wib_date
from chalicelib.ports import Clock, Journal

_MOST_DAYS = 31
"""In one night; the next goes on."""
_LOOK_BACK_DAYS = 7
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Closed:
    """``late``: settled days to whose journal something was added since."""

    closings: list[Closing] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    late: list[date] = field(default_factory=list)


def close_books(*, journal: Journal, clock: Clock) -> Closed:
    """What is closed already stands: to close it again writes the same, or finds it written."""
    today, last = wib_date(clock.now()), last_settled(journal)
    closed = Closed(late=_late_days(last, journal))
    begun = last.day + _DAY if last else _first_day(journal)
    for day in _days(begun, today):
        closing, findings = read_day(day, last, journal=journal)
        if day + SETTLES_AFTER <= today:
            closing = closing_in(journal.keep(closing_name(day), closing_content(closing)))
        else:
            journal.sketch(closing_name(day), closing_content(closing))
        closed.closings.append(closing)
        closed.findings += findings
        last = closing
    return closed


def read_day(day: date, last: Closing | None, *, journal: Journal) -> tuple[Closing, Sequence[Finding]]:
    names = list(journal.names(folder_of(day)))
    return close_day(day, entries_of(names, journal), files=len(names), last=last)


def entries_of(names: Sequence[str], journal: Journal) -> Iterator[LedgerEntry]:
    for name in names:
        yield from entries_in(journal.read(name) or b"")


def last_settled(journal: Journal) -> Closing | None:
    names = list(journal.names(CLOSINGS))
    content = journal.read(names[-1]) if names else None
    return closing_in(content) if content else None


def _first_day(journal: Journal) -> date | None:
    first = next(iter(journal.names(POSTINGS)), None)
    return date.fromisoformat(first.split("/")[1]) if first else None


def _days(begun: date | None, today: date) -> Iterator[date]:
    for number in range(_MOST_DAYS if begun else 0):
        if begun and begun + number * _DAY < today:
            yield begun + number * _DAY


def _late_days(last: Closing | None, journal: Journal) -> list[date]:
    """By the number of files, which tells without reading them."""
    days = [last.day - number * _DAY for number in range(_LOOK_BACK_DAYS)] if last else []
    contents = [content for content in (journal.read(closing_name(day)) for day in days) if content]
    return [closing.day for closing in map(closing_in, contents) if closing.files != _files_of(closing.day, journal)]


def _files_of(day: date, journal: Journal) -> int:
    return sum(1 for _ in journal.names(folder_of(day)))
