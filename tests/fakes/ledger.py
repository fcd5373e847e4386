"""The ledger."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, InvalidInput, Misconfigured, StaleWrite
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.ledger_chain import LedgerEntry, LedgerHead, entries_after
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
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

    def all(self) -> list[Posting]:
        """For whoever checks the books."""
        return [entry.posting for entry in self._entries.values()]

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

    def _head(self, owner: str) -> LedgerHead:
        head = self._heads.get(owner) or LedgerHead(owner)
        return replace(head, version=self._heads.version(owner))


def _begin(after: str | None) -> int:
    if after and not after.isdecimal():
        raise InvalidInput("cursor_invalid", field="after")
    return int(after) if after else 0
