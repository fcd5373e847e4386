"""The ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, InvalidInput, Misconfigured, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.ledger_chain import LedgerEntry, LedgerHead, entries_after
from chalicelib.domain.ledger_corrections import Correction
from chalicelib.domain.ledger_dues import Owed, due_key, undoing_keys
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf, commit
from tests.fakes.trouble import Trouble, outside

_LOOKS = 3


class FakeLedger(FakeStore):
    name = "ledger"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._entries: Shelf[tuple[str, str], LedgerEntry] = Shelf()
        self._heads: Shelf[str, LedgerHead] = Shelf()

    def puts_of(self, *postings: Posting) -> list[Put]:
        """The postings and the head after them, for the transaction of another fake."""
        (owner, *others) = {posting.owner for posting in postings}
        if others:
            raise Misconfigured("postings_of_several_owners")
        read = self._head(owner)
        entries, head = entries_after(read, postings)
        posted = [self._entries.put((owner, entry.posting.key), entry) for entry in entries]
        return [*posted, self._heads.put(owner, head, read.version)]

    def number_of(self, owner: str) -> int:
        """Of their last posting."""
        return self._head(owner).number

    def all(self) -> list[Posting]:
        """For whoever checks the books."""
        return [entry.posting for entry in self._entries.values()]

    def forge(self, owner: str, entries: Sequence[LedgerEntry], head: LedgerHead | None) -> None:
        """By nobody's call: all that there is of an owner, in other words. None: the head stays, or goes with the last
        posting."""
        kept = head or (self._head(owner) if entries else None)
        for key in [key for key in self._entries.rows if key[0] == owner]:
            del self._entries.rows[key]
        self._heads.rows.pop(owner, None)
        puts = [self._entries.put((owner, entry.posting.key), entry) for entry in entries]
        commit([*puts, *([self._heads.put(owner, kept)] if kept else [])])

    @outside
    def post(self, posting: Posting) -> None:
        for _ in range(_LOOKS - 1):
            try:
                return self._post(posting)
            except StaleWrite:
                continue
        self._post(posting)

    def _post(self, posting: Posting) -> None:
        try:
            self._write(*self.puts_of(posting))
        except Refused as refused:
            if 0 in refused.places:
                raise AlreadyDone("posted_already") from None
            raise StaleWrite("owner_contended") from None

    @outside
    def balance(self, owner: str, account: OwnedAccount) -> int:
        return self._head(owner).balances.get(account, 0)

    @outside
    def head(self, owner: str) -> LedgerHead:
        return self._head(owner)

    @outside
    def entry(self, owner: str, key: str) -> LedgerEntry | None:
        return self._entries.get((owner, key))

    @outside
    def owed_each(self, asked: Sequence[tuple[ApplicantId, PayoutId]]) -> Mapping[PayoutId, Owed]:
        return {id: self._owed(owner, id) for owner, id in asked}

    @outside
    def entries_of(self, owner: str) -> Sequence[LedgerEntry]:
        mine = (entry for entry in self._entries.values() if entry.posting.owner == owner)
        return sorted(mine, key=lambda entry: entry.number)

    @outside
    def postings_of(self, owner: str) -> Sequence[Posting]:
        mine = (entry for entry in self._entries.values() if entry.posting.owner == owner)
        return [entry.posting for entry in sorted(mine, key=lambda entry: entry.number)]

    @outside
    def page(self, *, after: str | None, limit: int) -> tuple[Sequence[Posting], str | None]:
        begin = _begin(after)
        postings = self.all()
        end = begin + limit
        return postings[begin:end], str(end) if end < len(postings) else None

    @outside
    def owners(self, *, after: str | None, limit: int) -> tuple[Sequence[str], str | None]:
        begin = _begin(after)
        owners = [head.owner for head in self._heads.values()]
        end = begin + limit
        return owners[begin:end], str(end) if end < len(owners) else None

    def _owed(self, owner: ApplicantId, id: PayoutId) -> Owed:
        due = self._entries.get((owner, due_key(id)))
        undone = (self._entries.get((owner, key)) for key in undoing_keys(id))
        balance = self._head(owner).balances.get(OwnedAccount.INCENTIVE_DUE, 0)
        return Owed(int(due.posting.amount) if due else 0, any(undone), balance)

    def _head(self, owner: str) -> LedgerHead:
        head = self._heads.get(owner) or LedgerHead(owner)
        return replace(head, version=self._heads.version(owner))


def _begin(after: str | None) -> int:
    if after and not after.isdecimal():
        raise InvalidInput("cursor_invalid", field="after")
    return int(after) if after else 0


class FakeCorrections(FakeStore):
    name = "corrections"

    def __init__(self, ledger: FakeLedger, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._ledger = ledger
        self._corrections: Shelf[str, Correction] = Shelf()

    @outside
    def get(self, id: str) -> Correction | None:
        return self._corrections.get(id)

    @outside
    def save(self, correction: Correction) -> None:
        self._save(self._put_of(correction))

    @outside
    def post(self, correction: Correction, posting: Posting) -> None:
        try:
            self._write(self._put_of(correction), *self._ledger.puts_of(posting))
        except Refused:
            raise StaleWrite("correction_contended") from None

    @outside
    def page(self, *, after: str | None, limit: int) -> tuple[Sequence[Correction], str | None]:
        if after and not (after.isascii() and after.isalnum()):
            raise InvalidInput("cursor_invalid", field="after")
        found = sorted(self._corrections.values(), key=lambda each: each.id)
        there = [each for each in found if each.id > (after or "")]
        return there[:limit], there[limit - 1].id if len(there) > limit else None

    def _put_of(self, correction: Correction) -> Put:
        moved = replace(correction, version=correction.version + 1)
        return self._corrections.put(correction.id, moved, correction.version)
