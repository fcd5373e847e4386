"""Recipients, whose awards post into the ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, NotFound, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, CardNumber, Index
from chalicelib.domain.ledger import Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder
from chalicelib.domain.waves import WaveEntry
from tests.fakes.ledger import FakeLedger
from tests.fakes.people import FakeApplicants
from tests.fakes.places import FakePlaces
from tests.fakes.shelves import FakeStore, Look, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside
from tests.fakes.waves import FakeWaves


class FakeMemberships(FakeStore):
    name = "memberships"

    def __init__(
        self,
        ledger: FakeLedger,
        trouble: Trouble | None = None,
        applicants: FakeApplicants | None = None,
        waves: FakeWaves | None = None,
        places: FakePlaces | None = None,
    ) -> None:
        super().__init__(trouble)
        self._ledger, self._applicants, self._waves = ledger, applicants, waves or FakeWaves(trouble)
        self._places = places or FakePlaces(self._waves, trouble)
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
    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Membership]:
        return {id: found for id in ids if (found := self._memberships.get(id))}

    @outside
    def family_places_taken(self, family: Index, *, most: int) -> int:
        return sum(self._family_places.get((family, place)) is not None for place in range(1, most + 1))

    @outside
    def holder_of(self, card: CardNumber) -> ApplicantId | None:
        return self._cards.get(card)

    @outside
    def save(self, membership: Membership) -> None:
        self._save(self._put_of(membership))

    @outside
    def due(self, *, now: datetime, after: str | None, limit: int) -> tuple[Sequence[ApplicantId], str | None]:
        held = [each for each in self._memberships.values() if each.due_at and each.due_at < now]
        found = sorted((each.due_at, each.applicant_id) for each in held if each.due_at)
        if after and not after.isdecimal():
            raise InvalidInput("cursor_invalid", field="after")
        begin = int(after or 0)
        page = [id for _, id in found[begin : begin + limit]]
        return page, str(begin + limit) if begin + limit < len(found) else None

    @outside
    def revoke(self, membership: Membership, posting: Posting | None, place: FreedPlace, order: WaitingOrder) -> None:
        self._close(membership, posting, self._places.puts_of(place, order))

    @outside
    def end(self, membership: Membership, posting: Posting | None) -> None:
        self._close(membership, posting, [])

    def sale_put(self, applicant_id: ApplicantId, change: Callable[[Membership], Membership]) -> Put:
        """The buyer after a sale, or one less, for the transaction of another fake."""
        membership = self._memberships.get(applicant_id)
        if membership is None:
            raise NotFound("not_a_recipient")
        return self._put_of(change(membership))

    def _close(self, membership: Membership, posting: Posting | None, puts: Sequence[Put]) -> None:
        try:
            money = self._ledger.puts_of(posting) if posting else ()
            self._write(self._put_of(membership), *puts, *money)
        except (Conflict, Refused):
            raise StaleWrite("membership_contended") from None

    def _put_of(self, membership: Membership) -> Put:
        moved = replace(membership, version=membership.version + 1)
        return self._memberships.put(membership.applicant_id, moved, membership.version)


def _refusal_of_award(refused: Refused) -> Exception:
    if 0 in refused.places:
        return AlreadyDone("earlier_recipient")
    if 1 in refused.places:
        return Conflict("card_number_taken")
    return StaleWrite("award_contended")
