"""An owner's postings follow from one another: numbered without gaps, each with the digest of the one before.

The owner's head knows the last number, its digest and the balances after it, and is the only thing of the ledger that
ever moves. Whoever alters, removes, inserts, moves or cuts off a posting contradicts its neighbours or the head.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.errors import Conflict
from chalicelib.domain.ledger import NO_BALANCES, Balances, OwnedAccount, Posting

MAY_BE_BELOW = frozenset({OwnedAccount.REPAYMENT, OwnedAccount.SUSPENSE})
MAY_BE_ABOVE = frozenset(OwnedAccount) - {OwnedAccount.REPAYMENT}


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A posting in its place."""

    posting: Posting
    number: int
    """From 1, without gaps."""
    previous: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """``version`` is its row's; the number of postings is not, as several may be made at once."""

    owner: str
    number: int = 0
    digest: str = ""
    balances: Balances = field(default_factory=lambda: NO_BALANCES)
    version: int = 0


class Flaw(StrEnum):
    ALTERED = "altered"
    """Its digest is not its own."""
    MISSING = "missing"
    """There is none of this number."""
    OUT_OF_PLACE = "out_of_place"
    """It stands where another belongs."""
    NOT_VOUCHED_FOR = "not_vouched_for"
    """Its successor, or the head, knows another one in its place."""
    BEYOND_HEAD = "beyond_head"
    """The head does not know of it."""
    BALANCE_DIFFERS = "balance_differs"
    """The head's balances are not what the postings add up to."""
    FORBIDDEN_BALANCE = "forbidden_balance"
    """After it, an account stood where it may never stand."""
    NOT_AS_CLOSED = "not_as_closed"
    """The journal of the day knows another one in its place."""
    NOT_IN_JOURNAL = "not_in_journal"
    """The journal of the day does not know of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    owner: str
    number: int
    flaw: Flaw
    key: str = ""


def entries_after(head: LedgerHead, postings: Sequence[Posting]) -> tuple[Sequence[LedgerEntry], LedgerHead]:
    """The postings, all of the head's owner, as the chain's next entries, and the head after them."""
    made = []
    for posting in postings:
        balances = balances_after(head.balances, posting)
        entry = LedgerEntry(posting, head.number + 1, head.digest or genesis(head.owner))
        entry = replace(entry, digest=digest_of(entry))
        made.append(entry)
        head = replace(head, number=entry.number, digest=entry.digest, balances=balances)
    return made, head


def balances_after(before: Balances, posting: Posting) -> Balances:
    """``Conflict`` where the account may not stand."""
    account = posting.account
    after = before.get(account, 0) + posting.signed
    if not _is_allowed(account, after):
        raise Conflict("repaid_too_much" if account is OwnedAccount.REPAYMENT else "balance_too_small", field="amount")
    return {**before, account: after}


def _is_allowed(account: OwnedAccount, balance: int) -> bool:
    return not (balance < 0 and account not in MAY_BE_BELOW) and not (balance > 0 and account not in MAY_BE_ABOVE)


def genesis(owner: str) -> str:
    """What the first entry of an owner follows from."""
    return sha256({"genesis": owner})


def digest_of(entry: LedgerEntry) -> str:
    return sha256({**document_of(entry.posting), "number": entry.number, "previous": entry.previous})


def document_of(posting: Posting) -> dict[str, object]:
    """What is hashed, and what the journal's lines say."""
    return {
        "key": posting.key,
        "owner": posting.owner,
        "account": posting.account.value,
        "against": posting.against,
        "adds": posting.adds,
        "amount": int(posting.amount),
        "posted_at": posting.posted_at.isoformat(),
        "reason": str(posting.reason),
    }


def flaws_of(head: LedgerHead, entries: Iterable[LedgerEntry]) -> Iterator[Finding]:
    """What is wrong with an owner's chain; ``entries`` by number, as they lie there."""
    number, digest, sums = 0, genesis(head.owner), dict[OwnedAccount, int]()
    last_key = ""
    for entry in entries:
        key = entry.posting.key
        if entry.posting.owner != head.owner or entry.number <= number:
            yield Finding(head.owner, entry.number, Flaw.OUT_OF_PLACE, key)
            continue
        yield from _gap(head.owner, number, entry.number)
        if digest_of(entry) != entry.digest:
            yield Finding(head.owner, entry.number, Flaw.ALTERED, key)
        if entry.number == number + 1 and entry.previous != digest:
            yield Finding(head.owner, number or 1, Flaw.NOT_VOUCHED_FOR, last_key or key)
        if entry.number > head.number:
            yield Finding(head.owner, entry.number, Flaw.BEYOND_HEAD, key)
        yield from _sum_up(head.owner, sums, entry)
        number, digest, last_key = entry.number, entry.digest, key
    yield from _flaws_of_head(head, number, digest, sums, last_key)


def _gap(owner: str, last: int, found: int) -> Iterator[Finding]:
    for number in range(last + 1, found):
        yield Finding(owner, number, Flaw.MISSING)


def _sum_up(owner: str, sums: dict[OwnedAccount, int], entry: LedgerEntry) -> Iterator[Finding]:
    posting = entry.posting
    sums[posting.account] = sums.get(posting.account, 0) + posting.signed
    if not _is_allowed(posting.account, sums[posting.account]):
        yield Finding(owner, entry.number, Flaw.FORBIDDEN_BALANCE, posting.key)


def _flaws_of_head(
    head: LedgerHead, number: int, digest: str, sums: Mapping[OwnedAccount, int], last_key: str
) -> Iterator[Finding]:
    yield from _gap(head.owner, number, head.number + 1)
    if number == head.number and number and digest != head.digest:
        yield Finding(head.owner, number, Flaw.NOT_VOUCHED_FOR, last_key)
    if any(sums.get(account, 0) != head.balances.get(account, 0) for account in OwnedAccount):
        yield Finding(head.owner, head.number, Flaw.BALANCE_DIFFERS)


def sha256(document: Mapping[str, object]) -> str:
    """Over canonical JSON: sorted keys, no spaces, ASCII."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
