"""What ``Applicants`` promises, above all who holds a NIK."""

from dataclasses import replace

import pytest

from chalicelib import bootstrap
from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.verification import Applicant, Check, IdentityState, Outcome, Registry
from chalicelib.ports import Applicants
from tests.builders import a_nik, a_verified_applicant, an_applicant, an_applicant_id, an_identity
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.contract.stores.rivals import THREADS, who_won
from tests.fakes import NOON, FakeApplicants, FakeIndexer


def checking(number: int, nik_of: int | None = None) -> Applicant:
    """About to claim the NIK of the person with the other number."""
    identity = an_identity(number, nik=a_nik(nik_of or number))
    return an_applicant(number, identity=identity, state=IdentityState.CHECKING, submission=1)


def test_an_unknown_applicant_is_a_new_one(applicants: Applicants) -> None:
    id = an_applicant_id(fresh())
    assert applicants.get(id) == Applicant(id)


def test_an_applicant_comes_back_as_stored(applicants: Applicants) -> None:
    checks = {Registry.SOCIAL: Check(Outcome.PASSED, ("social_aid:DTKS",), NOON)}
    applicant = a_verified_applicant(fresh(), checks=checks, reasons=("population_differs",), submission=3)
    applicants.save(applicant)
    assert applicants.get(applicant.id) == replace(applicant, version=1)


def test_a_stale_applicant_is_refused(applicants: Applicants) -> None:
    applicant = an_applicant(fresh())
    applicants.save(applicant)
    with pytest.raises(StaleWrite):
        applicants.save(replace(applicant, submission=5))
    assert applicants.get(applicant.id) == replace(applicant, version=1)


def test_a_lost_reply_does_not_make_an_applicant_stale(stores: Stores) -> None:
    applicant = an_applicant(fresh(), declared_at=NOON)
    with stores.one_reply_lost():
        stores.applicants.save(applicant)
    assert stores.applicants.get(applicant.id) == replace(applicant, version=1)


def test_a_nik_is_held_by_one_applicant(applicants: Applicants) -> None:
    first = checking(fresh())
    applicants.save_claim(first)
    second = checking(fresh())
    assert first.identity
    with pytest.raises(AlreadyDone):
        applicants.save_claim(replace(second, identity=first.identity))
    assert applicants.get(second.id) == Applicant(second.id)


def test_a_nik_claimed_by_many_at_once_goes_to_one(applicants: Applicants) -> None:
    nik_of = fresh()
    rivals = [checking(fresh(), nik_of) for _ in range(THREADS)]
    won = who_won(applicants.save_claim, rivals)
    assert sum(won) == 1
    assert [applicants.get(rival.id).version for rival in rivals] == [int(each) for each in won]


def test_a_lost_reply_does_not_take_the_nik_from_its_holder(stores: Stores) -> None:
    applicant = checking(fresh())
    with stores.one_reply_lost():
        stores.applicants.save_claim(applicant)
    assert stores.applicants.get(applicant.id) == replace(applicant, version=1)


def test_whoever_holds_a_nik_may_claim_it_again(applicants: Applicants) -> None:
    applicant = checking(fresh())
    applicants.save_claim(applicant)
    applicants.save_claim(replace(applicant, version=1, submission=2))
    assert applicants.get(applicant.id) == replace(applicant, version=2, submission=2)


def test_a_claim_from_an_old_version_claims_nothing(applicants: Applicants) -> None:
    applicant, other = checking(fresh()), fresh()
    applicants.save(applicant)
    with pytest.raises(StaleWrite):
        applicants.save_claim(applicant)
    assert applicant.identity
    applicants.save_claim(replace(checking(other), identity=applicant.identity))


def test_a_released_nik_may_be_claimed_by_another(applicants: Applicants) -> None:
    mistaken, owner = checking(fresh()), checking(fresh())
    applicants.save_claim(mistaken)
    failed = replace(mistaken, state=IdentityState.FAILED, version=1)
    applicants.save_release(failed)
    assert applicants.get(mistaken.id) == replace(failed, version=2)
    applicants.save_claim(replace(owner, identity=mistaken.identity))
    with pytest.raises(AlreadyDone):
        applicants.save_claim(replace(mistaken, version=2))


def test_a_release_from_an_old_version_releases_nothing(applicants: Applicants) -> None:
    holder, other = checking(fresh()), checking(fresh())
    applicants.save_claim(holder)
    with pytest.raises(StaleWrite):
        applicants.save_release(holder)
    with pytest.raises(AlreadyDone):
        applicants.save_claim(replace(other, identity=holder.identity))


def test_holders_are_found_by_the_index_of_their_nik(stores: Stores) -> None:
    """Claimed ones only: what was let go is nobody's."""
    applicants, holder, released = stores.applicants, checking(fresh()), checking(fresh())
    for each in (holder, released):
        applicants.save_claim(each)
    applicants.save_release(replace(released, state=IdentityState.FAILED, version=1))
    indexer = FakeIndexer() if isinstance(applicants, FakeApplicants) else bootstrap.indexer()
    assert holder.identity
    assert released.identity
    niks = [indexer.index("nik", nik) for nik in (holder.identity.nik, released.identity.nik, a_nik(fresh()))]
    assert applicants.holders_of(niks) == {niks[0]: holder.id}
    assert applicants.holders_of([]) == {}
