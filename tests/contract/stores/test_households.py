"""At most two recipients of a family, whoever comes at once and whatever breaks on the way."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest

from chalicelib.domain import ledger as books
from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.domain.identifiers import Index, WaveNumber
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.membership import Membership
from chalicelib.domain.money import Rupiah
from chalicelib.domain.waves import EntryState, WaveEntry
from chalicelib.use_cases.eligibility.sign_decision import Notary
from chalicelib.use_cases.membership.make_award import make_award
from tests.builders import a_membership, a_verified_applicant, a_wave, an_entry
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON, FakeClock, FakeIndexer, FakeSigner

THREADS = 12
GRANT = Rupiah(3_500_000)


def family() -> Index:
    return Index(f"1.family-{fresh()}")


def relatives(of: Index, many: int = THREADS) -> list[Membership]:
    return [a_membership(fresh(), family=of) for _ in range(many)]


def awarded_once_each(stores: Stores, people: Sequence[Membership]) -> list[str]:
    """All at the same moment, and nobody tries again."""
    begin = Barrier(len(people))

    def award(membership: Membership) -> str:
        begin.wait(30)
        return end_of(lambda: award_one(stores, membership))

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(award, people))


def award_one(stores: Stores, membership: Membership) -> None:
    posting = books.grant(membership.applicant_id, wave=int(membership.wave), amount=GRANT, now=NOON)
    stores.memberships.award(membership, posting, most_per_family=2)


def end_of(award: Callable[[], None]) -> str:
    try:
        award()
    except (Conflict, Unavailable) as fault:
        return fault.code
    return "awarded"


def recipients(stores: Stores, people: Sequence[Membership]) -> int:
    """Counted by membership and by money, which must agree."""
    found = [stores.memberships.get(each.applicant_id) is not None for each in people]
    money = [stores.ledger.balance(each.applicant_id, OwnedAccount.TRAINING_BALANCE) for each in people]
    assert money == [GRANT if is_recipient else 0 for is_recipient in found]
    return sum(found)


def test_places_taken_are_counted(stores: Stores) -> None:
    ours, theirs = family(), family()
    assert stores.memberships.family_places_taken(ours, most=2) == 0
    for number, relative in enumerate(relatives(ours, 2), start=1):
        award_one(stores, relative)
        assert stores.memberships.family_places_taken(ours, most=2) == number
    assert stores.memberships.family_places_taken(theirs, most=2) == 0


def test_of_a_whole_family_at_once_two_are_awarded_and_none_is_told_to_come_again(stores: Stores) -> None:
    for _ in range(4):
        people = relatives(family())
        assert sorted(awarded_once_each(stores, people)) == ["awarded"] * 2 + ["family_limit"] * (THREADS - 2)
        assert recipients(stores, people) == 2


def test_two_families_at_once_do_not_disturb_each_other(stores: Stores) -> None:
    ours, theirs = relatives(family(), 6), relatives(family(), 6)
    together = [each for pair in zip(ours, theirs, strict=True) for each in pair]
    ends = awarded_once_each(stores, together)
    for one_family in (ends[::2], ends[1::2]):
        assert sorted(one_family) == ["awarded"] * 2 + ["family_limit"] * 4
    assert (recipients(stores, ours), recipients(stores, theirs)) == (2, 2)


def test_a_reply_that_is_lost_in_the_rush_costs_nobody_a_place_and_gives_nobody_two(stores: Stores) -> None:
    people = relatives(family())
    with stores.one_reply_lost():
        ends = awarded_once_each(stores, people)
    assert sorted(ends) == ["awarded"] * 2 + ["family_limit"] * (THREADS - 2)
    assert recipients(stores, people) == 2


def test_who_was_awarded_and_cut_off_keeps_the_place_in_the_rush_after_it(stores: Stores) -> None:
    first, *others = relatives(family())
    with stores.no_reply_comes("memberships.award"), pytest.raises(Unavailable):
        award_one(stores, first)
    ends = awarded_once_each(stores, [first, *others])
    assert ends[0] == "earlier_recipient"
    assert sorted(ends[1:]) == ["awarded"] + ["family_limit"] * (THREADS - 2)
    assert recipients(stores, [first, *others]) == 2


# --- The whole step, as messages drive it ---------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """Relatives, all chosen in one wave. Keys and clock are of no store: fakes do."""

    stores: Stores
    wave: WaveNumber
    people: Sequence[WaveEntry]
    notary: Notary

    def deliver(self, entry: WaveEntry) -> None:
        """A message, as often as it takes."""
        for _ in range(60):
            if end_of(lambda: self._make_award(entry)) in ("awarded", "earlier_recipient"):
                return
        pytest.fail("the message never comes to an end")

    def _make_award(self, entry: WaveEntry) -> None:
        stores = self.stores
        make_award(
            entry.applicant_id,
            self.wave,
            waves=stores.waves,
            applicants=stores.applicants,
            memberships=stores.memberships,
            notary=self.notary,
        )

    def ends(self) -> list[str]:
        found = [self.stores.waves.entries_of(each.applicant_id, [self.wave])[0] for each in self.people]
        return sorted(each.reason or each.state.value for each in found)


def chosen(stores: Stores, many: int) -> Chosen:
    number, of = WaveNumber(fresh()), family()
    stores.waves.add(a_wave(number))
    people = [an_entry(fresh(), number, state=EntryState.CHOSEN, family=of) for _ in range(many)]
    for entry in people:
        person = a_verified_applicant(int(entry.applicant_id.rpartition("-")[2]))
        stores.applicants.save(person)
        stores.waves.add_entry(entry)
    return Chosen(stores, number, people, Notary(stores.receipts, FakeSigner(), FakeIndexer(), FakeClock()))


def test_a_family_that_is_chosen_at_once_has_two_awards_and_the_others_their_reason(stores: Stores) -> None:
    family_of_six = chosen(stores, 6)
    twice = [entry for entry in family_of_six.people for _ in range(2)]  # as queues do
    with ThreadPoolExecutor(len(twice)) as pool:
        list(pool.map(family_of_six.deliver, twice))
    assert family_of_six.ends() == ["chosen"] * 2 + ["family_limit"] * 4
    awarded = [each for each in family_of_six.people if stores.memberships.get(each.applicant_id)]
    assert len(awarded) == 2
    for entry in family_of_six.people:
        newest = stores.receipts.newest_first(entry.applicant_id, limit=1)[0]
        told = [each["code"] for each in newest.body["reasons"]]
        assert told == ([] if entry in awarded else ["family_limit"])
