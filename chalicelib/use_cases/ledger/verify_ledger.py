"""Read the ledger against itself and against its journal, and find what was done to either.

An owner's postings are read against their head, all of them against the closings of their days. Where a day differs,
its journal says which posting.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.domain.ledger_chain import Finding, Flaw, LedgerEntry, flaws_of
from chalicelib.domain.ledger_journal import (
    CLOSINGS,
    Closing,
    closing_in,
    closing_name,
    day_of,
    folder_of,
    made_closing,
)
from chalicelib.ports import Journal, Ledger
from chalicelib.use_cases.ledger.close_books import entries_of, read_day

_PAGE = 100
_LOOKS = 3


@dataclass(slots=True)
class Verdict:
    """``forged_days``: closings that do not follow from their own journal, or from the day before."""

    owners: int = 0
    postings: int = 0
    days: int = 0
    findings: list[Finding] = field(default_factory=list)
    forged_days: list[date] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not (self.findings or self.forged_days)


@dataclass(slots=True)
class _Day:
    """What the ledger itself, whose owners were read against their heads, says of a day."""

    digests: list[bytes] = field(default_factory=list)
    moved: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, entry: LedgerEntry) -> None:
        self.digests.append(_bytes(entry.digest))
        self.moved[entry.posting.account.value] += entry.posting.signed
        self.moved[entry.posting.against] -= entry.posting.signed


def verify_ledger(*, ledger: Ledger, journal: Journal) -> Verdict:
    """All of it. Postings since the last settled day are read against their heads only."""
    verdict, last = Verdict(), None
    days: defaultdict[date, _Day] = defaultdict(_Day)
    for owner in _owners(ledger):
        for entry in verify_owner(owner, verdict, ledger):
            days[day_of(entry.posting)].add(entry)
    for closing in _closings(journal):
        verdict.days += 1
        day = days[closing.day]
        made = made_closing(closing.day, closing.files, day.moved, last, day.digests)
        if closing != made:
            _verify_day(closing.day, verdict, ledger, journal)
        last = made if closing.day in verdict.forged_days else closing
    return verdict


def verify_person(owner: str, *, ledger: Ledger) -> Verdict:
    verdict = Verdict()
    list(verify_owner(owner, verdict, ledger))
    return verdict


def verify_day(day: date, *, ledger: Ledger, journal: Journal) -> Verdict:
    verdict = Verdict(days=1)
    _verify_day(day, verdict, ledger, journal)
    return verdict


def verify_owner(owner: str, verdict: Verdict, ledger: Ledger) -> Iterator[LedgerEntry]:
    for _ in range(_LOOKS):
        head, entries = ledger.head(owner), ledger.entries_of(owner)
        if ledger.head(owner) == head:
            break  # nothing was posted between the two looks
    verdict.owners += 1
    verdict.postings += len(entries)
    verdict.findings += flaws_of(head, entries)
    yield from entries


def _verify_day(day: date, verdict: Verdict, ledger: Ledger, journal: Journal) -> None:
    """Its closing against its journal, and its journal against the ledger, owner by owner."""
    before = _closing(day - timedelta(days=1), journal)
    closing = _closing(day, journal)
    made, findings = read_day(day, before, journal=journal)
    verdict.findings += findings
    if closing is not None and closing != replace(made, files=closing.files):
        verdict.forged_days.append(day)
    laid_down: defaultdict[str, dict[int, LedgerEntry]] = defaultdict(dict)
    for entry in entries_of(list(journal.names(folder_of(day))), journal):
        laid_down[entry.posting.owner][entry.number] = entry
    for owner, entries in laid_down.items():
        verdict.findings += differing(day, entries, ledger.entries_of(owner))


def differing(day: date, laid_down: dict[int, LedgerEntry], found: Sequence[LedgerEntry]) -> Iterator[Finding]:
    there = {entry.number: entry for entry in found}
    for number, entry in laid_down.items():
        held = there.get(number)
        if held is None or held != entry:
            yield Finding(entry.posting.owner, number, Flaw.NOT_AS_CLOSED, entry.posting.key)
    for number, entry in there.items():
        if day_of(entry.posting) == day and number not in laid_down:
            yield Finding(entry.posting.owner, number, Flaw.NOT_IN_JOURNAL, entry.posting.key)


def _owners(ledger: Ledger) -> Iterator[str]:
    after: str | None = None
    while True:
        owners, after = ledger.owners(after=after, limit=_PAGE)
        yield from owners
        if after is None:
            return


def _closings(journal: Journal) -> Iterator[Closing]:
    for name in journal.names(CLOSINGS):
        content = journal.read(name)
        if content:
            yield closing_in(content)


def _closing(day: date, journal: Journal) -> Closing | None:
    """Settled: one that may change yet vouches for nothing."""
    content = journal.read(closing_name(day))
    return closing_in(content) if content else None


def _bytes(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return digest.encode()
