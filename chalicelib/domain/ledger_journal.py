"""The journal: every posting as a line of JSON, laid down where nobody can change it; and what closes a day of it.

A day is Jakarta's. Its closing holds how much each account moved and stands at, how many postings there were, and a
digest over all of them and the closing before: days follow from one another as postings do.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.ledger_chain import Finding, Flaw, LedgerEntry, digest_of, document_of, sha256
from chalicelib.domain.money import Rupiah
from chalicelib.domain.time import wib_date

SETTLES_AFTER = timedelta(days=2)
"""A stream forgets after a day what its reader did not take: what is not there two days later will never come."""
POSTINGS, CLOSINGS = "postings/", "closings/"


@dataclass(frozen=True, slots=True)
class Closing:
    """``moved`` that day and ``balances`` since the first: by account, of all owners together, as lines of postings are
    signed. ``files`` is how many of the day there were to read; the digest is not over it, as a file may come twice."""

    day: date
    count: int
    files: int
    moved: Mapping[str, int]
    balances: Mapping[str, int]
    previous: str
    digest: str = ""


FIRST = ""
"""What the first closing follows from."""


def folder_of(day: date) -> str:
    return f"{POSTINGS}{day.isoformat()}/"


def file_name(day: date, batch: str, content: bytes) -> str:
    """Other lines make another name: what nobody can change must not be in the way of what is still to be kept."""
    return f"{folder_of(day)}{batch}-{hashlib.sha256(content).hexdigest()[:16]}.jsonl"


def closing_name(day: date) -> str:
    return f"{CLOSINGS}{day.isoformat()}.json"


def day_of(posting: Posting) -> date:
    return wib_date(posting.posted_at)


def line_of(entry: LedgerEntry) -> str:
    place = {"number": entry.number, "previous": entry.previous, "digest": entry.digest}
    return json.dumps(document_of(entry.posting) | place, sort_keys=True, separators=(",", ":"))


def entry_of(document: Mapping[str, Any]) -> LedgerEntry:
    """A line again, or what a stream tells of an item. ``KeyError`` or ``ValueError`` of what is no posting."""
    posting = Posting(
        str(document["key"]),
        str(document["owner"]),
        OwnedAccount(document["account"]),
        str(document["against"]),
        bool(document["adds"]),
        Rupiah(int(document["amount"])),
        datetime.fromisoformat(document["posted_at"]),
        str(document.get("reason", "")),
    )
    return LedgerEntry(posting, int(document["number"]), str(document["previous"]), str(document["digest"]))


def entries_in(content: bytes) -> Iterator[LedgerEntry]:
    for line in content.splitlines():
        yield entry_of(json.loads(line))


def close_day(
    day: date, entries: Iterable[LedgerEntry], *, files: int, last: Closing | None
) -> tuple[Closing, Sequence[Finding]]:
    """A posting that comes twice counts once. Of each only a digest is held: a day may have millions."""
    digests: dict[bytes, bytes] = {}
    moved: defaultdict[str, int] = defaultdict(int)
    findings: list[Finding] = []
    for entry in entries:
        digest, place = bytes.fromhex(entry.digest), _place_of(entry)
        known = digests.setdefault(place, digest)
        if known != digest:
            findings.append(_finding(entry, Flaw.NOT_VOUCHED_FOR))
        if known is not digest:
            continue
        if digest_of(entry) != entry.digest:
            findings.append(_finding(entry, Flaw.ALTERED))
        moved[entry.posting.account.value] += entry.posting.signed
        moved[entry.posting.against] -= entry.posting.signed
    closing = made_closing(day, files, moved, last, list(digests.values()))
    # Whatever the postings say, they add nothing to this. It is not zero after a closing that was tampered with.
    if sum(closing.balances.values()):
        raise Misconfigured("books_do_not_balance", day=day.isoformat())
    return closing, findings


def made_closing(
    day: date, files: int, moved: Mapping[str, int], last: Closing | None, digests: Collection[bytes]
) -> Closing:
    """What these postings come to after the closing before."""
    before = last.balances if last else {}
    balances = {name: before.get(name, 0) + moved.get(name, 0) for name in sorted({*before, *moved})}
    closing = Closing(day, len(digests), files, dict(sorted(moved.items())), balances, last.digest if last else FIRST)
    return replace(closing, digest=closing_digest(closing, digests))


def closing_digest(closing: Closing, digests: Iterable[bytes]) -> str:
    """Over the closing and its postings, whatever order they come in."""
    whole = hashlib.sha256(b"".join(sorted(digests))).hexdigest()
    return sha256({**_document(closing), "postings": whole})


def closing_content(closing: Closing) -> bytes:
    beside = {"files": closing.files, "digest": closing.digest}
    return json.dumps(_document(closing) | beside, sort_keys=True, indent=1).encode()


def closing_in(content: bytes) -> Closing:
    document = json.loads(content)
    return Closing(**{**document, "day": date.fromisoformat(document["day"])})


def _document(closing: Closing) -> dict[str, Any]:
    return {
        "day": closing.day.isoformat(),
        "count": closing.count,
        "moved": dict(closing.moved),
        "balances": dict(closing.balances),
        "previous": closing.previous,
    }


def _place_of(entry: LedgerEntry) -> bytes:
    return hashlib.blake2b(f"{entry.number}/{entry.posting.owner}".encode(), digest_size=16).digest()


def _finding(entry: LedgerEntry, flaw: Flaw) -> Finding:
    return Finding(entry.posting.owner, entry.number, flaw, entry.posting.key)
