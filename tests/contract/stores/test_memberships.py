"""What ``Memberships`` promises: membership, card, family's place and grant, together or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.domain import ledger as books
from chalicelib.domain.errors import AlreadyDone, Conflict, StaleWrite
from chalicelib.domain.identifiers import Index, WaveNumber
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.money import Rupiah
from chalicelib.domain.verification import Applicant
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, move_entry
from chalicelib.ports import Memberships
from tests.builders import a_card_number, a_membership, an_applicant_id, an_entry
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

THREADS = 8
GRANT = Rupiah(3_500_000)
BALANCE = OwnedAccount.TRAINING_BALANCE


def grant_of(membership: Membership) -> Posting:
    return books.grant(membership.applicant_id, wave=int(membership.wave), amount=GRANT, now=NOON)


def award(memberships: Memberships, membership: Membership, most: int = 2) -> None:
    memberships.award(membership, grant_of(membership), most_per_family=most)


def award_at_last(memberships: Memberships, membership: Membership) -> str:
    """How it ended: whoever met another is told to look again, as a queue would."""
    for _ in range(50):
        try:
            award(memberships, membership)
        except StaleWrite:
            continue
        except Conflict as conflict:
            return conflict.code
        return "awarded"
    return "never"


def nothing_of(stores: Stores, membership: Membership) -> bool:
    """Neither membership nor card nor money."""
    id = membership.applicant_id
    return not (stores.memberships.get(id) or stores.ledger.balance(id, BALANCE) or stores.ledger.postings_of(id))


def test_an_award_gives_membership_card_and_grant_together(stores: Stores) -> None:
    recipient = a_membership(fresh())
    award(stores.memberships, recipient)
    assert stores.memberships.get(recipient.applicant_id) == replace(recipient, version=1)
    assert stores.memberships.holder_of(recipient.card_number) == recipient.applicant_id
    assert stores.ledger.balance(recipient.applicant_id, BALANCE) == GRANT
    assert list(stores.ledger.postings_of(recipient.applicant_id)) == [grant_of(recipient)]


def test_who_was_not_awarded_has_neither_membership_nor_card(memberships: Memberships) -> None:
    number = fresh()
    assert memberships.get(an_applicant_id(number)) is None
    assert memberships.holder_of(a_card_number(number)) is None


def test_nobody_is_awarded_twice(stores: Stores) -> None:
    recipient = a_membership(fresh())
    award(stores.memberships, recipient)
    again = replace(recipient, wave=WaveNumber(2), card_number=a_card_number(fresh()))
    with pytest.raises(AlreadyDone, match="earlier_recipient"):
        award(stores.memberships, again)
    assert stores.ledger.balance(recipient.applicant_id, BALANCE) == GRANT
    assert stores.memberships.holder_of(again.card_number) is None


def test_a_lost_reply_does_not_make_an_award_a_second_one(stores: Stores) -> None:
    recipient = a_membership(fresh())
    with stores.one_reply_lost():
        award(stores.memberships, recipient)
    assert stores.memberships.get(recipient.applicant_id) == replace(recipient, version=1)
    assert stores.ledger.balance(recipient.applicant_id, BALANCE) == GRANT


def test_a_card_number_that_is_taken_awards_nothing(stores: Stores) -> None:
    first, second = a_membership(fresh()), a_membership(fresh())
    award(stores.memberships, first)
    with pytest.raises(Conflict, match="card_number_taken") as refusal:
        award(stores.memberships, replace(second, card_number=first.card_number))
    assert not isinstance(refusal.value, AlreadyDone)
    assert nothing_of(stores, second)
    assert stores.memberships.holder_of(first.card_number) == first.applicant_id


def test_the_third_of_a_family_gets_nothing(stores: Stores) -> None:
    family = Index(f"1.family-{fresh()}")
    relatives = [a_membership(fresh(), family=family) for _ in range(3)]
    for relative in relatives[:2]:
        award(stores.memberships, relative)
    with pytest.raises(Conflict, match="family_limit"):
        award(stores.memberships, relatives[2])
    assert nothing_of(stores, relatives[2])
    assert stores.memberships.holder_of(relatives[2].card_number) is None


def test_a_scheme_may_allow_another_number_of_recipients_per_family(memberships: Memberships) -> None:
    family = Index(f"1.family-{fresh()}")
    award(memberships, a_membership(fresh(), family=family), most=1)
    with pytest.raises(Conflict, match="family_limit"):
        award(memberships, a_membership(fresh(), family=family), most=1)


def test_of_a_family_awarded_at_once_two_become_recipients(stores: Stores) -> None:
    family = Index(f"1.family-{fresh()}")
    relatives = [a_membership(fresh(), family=family) for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        ends = list(pool.map(lambda relative: award_at_last(stores.memberships, relative), relatives))
    assert sorted(ends) == ["awarded"] * 2 + ["family_limit"] * (THREADS - 2)
    granted = [stores.ledger.balance(relative.applicant_id, BALANCE) for relative in relatives]
    assert granted == [GRANT if end == "awarded" else 0 for end in ends]


def test_one_person_awarded_many_times_at_once_is_awarded_once(stores: Stores) -> None:
    recipient = a_membership(fresh())
    copies = [replace(recipient, card_number=a_card_number(fresh())) for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        ends = list(pool.map(lambda copy: award_at_last(stores.memberships, copy), copies))
    assert sorted(ends) == ["awarded"] + ["earlier_recipient"] * (THREADS - 1)
    assert stores.ledger.balance(recipient.applicant_id, BALANCE) == GRANT


def test_nobody_is_awarded_as_somebody_who_has_changed(stores: Stores) -> None:
    """What became known since the decision made another version of the applicant."""
    recipient = a_membership(fresh())
    stores.applicants.save(Applicant(recipient.applicant_id))
    stores.applicants.save(stores.applicants.get(recipient.applicant_id))
    with pytest.raises(StaleWrite):
        stores.memberships.award(recipient, grant_of(recipient), most_per_family=2, applicant_version=1)
    assert nothing_of(stores, recipient)
    stores.memberships.award(recipient, grant_of(recipient), most_per_family=2, applicant_version=2)
    assert stores.memberships.get(recipient.applicant_id)
    with pytest.raises(AlreadyDone):
        stores.memberships.award(recipient, grant_of(recipient), most_per_family=2, applicant_version=1)


def chosen_entry(stores: Stores, recipient: Membership) -> WaveEntry:
    """As it is read of the store."""
    id, wave = recipient.applicant_id, recipient.wave
    stores.waves.add_entry(an_entry(wave=wave, applicant_id=id, state=EntryState.CHOSEN))
    return stores.waves.entries_of(id, [wave])[0]


def excluded(entry: WaveEntry) -> WaveEntry:
    return move_entry(entry, EntryEvent.EXCLUDE, reason="blocklist")


def state_of(stores: Stores, entry: WaveEntry) -> EntryState:
    return stores.waves.entries_of(entry.applicant_id, [entry.wave])[0].state


def award_by(stores: Stores, entry: WaveEntry, recipient: Membership) -> None:
    stores.memberships.award(recipient, grant_of(recipient), most_per_family=2, entry=entry)


def test_whoever_was_excluded_is_not_awarded(stores: Stores) -> None:
    recipient = a_membership(fresh())
    entry = chosen_entry(stores, recipient)
    stores.memberships.exclude(excluded(entry))
    with pytest.raises(StaleWrite):
        award_by(stores, entry, recipient)
    assert nothing_of(stores, recipient)
    assert state_of(stores, entry) is EntryState.EXCLUDED


def test_whoever_was_awarded_is_not_excluded(stores: Stores) -> None:
    recipient = a_membership(fresh())
    entry = chosen_entry(stores, recipient)
    award_by(stores, entry, recipient)
    with pytest.raises(AlreadyDone, match="earlier_recipient"):
        stores.memberships.exclude(excluded(entry))
    assert state_of(stores, entry) is EntryState.CHOSEN
    assert stores.memberships.get(recipient.applicant_id)


def test_a_recipient_of_another_wave_is_excluded(stores: Stores) -> None:
    recipient = a_membership(fresh())
    entry = chosen_entry(stores, recipient)
    award(stores.memberships, replace(recipient, wave=WaveNumber(9)))
    stores.memberships.exclude(excluded(entry))
    assert state_of(stores, entry) is EntryState.EXCLUDED
    with pytest.raises(StaleWrite):
        stores.memberships.exclude(excluded(entry))


def test_nobody_is_excluded_by_an_entry_that_has_moved(stores: Stores) -> None:
    entry = chosen_entry(stores, a_membership(fresh()))
    stores.waves.save_entry(entry)
    with pytest.raises(StaleWrite):
        stores.memberships.exclude(excluded(entry))
    assert state_of(stores, entry) is EntryState.CHOSEN


def test_a_lost_reply_excludes_once(stores: Stores) -> None:
    entry = chosen_entry(stores, a_membership(fresh()))
    with stores.one_reply_lost():
        stores.memberships.exclude(excluded(entry))
    assert stores.waves.entries_of(entry.applicant_id, [entry.wave]) == [replace(excluded(entry), version=2)]


def test_awarded_and_excluded_at_once_is_one_of_them(stores: Stores) -> None:
    for _ in range(THREADS // 2):
        recipient = a_membership(fresh())
        entry = chosen_entry(stores, recipient)
        with ThreadPoolExecutor(2) as pool:
            tries = [
                pool.submit(award_by, stores, entry, recipient),
                pool.submit(stores.memberships.exclude, excluded(entry)),
            ]
        refused = [type(each.exception()) for each in tries if each.exception()]
        assert refused in ([StaleWrite], [AlreadyDone])
        is_awarded = stores.memberships.get(recipient.applicant_id) is not None
        assert is_awarded is (state_of(stores, entry) is EntryState.CHOSEN)


def test_a_stale_membership_is_refused(memberships: Memberships) -> None:
    recipient = a_membership(fresh(), videos_seen=())
    award(memberships, recipient)
    read = replace(recipient, version=1)
    memberships.save(replace(read, videos_seen=(1,)))
    with pytest.raises(StaleWrite):
        memberships.save(replace(read, videos_seen=(2,)))
    assert memberships.get(recipient.applicant_id) == replace(read, videos_seen=(1,), version=2)
