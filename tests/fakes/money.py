"""The ledger, and the two stores whose transactions post into it: memberships and payouts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, CardNumber, Index, PayoutId
from chalicelib.domain.ledger import PersonAccount, Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import Payout, PayoutAccount, PayoutState
from chalicelib.domain.waves import WaveEntry
from tests.fakes.people import FakeApplicants
from tests.fakes.shelves import FakeStore, Look, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside
from tests.fakes.waves import FakeWaves

_SHARDS = 8
_FINAL = {PayoutState.SETTLED, PayoutState.REJECTED}


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


class FakeMemberships(FakeStore):
    name = "memberships"

    def __init__(
        self,
        ledger: FakeLedger,
        trouble: Trouble | None = None,
        applicants: FakeApplicants | None = None,
        waves: FakeWaves | None = None,
    ) -> None:
        super().__init__(trouble)
        self._ledger, self._applicants, self._waves = ledger, applicants, waves or FakeWaves(trouble)
        self._memberships: Shelf[ApplicantId, Membership] = Shelf()
        self._cards: Shelf[CardNumber, ApplicantId] = Shelf()
        self._family_places: Shelf[tuple[Index, int], ApplicantId] = Shelf()

    @outside
    def award(
        self,
        membership: Membership,
        posting: Posting,
        *,
        most_per_family: int,
        applicant_version: int | None = None,
        entry: WaveEntry | None = None,
    ) -> None:
        seen: list[Look] = [self._waves.entry_as_read(entry)] if entry else []
        if self._applicants and applicant_version is not None:
            seen.append(self._applicants.as_of(membership.applicant_id, applicant_version))
        for _ in range(most_per_family + 1):
            try:
                return self._award(membership, posting, most_per_family, seen)
            except StaleWrite:
                continue
        self._award(membership, posting, most_per_family, seen)

    @outside
    def exclude(self, entry: WaveEntry) -> None:
        membership = self._memberships.get(entry.applicant_id)
        of_another = membership is not None and membership.wave != entry.wave
        seen = [] if of_another else [self._memberships.look(entry.applicant_id, 0)]
        try:
            self._write(self._waves.entry_put(entry), *seen)
        except Refused as refused:
            if 0 in refused.places:
                raise StaleWrite("award_contended") from None
            raise AlreadyDone("earlier_recipient") from None

    def all(self) -> list[Membership]:
        """For whoever checks: looking is no call outside."""
        return self._memberships.values()

    def _award(self, membership: Membership, posting: Posting, most_per_family: int, seen: Sequence[Look]) -> None:
        id = membership.applicant_id
        if self._memberships.get(id):
            raise AlreadyDone("earlier_recipient")
        place = self._free_place(membership.family, most_per_family)
        puts = [
            self._memberships.put(id, replace(membership, version=1)),
            self._cards.put(membership.card_number, id),
            self._family_places.put((membership.family, place), id),
        ]
        try:
            self._write(*puts, *self._ledger.puts_of(posting), *seen)
        except Refused as refused:
            raise _refusal_of_award(refused) from None

    def _free_place(self, family: Index, most: int) -> int:
        for place in range(1, most + 1):
            if self._family_places.get((family, place)) is None:
                return place
        raise Conflict("family_limit")

    @outside
    def get(self, applicant_id: ApplicantId) -> Membership | None:
        return self._memberships.get(applicant_id)

    @outside
    def family_places_taken(self, family: Index, *, most: int) -> int:
        return sum(self._family_places.get((family, place)) is not None for place in range(1, most + 1))

    @outside
    def holder_of(self, card: CardNumber) -> ApplicantId | None:
        return self._cards.get(card)

    @outside
    def save(self, membership: Membership) -> None:
        moved = replace(membership, version=membership.version + 1)
        self._save(self._memberships.put(membership.applicant_id, moved, membership.version))


def _refusal_of_award(refused: Refused) -> Exception:
    if 0 in refused.places:
        return AlreadyDone("earlier_recipient")
    if 1 in refused.places:
        return Conflict("card_number_taken")
    return StaleWrite("award_contended")


class FakePayouts(FakeStore):
    name = "payouts"

    def __init__(self, ledger: FakeLedger, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._ledger = ledger
        self._accounts: Shelf[ApplicantId, PayoutAccount] = Shelf()
        self._holders: Shelf[tuple[str, str], ApplicantId] = Shelf()
        self._payouts: Shelf[PayoutId, Payout] = Shelf()

    @outside
    def account(self, applicant_id: ApplicantId) -> PayoutAccount | None:
        return self._accounts.get(applicant_id)

    @outside
    def save_account(self, account: PayoutAccount) -> None:
        self._save(self._put_of_account(account))

    @outside
    def save_verified_account(self, account: PayoutAccount) -> None:
        number = (account.account.bank, account.account.account_no)
        if self._holders.get(number) not in (None, account.applicant_id):
            raise AlreadyDone("account_claimed")
        claim = self._holders.put(number, account.applicant_id, self._holders.version(number))
        self._together(self._put_of_account(account), claim)

    @outside
    def add(self, payout: Payout) -> None:
        self._add(self._payouts.put(payout.id, replace(payout, version=1)))

    @outside
    def get(self, id: PayoutId) -> Payout | None:
        return self._payouts.get(id)

    @outside
    def save(self, payout: Payout) -> None:
        self._save(self._put_of(payout))

    @outside
    def save_with(self, payout: Payout, posting: Posting) -> None:
        self._together(self._put_of(payout), *self._ledger.puts_of(posting))

    @outside
    def page(self, state: PayoutState, *, after: str | None, limit: int) -> tuple[Sequence[PayoutId], str | None]:
        """One shard at a time, so that a page may be short before the end."""
        seen = _row_at(after) if after else None
        rows = sorted(_place_in_index(each) for each in self._payouts.values() if each.state is state)
        rest = [row for row in rows if seen is None or row > seen]
        if state in _FINAL or not rest:
            return [], None
        page = [row for row in rest if row[0] == rest[0][0]][:limit]
        return [PayoutId(row[2]) for row in page], json.dumps(page[-1]) if len(page) < len(rest) else None

    def all(self) -> list[Payout]:
        """For whoever checks the books."""
        return self._payouts.values()

    def _put_of_account(self, account: PayoutAccount) -> Put:
        moved = replace(account, version=account.version + 1)
        return self._accounts.put(account.applicant_id, moved, account.version)

    def _put_of(self, payout: Payout) -> Put:
        return self._payouts.put(payout.id, replace(payout, version=payout.version + 1), payout.version)

    def _together(self, *puts: Put) -> None:
        try:
            self._write(*puts)
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None


def _place_in_index(payout: Payout) -> tuple[int, str, str]:
    return crc32(payout.id.encode()) % _SHARDS, payout.prepared_at.isoformat(), payout.id


def _row_at(cursor: str) -> tuple[int, str, str]:
    try:
        shard, prepared_at, id = json.loads(cursor)
    except (ValueError, TypeError):
        raise InvalidInput("cursor_invalid", field="after") from None
    return shard, prepared_at, id
