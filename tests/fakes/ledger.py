"""The ledger."""

from collections.abc import Sequence

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import PersonAccount, Posting
from chalicelib.domain.money import Rupiah
from tests.fakes.shelves import FakeStore, Put, Shelf
from tests.fakes.trouble import Trouble, outside


class FakeLedger(FakeStore):
    name = "ledger"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._postings: Shelf[tuple[ApplicantId, str], Posting] = Shelf()
        self._balances: Shelf[tuple[ApplicantId, PersonAccount], int] = Shelf()

    def puts_of(self, posting: Posting) -> tuple[Put, Put]:
        """The posting and the balance after it, for the transaction of another fake."""
        owner = (posting.applicant_id, posting.account)
        after = (self._balances.get(owner) or 0) + int(posting.amount) * (1 if posting.adds else -1)
        if after < 0:
            raise Conflict("balance_too_small", field="amount")
        posted = self._postings.put((posting.applicant_id, posting.key), posting)
        return posted, self._balances.put(owner, after, self._balances.version(owner))

    def all(self) -> list[Posting]:
        """For whoever checks the books."""
        return self._postings.values()

    @outside
    def balance(self, applicant_id: ApplicantId, account: PersonAccount) -> Rupiah:
        return Rupiah(self._balances.get((applicant_id, account)) or 0)

    @outside
    def postings_of(self, applicant_id: ApplicantId) -> Sequence[Posting]:
        mine = (posting for posting in self._postings.values() if posting.applicant_id == applicant_id)
        return sorted(mine, key=lambda posting: posting.posted_at)

    @outside
    def page(self, *, after: str | None, limit: int) -> tuple[Sequence[Posting], str | None]:
        if after and not after.isdecimal():
            raise InvalidInput("cursor_invalid", field="after")
        begin = int(after) if after else 0
        postings = self._postings.values()
        end = begin + limit
        return postings[begin:end], str(end) if end < len(postings) else None
