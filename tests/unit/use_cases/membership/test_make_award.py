"""Make a chosen applicant a recipient: card, family's place and training grant in one transaction."""

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import Misconfigured, NotFound, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, CardNumber, Index, WaveNumber
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.membership import Membership, MembershipState, card_number_from, check_card_number
from chalicelib.domain.money import Rupiah
from chalicelib.domain.waves import EntryState, WaveEntry
from chalicelib.use_cases.membership.make_award import make_award
from tests.builders import a_membership, a_verified_applicant, a_wave, an_applicant_id, an_entry
from tests.fakes import NOON, FakeMemberships, Killed, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

NUMBER = WaveNumber(1)
FAMILY = Index("0.one-family")


def chosen(many: int = 1, *, scheme: str = "2023") -> World:
    """Relatives, all chosen in wave 1."""
    world = World()
    world.waves.add(a_wave(scheme=scheme))
    for number in range(1, many + 1):
        world.applicants.save(a_verified_applicant(number))
        world.waves.add_entry(an_entry(number, state=EntryState.CHOSEN, family=FAMILY))
    return world


def award(world: World, number: int = 1) -> None:
    make_award(
        an_applicant_id(number),
        NUMBER,
        waves=world.waves,
        applicants=world.applicants,
        memberships=world.memberships,
        notary=world.notary,
    )


def entry(world: World, number: int = 1) -> WaveEntry:
    return world.waves.entries_of(an_applicant_id(number), [NUMBER])[0]


def membership(world: World, number: int = 1) -> Membership | None:
    return world.memberships.get(an_applicant_id(number))


def balance(world: World, number: int = 1) -> int:
    return int(world.ledger.balance(an_applicant_id(number), OwnedAccount.TRAINING_BALANCE))


def give(world: World, recipient: Membership) -> None:
    posting = ledger.grant(recipient.applicant_id, wave=9, amount=Rupiah(1), now=NOON)
    world.memberships.award(recipient, posting, most_per_family=2)


def card_of_attempt(world: World, attempt: int) -> CardNumber:
    return card_number_from(world.indexer.derived("card", f"{an_applicant_id()}/1/{attempt}"))


@pytest.mark.parametrize(("scheme", "grant"), [("2020", 1_000_000), ("2023", 3_500_000)])
def test_a_chosen_applicant_becomes_a_recipient_with_the_grant_of_the_waves_scheme(scheme: str, grant: int) -> None:
    world = chosen(scheme=scheme)
    award(world)
    recipient = membership(world)
    assert recipient
    assert (recipient.state, recipient.scheme, recipient.family) == (MembershipState.AWARDED, scheme, FAMILY)
    assert world.memberships.holder_of(check_card_number(recipient.card_number)) == an_applicant_id()
    assert balance(world) == grant
    assert entry(world).state is EntryState.CHOSEN


def test_an_award_made_twice_is_made_once() -> None:
    world = chosen()
    award(world)
    first = membership(world)
    world.clock.passes(days=1)
    award(world)
    assert membership(world) == first
    assert balance(world) == 3_500_000


def test_the_third_of_a_family_is_excluded_with_the_reason() -> None:
    world = chosen(3)
    for number in (1, 2, 3):
        award(world, number)
    assert [membership(world, number) is not None for number in (1, 2, 3)] == [True, True, False]
    assert (entry(world, 3).state, entry(world, 3).reason) == (EntryState.EXCLUDED, "family_limit")
    assert balance(world, 3) == 0


def test_a_recipient_of_an_earlier_wave_is_excluded_with_the_reason() -> None:
    world = chosen()
    give(world, a_membership(wave=WaveNumber(9)))
    award(world)
    assert (entry(world).state, entry(world).reason) == (EntryState.EXCLUDED, "earlier_recipient")
    assert balance(world) == 1


@pytest.mark.parametrize("state", [EntryState.JOINED, EntryState.NOT_CHOSEN, EntryState.EXCLUDED])
def test_whoever_was_not_chosen_is_not_awarded(state: EntryState) -> None:
    world = World()
    world.waves.add(a_wave())
    world.waves.add_entry(an_entry(state=state))
    award(world)
    assert membership(world) is None
    assert entry(world).state is state


def test_whoever_never_joined_is_not_awarded(world: World) -> None:
    with pytest.raises(NotFound, match="entry_unknown"):
        award(world)
    world.waves.add(a_wave())
    with pytest.raises(NotFound, match="entry_unknown"):
        award(world)


def test_a_card_number_that_is_taken_makes_way_for_the_next() -> None:
    world = chosen()
    give(world, a_membership(7, card_number=card_of_attempt(world, 0)))
    award(world)
    recipient = membership(world)
    assert recipient
    assert recipient.card_number == card_of_attempt(world, 1)
    assert balance(world) == 3_500_000


def test_nobody_is_excluded_because_card_numbers_ran_out() -> None:
    world = chosen()
    for attempt in range(5):
        give(world, a_membership(7 + attempt, card_number=card_of_attempt(world, attempt)))
    with pytest.raises(Misconfigured, match="card_numbers_taken"):
        award(world)
    assert entry(world).state is EntryState.CHOSEN


def test_a_relative_who_was_faster_is_looked_at_again_before_anybody_is_excluded() -> None:
    world = chosen()
    world.memberships.fails_before("award", StaleWrite())
    with pytest.raises(StaleWrite):
        award(world)
    assert entry(world).state is EntryState.CHOSEN
    award(world)
    assert membership(world)


def test_a_crash_after_the_award_excludes_nobody() -> None:
    world = chosen()
    world.memberships.fails_after("award", Killed())
    with pytest.raises(Killed):
        award(world)
    award(world)
    assert entry(world).state is EntryState.CHOSEN
    assert balance(world) == 3_500_000


class Raced(FakeMemberships):
    """Another delivery makes the award between this one's look and its write."""

    is_raced = False

    def get(self, applicant_id: ApplicantId) -> Membership | None:
        found = super().get(applicant_id)
        if not self.is_raced:
            self.is_raced = True
            posting = ledger.grant(applicant_id, wave=1, amount=Rupiah(3_500_000), now=NOON)
            self.award(a_membership(), posting, most_per_family=2)
        return found


def test_another_delivery_that_was_faster_excludes_nobody() -> None:
    world = chosen()
    world.memberships = Raced(world.ledger, world.trouble, waves=world.waves)
    award(world)
    assert entry(world).state is EntryState.CHOSEN
    assert balance(world) == 3_500_000


def look(world: World) -> object:
    people = (1, 2, 3)
    cards = [each.card_number if (each := membership(world, number)) else None for number in people]
    decided = [[each.body["outcome"] for each in world.receipts.of(an_applicant_id(number))] for number in people]
    return cards, decided, [balance(world, number) for number in people], [entry(world, n).state for n in people]


def award_all(world: World) -> None:
    for number in (1, 2, 3):
        award(world, number)


def test_awarding_survives_every_accident() -> None:
    workflow = Workflow(lambda: chosen(3), award_all, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
