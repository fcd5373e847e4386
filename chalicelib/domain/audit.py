"""Who looked at whose personal data, and why: entries that follow from one another, so that none is changed quietly.

Each entry bears the digest of the one before it in its chain. Whoever alters, removes, inserts or moves one breaks the
chain there; whoever cuts off a chain's end, or writes a chain anew, contradicts the daily root, which lies where nobody
can change it. Entries name fields, never values.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role

CHAINS = 16
"""By staff id: officers at work at once hardly wait for one another."""


class Act(StrEnum):
    SEE_CASE = "see_case"
    DISCLOSE = "disclose"
    DECIDE = "decide"
    CORRECT = "correct"
    REQUEST_DOCUMENTS = "request_documents"
    DECIDE_SELFIE = "decide_selfie"
    READ_AUDIT = "read_audit"
    PLAN_WAVE = "plan_wave"
    CHANGE_WAVE = "change_wave"
    APPROVE_WAVE = "approve_wave"
    ASK_ANNULMENT = "ask_annulment"
    APPROVE_ANNULMENT = "approve_annulment"
    SEE_PAYMENTS = "see_payments"
    PROPOSE_DEBT = "propose_debt"
    DEMAND_DEBT = "demand_debt"
    DECLINE_DEBT = "decline_debt"
    STATE_RECEIPT = "state_receipt"
    RECORD_REPAYMENT = "record_repayment"
    ASK_WRITE_OFF = "ask_write_off"
    WRITE_OFF_DEBT = "write_off_debt"
    DECIDE_PAYOUT = "decide_payout"
    REPEAT_PAYOUT = "repeat_payout"
    READ_STATEMENT = "read_statement"
    ASK_CORRECTION = "ask_correction"
    APPROVE_CORRECTION = "approve_correction"
    REFUSE_CORRECTION = "refuse_correction"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be put on record. ``subject`` is a case's reference, or ``wave-`` and its number, or ``payout-`` and
    its id."""

    staff: StaffId
    role: Role
    act: Act
    subject: str
    fields: tuple[str, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    deed: Deed
    correlation_id: str
    chain: int
    number: int
    """From 1, without gaps."""
    previous: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A chain's last entry."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Root:
    """All chains' heads of one day. Chains without entries are not among them."""

    day: date
    heads: Mapping[int, Head]
    digest: str


Anchors = Mapping[int, Set[str]]
"""By an entry's number, the digests that roots know of it: one, unless somebody forged a root."""


class Flaw(StrEnum):
    ALTERED = "altered"
    """Its digest is not its own."""
    MISSING = "missing"
    """There is none of this number."""
    OUT_OF_PLACE = "out_of_place"
    """It stands where another belongs."""
    NOT_VOUCHED_FOR = "not_vouched_for"
    """Its successor knows another one in its place."""
    NOT_AS_ANCHORED = "not_as_anchored"
    """The root of some day knows another one in its place."""


@dataclass(frozen=True, slots=True)
class Finding:
    chain: int
    number: int
    flaw: Flaw


def chain_of(staff: StaffId) -> int:
    return int.from_bytes(hashlib.sha256(staff.encode()).digest()[:4], "big") % CHAINS


def entry_after(last: Entry | None, deed: Deed, *, correlation_id: str) -> Entry:
    """The next entry of the chain that ``last`` ends."""
    chain = chain_of(deed.staff)
    number, previous = (last.number + 1, last.digest) if last else (1, genesis(chain))
    entry = Entry(deed, correlation_id, chain, number, previous)
    return replace(entry, digest=digest_of(entry))


def genesis(chain: int) -> str:
    """What the first entry of a chain follows from."""
    return _sha256({"genesis": chain})


def digest_of(entry: Entry) -> str:
    deed = entry.deed
    return _sha256(
        {
            "staff": deed.staff,
            "role": deed.role.value,
            "act": deed.act.value,
            "subject": deed.subject,
            "fields": list(deed.fields),
            "reason": deed.reason,
            "at": deed.at.isoformat(),
            "correlation_id": entry.correlation_id,
            "chain": entry.chain,
            "number": entry.number,
            "previous": entry.previous,
        }
    )


def root_of(day: date, heads: Mapping[int, Head]) -> Root:
    return Root(day, heads, root_digest(day, heads))


def root_digest(day: date, heads: Mapping[int, Head]) -> str:
    chains = [[chain, head.number, head.digest] for chain, head in sorted(heads.items())]
    return _sha256({"day": day.isoformat(), "chains": chains})


def flaws_of(
    chain: int, entries: Iterable[Entry], *, after: Head | None = None, anchors: Anchors | None = None
) -> Iterator[Finding]:
    """What is wrong with a chain from the entry that follows ``after``; ``anchors`` are digests that roots know, by
    number."""
    last = after or Head(0, genesis(chain))
    known = {number: digests for number, digests in (anchors or {}).items() if number > last.number}
    for entry in entries:
        if entry.number < last.number + 1 or entry.chain != chain:
            yield Finding(chain, entry.number, Flaw.OUT_OF_PLACE)
            continue
        yield from _gap(chain, last.number, entry.number)
        yield from _own_flaws(chain, entry, last, known)
        last = Head(entry.number, entry.digest)
    yield from _gap(chain, last.number, max(known, default=0) + 1)


def _gap(chain: int, last: int, found: int) -> Iterator[Finding]:
    for number in range(last + 1, found):
        yield Finding(chain, number, Flaw.MISSING)


def _own_flaws(chain: int, entry: Entry, last: Head, anchors: Anchors) -> Iterator[Finding]:
    if digest_of(entry) != entry.digest:
        yield Finding(chain, entry.number, Flaw.ALTERED)
    if entry.number == last.number + 1 and entry.previous != last.digest:
        yield Finding(chain, last.number, Flaw.NOT_VOUCHED_FOR)
    if anchors.get(entry.number, {entry.digest}) != {entry.digest}:
        yield Finding(chain, entry.number, Flaw.NOT_AS_ANCHORED)


def _sha256(document: Mapping[str, object]) -> str:
    """Over canonical JSON: sorted keys, no spaces, ASCII."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
