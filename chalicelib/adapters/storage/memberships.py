"""Table ``memberships``: recipients, card numbers, and the two places of each family."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.adapters.storage.applicants_item import ApplicantsItem
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Unmoved, Write, found, found_each, save, save_together
from chalicelib.adapters.storage.ledger import posting_writes
from chalicelib.adapters.storage.memberships_item import MembershipsItem, MembershipsMeta, due_page, due_shard
from chalicelib.adapters.storage.places import place_writes
from chalicelib.adapters.storage.waves import entry_as_read, entry_write, save_entry
from chalicelib.domain.errors import AlreadyDone, Conflict, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, CardNumber, Index
from chalicelib.domain.ledger import Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder
from chalicelib.domain.waves import WaveEntry


class MembershipItem(MembershipsItem):
    """pk = applicant id, sk = ``-``: never a recipient twice."""

    class Meta(MembershipsMeta):
        pass

    applicant_id = UnicodeAttribute()
    wave = NumberAttribute()
    scheme = UnicodeAttribute()
    decree = UnicodeAttribute()
    card_number = UnicodeAttribute()
    family = UnicodeAttribute()
    awarded_at = UnicodeAttribute()
    first_purchase_by = UnicodeAttribute()
    balance_ends_at = UnicodeAttribute()
    videos_seen = JSONAttribute()
    bought = NumberAttribute(default=0)
    due = UnicodeAttribute(null=True)
    warned_of = NumberAttribute(default=0)
    returned = NumberAttribute(default=0)
    returns = NumberAttribute(default=0)
    closed_at = UnicodeAttribute(null=True)


class CardItem(MembershipsItem):
    """pk = ``card#`` and the number, sk = ``-``; id = applicant id."""

    class Meta(MembershipsMeta):
        pass


class FamilyPlaceItem(MembershipsItem):
    """pk = ``family#`` and the KK's index, sk = the place (1, 2); id = applicant id."""

    class Meta(MembershipsMeta):
        pass


class MembershipTable:
    def award(
        self,
        membership: Membership,
        posting: Posting,
        *,
        most_per_family: int,
        applicant_version: int | None = None,
        entry: WaveEntry | None = None,
    ) -> None:
        # Each time that a relative is faster there is one place less: after as many looks as places, and one more for a
        # balance that moved, it is an award or a refusal.
        seen = [] if applicant_version is None else [_as_seen(membership.applicant_id, applicant_version)]
        seen += [entry_as_read(entry)] if entry else []
        for _ in range(most_per_family + 1):
            try:
                return self._award(membership, posting, most_per_family, seen)
            except StaleWrite:
                continue
        self._award(membership, posting, most_per_family, seen)

    def _award(self, membership: Membership, posting: Posting, most_per_family: int, seen: Sequence[Unmoved]) -> None:
        if self.get(membership.applicant_id):
            raise AlreadyDone("earlier_recipient")
        place = _free_place(membership.family, most_per_family)
        card = CardItem(f"card#{membership.card_number}", "-", kind="card", id=membership.applicant_id, state="issued")
        writes = [Write(membership_item(membership), 0), Write(card, 0), Write(_place_item(membership, place), 0)]
        try:
            save_together([*writes, *posting_writes(posting)], unmoved=seen)
        except Refused as refused:
            raise _refusal(refused) from None

    def exclude(self, entry: WaveEntry) -> None:
        nobody_yet = Unmoved(MembershipItem, entry.applicant_id, "-", 0)
        try:
            save_together([entry_write(entry)], unmoved=[nobody_yet])
        except Refused as refused:
            if 0 in refused.places:
                raise StaleWrite("award_contended") from None
            self._exclude_recipient(entry)

    def _exclude_recipient(self, entry: WaveEntry) -> None:
        """A membership stays of the wave that it is of: if it is of another, this entry is never awarded."""
        membership = self.get(entry.applicant_id)
        if membership is None:
            raise StaleWrite("award_contended")
        if membership.wave == entry.wave:
            raise AlreadyDone("earlier_recipient")
        save_entry(entry)

    def get(self, applicant_id: ApplicantId) -> Membership | None:
        item = found(MembershipItem, applicant_id)
        return from_fields(Membership, item) if item else None

    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Membership]:
        return {ApplicantId(item.pk): from_fields(Membership, item) for item in found_each(MembershipItem, ids)}

    def family_places_taken(self, family: Index, *, most: int) -> int:
        return sum(_is_taken(family, place) for place in range(1, most + 1))

    def holder_of(self, card: CardNumber) -> ApplicantId | None:
        item = found(CardItem, f"card#{card}")
        return ApplicantId(item.id) if item else None

    def save(self, membership: Membership) -> None:
        save(membership_item(membership), read_version=membership.version)

    def due(self, *, now: datetime, after: str | None, limit: int) -> tuple[Sequence[ApplicantId], str | None]:
        pks, following = due_page(now, after, limit)
        return [ApplicantId(pk) for pk in pks], following

    def revoke(self, membership: Membership, posting: Posting | None, place: FreedPlace, order: WaitingOrder) -> None:
        _close(membership, posting, place_writes(place, order))

    def end(self, membership: Membership, posting: Posting | None) -> None:
        _close(membership, posting, [])


def _close(membership: Membership, posting: Posting | None, lapsed: list[Write]) -> None:
    try:
        money = posting_writes(posting) if posting else []
        save_together([Write(membership_item(membership), membership.version), *lapsed, *money])
    except (Conflict, Refused):  # a sale was faster: less is left than was read, or the membership has moved
        raise StaleWrite("membership_contended") from None


def _free_place(family: Index, most: int) -> int:
    for place in range(1, most + 1):
        if not _is_taken(family, place):
            return place
    raise Conflict("family_limit")


def _is_taken(family: Index, place: int) -> bool:
    return found(FamilyPlaceItem, f"family#{family}", str(place)) is not None


def _refusal(refused: Refused) -> Exception:
    if 0 in refused.places:
        return AlreadyDone("earlier_recipient")
    if 1 in refused.places:
        return Conflict("card_number_taken")
    # A relative took the place, or balance, applicant or entry moved, between our look and our write: look again.
    return StaleWrite("award_contended", places=sorted(refused.places))


def _as_seen(applicant_id: ApplicantId, version: int) -> Unmoved:
    """Whatever a registry or a list said of the person since then is in this item, and made it another."""
    return Unmoved(ApplicantsItem, applicant_id, "-", version)


def membership_item(membership: Membership) -> MembershipItem:
    id = membership.applicant_id
    shard = due_shard(id) if membership.due else None
    return MembershipItem(id, "-", kind="membership", id=id, due_shard=shard, **to_fields(membership))


def _place_item(membership: Membership, place: int) -> FamilyPlaceItem:
    key = f"family#{membership.family}"
    return FamilyPlaceItem(key, str(place), kind="family_place", id=membership.applicant_id, state="taken")
