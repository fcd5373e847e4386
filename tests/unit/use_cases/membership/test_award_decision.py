"""What is known on the day of the award decides: 165,544 people were found on the blocklist after theirs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import StaleWrite, Unavailable
from chalicelib.domain.identifiers import ApplicantId, Index
from chalicelib.domain.ledger import OwnedAccount, grant
from chalicelib.domain.membership import Membership
from chalicelib.domain.money import Rupiah
from chalicelib.domain.verification import Applicant, Check, Outcome, Registry
from chalicelib.domain.waves import EntryState, WaveEntry
from chalicelib.use_cases.waves.join_wave import join_wave
from infra.receipts import verify
from tests.builders import a_membership, a_verified_applicant, a_wave, an_applicant_id, an_identity, checks
from tests.fakes import NOON, FakeMemberships, World
from tests.unit.papers import KEYS, written
from tests.unit.use_cases.membership.awarding import ME, NUMBER, award


def chosen(person: Applicant | None = None, *, scheme: str = "2023") -> World:
    """Somebody who joined, was eligible then, and was drawn two months later."""
    world = World()
    world.waves.add(a_wave(scheme=scheme))
    world.applicants.save(person or a_verified_applicant())
    entry = join_wave(
        ME, NUMBER, waves=world.waves, applicants=world.applicants, memberships=world.memberships, notary=world.notary
    )
    world.waves.save_entry(replace(entry, state=EntryState.CHOSEN, version=1))
    world.clock.passes(days=60)
    return world


def entry(world: World) -> WaveEntry:
    return world.waves.entries_of(ME, [NUMBER])[0]


def learns(world: World, **changes: Any) -> None:
    world.applicants.save(replace(world.applicants.get(ME), **changes))


def balance(world: World) -> int:
    return int(world.ledger.balance(ME, OwnedAccount.TRAINING_BALANCE))


def newest(world: World) -> dict[str, Any]:
    receipt = world.receipts.of(ME)[-1]
    assert verify(written(receipt), KEYS).holds
    return dict(receipt.body)


def test_who_is_still_eligible_is_awarded_and_the_receipt_says_so() -> None:
    world = chosen()
    award(world)
    assert world.memberships.get(ME)
    assert [receipt.body["occasion"] for receipt in world.receipts.of(ME)] == ["joining", "award"]
    assert (newest(world)["outcome"], newest(world)["decided_on"]) == ("eligible", "2026-05-01")


@pytest.mark.parametrize(
    ("lists", "reason"),
    [
        ({"social": ("blocklist:BPK",)}, "blocklist"),
        ({"social": ("excluded_profession:ASN",)}, "excluded_profession"),
        ({"education": ("student:EMIS",)}, "student"),
    ],
)
def test_what_became_known_after_joining_excludes_with_the_reason(lists: dict[str, Any], reason: str) -> None:
    world = chosen()
    learns(world, checks=checks(**lists))
    award(world)
    assert (entry(world).state, entry(world).reason) == (EntryState.EXCLUDED, reason)
    assert world.memberships.get(ME) is None
    assert balance(world) == 0
    assert [each["code"] for each in newest(world)["reasons"]] == [reason]


def test_who_grew_too_old_since_is_excluded() -> None:
    world = chosen(a_verified_applicant(identity=an_identity(birth_date=date(1961, 4, 1))))
    award(world)
    assert entry(world).reason == "age"


def test_other_aid_that_came_since_excludes_under_the_scheme_of_the_wave_only() -> None:
    for scheme, state in (("2020", EntryState.EXCLUDED), ("2023", EntryState.CHOSEN)):
        world = chosen(scheme=scheme)
        learns(world, checks=checks(social=("social_aid:DTKS",)))
        award(world)
        assert entry(world).state is state


def test_what_has_yet_to_be_answered_is_waited_for_with_the_place_kept() -> None:
    world = chosen()
    learns(world, checks={**checks(), Registry.LISTS: Check(Outcome.PENDING)})
    for _ in range(3):
        with pytest.raises(Unavailable, match="award_awaits_answers"):
            award(world)
        world.clock.passes(hours=1)
    assert (entry(world).state, world.memberships.get(ME)) == (EntryState.CHOSEN, None)
    assert [receipt.body["outcome"] for receipt in world.receipts.of(ME)] == ["eligible", "not_yet_known"]
    learns(world, checks=checks())
    award(world)
    assert world.memberships.get(ME)


def test_a_refusal_that_is_certain_waits_for_nobody() -> None:
    world = chosen()
    learns(world, checks={**checks(education=("student:EMIS",)), Registry.SOCIAL: Check(Outcome.PENDING)})
    award(world)
    assert entry(world).reason == "student"


class Listed(FakeMemberships):
    """A blocklist comes into force between the decision and the award."""

    def __init__(self, world: World) -> None:
        super().__init__(world.ledger, world.trouble, world.applicants, world.waves)
        self._world, self._is_listed = world, False

    def award(self, membership: Membership, posting: Any, **conditions: Any) -> None:
        if not self._is_listed:
            self._is_listed = True
            learns(self._world, checks=checks(lists=("blocklist:KPK",)))
        super().award(membership, posting, **conditions)


def test_a_list_that_comes_into_force_meanwhile_counts() -> None:
    """165,544 people were found blocklisted after their award: between look and award there is no gap."""
    world = chosen()
    world.memberships = Listed(world)
    with pytest.raises(StaleWrite, match="award_contended"):
        award(world)
    award(world)
    assert (entry(world).state, entry(world).reason) == (EntryState.EXCLUDED, "blocklist")
    assert world.memberships.all() == []


class Overtaken(FakeMemberships):
    """Two relatives are awarded between this one's decision and its award."""

    is_overtaken = False

    def award(self, membership: Membership, posting: Any, **conditions: Any) -> None:
        if not self.is_overtaken:
            self.is_overtaken = True
            for number in (8, 9):
                self._give(number, membership.family)
        super().award(membership, posting, **conditions)

    def _give(self, number: int, family: Index) -> None:
        posting = grant(ApplicantId(an_applicant_id(number)), wave=1, amount=Rupiah(1), now=NOON)
        super().award(a_membership(number, family=family), posting, most_per_family=2)


def test_who_was_overtaken_by_relatives_is_decided_about_again() -> None:
    """No receipt says ``eligible`` of an award that was refused, without one after it that says why."""
    world = chosen()
    world.memberships = Overtaken(world.ledger, world.trouble, waves=world.waves)
    with pytest.raises(StaleWrite, match="award_contended"):
        award(world)
    world.clock.at += timedelta(seconds=30)
    award(world)
    assert entry(world).reason == "family_limit"
    assert [receipt.body["outcome"] for receipt in world.receipts.of(ME)] == ["eligible", "eligible", "not_eligible"]
