"""To look at a case, and to be told its values: on record first, or not at all."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import InvalidInput, NotAllowed, NotFound, StoreUnavailable, TooManyAttempts
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.domain.support import DISCLOSURES, Disclosable
from chalicelib.domain.verification import Photo, PhotoKind, PhotoState
from chalicelib.use_cases.audit.read_access_log import read_access_log
from chalicelib.use_cases.audit.read_audit import read_audit
from chalicelib.use_cases.support.disclose_values import disclose_values
from chalicelib.use_cases.support.see_case import CaseSeen, see_case
from tests.builders import an_account, an_applicant_id, an_identity
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident
from tests.unit.use_cases.support.desk import ANI, KEY, REASON, acts, case, casework, in_review, on_record, reference

CAREFUL = Officer(StaffId("citra"), Role.CASEWORKER)


def disclose(world: World, *fields: Disclosable, reason: str = REASON, officer: Officer = CAREFUL) -> dict[str, object]:
    told = disclose_values(
        reference(),
        fields or (Disclosable.NIK,),
        reason,
        officer,
        casework=casework(world),
        accounts=world.accounts,
        documents=world.documents,
        buckets=world.buckets,
    )
    return dict(told)


def see(world: World) -> object:
    return see_as(world, ANI).applicant


def see_as(world: World, officer: Officer) -> CaseSeen:
    return see_case(reference(), officer, casework=casework(world), documents=world.documents, buckets=world.buckets)


def test_whoever_looks_is_on_record_before_the_case_is_shown() -> None:
    world = in_review()
    assert see(world) == case(world)
    ((staff, act, fields),) = acts(world)
    assert (staff, act) == ("ani", "see_case")
    assert {"nik", "full_name", "phone"} <= set(fields)
    world.audit_log.fails_before("append")
    with pytest.raises(StoreUnavailable):
        see(world)


def test_an_entry_that_may_or_may_not_be_there_shows_nothing() -> None:
    world = in_review()
    world.audit_log.fails_after("append")
    with pytest.raises(StoreUnavailable):
        disclose(world)


def test_full_values_are_told_one_by_one() -> None:
    world = in_review()
    world.accounts.add(an_account())
    told = disclose(world, Disclosable.NIK, Disclosable.BIRTH_DATE, Disclosable.EMAIL, Disclosable.NIK)
    assert told == {"nik": an_identity().nik, "birth_date": "1995-03-12", "email": "siti1@contoh.example"}
    assert acts(world) == {("citra", "disclose", ("nik", "birth_date", "email"))}
    (entry,) = on_record(world)
    assert entry.deed.reason == REASON
    assert an_identity().nik not in repr(entry)


def test_photos_and_documents_are_told_as_links() -> None:
    photo = Photo(PhotoState.ACCEPTED, None, "photos/selfie.jpg")
    world = in_review(photos={PhotoKind.SELFIE: photo, PhotoKind.ID_CARD: Photo(PhotoState.REFUSED, "photo_too_small")})
    told = disclose(world, Disclosable.PHOTOS, Disclosable.DOCUMENTS)
    assert told["photos"] == {"selfie": "https://views.example/photos/selfie.jpg"}
    assert told["documents"] == {"id_card": f"https://views.example/{KEY}"}


def test_what_was_never_stated_is_told_as_nothing() -> None:
    world = World()
    world.applicants.save(replace(case(world), photos={PhotoKind.SELFIE: Photo()}))
    assert disclose(world, Disclosable.NIK, Disclosable.EMAIL) == {"nik": None, "email": None}


@pytest.mark.parametrize("reason", ["because", "Siti Rahmawati I asked me", "She has 3174015203950001"])
def test_no_value_is_told_without_a_reason_that_can_be_kept(reason: str) -> None:
    world = in_review()
    with pytest.raises(InvalidInput):
        disclose(world, reason=reason)
    assert on_record(world) == []


def test_nobody_carries_off_the_register() -> None:
    """A desk reads so many in an hour and no more; another officer's desk is another."""
    world = in_review()
    for _ in range(DISCLOSURES.most):
        disclose(world)
    with pytest.raises(TooManyAttempts, match="disclosures_too_many"):
        disclose(world)
    assert len(on_record(world)) == DISCLOSURES.most
    disclose(world, officer=replace(CAREFUL, staff=StaffId("eko")))
    world.clock.passes(minutes=1)
    disclose(world)


def test_nobody_looks_themselves_up() -> None:
    world = in_review()
    with pytest.raises(NotAllowed, match="own_case"):
        disclose(world, officer=replace(CAREFUL, own_account=an_applicant_id()))


def test_a_reference_that_is_nobodys_tells_nothing_and_is_not_on_record(world: World) -> None:
    with pytest.raises(NotFound, match="case_unknown"):
        see(world)
    assert on_record(world) == []


def test_an_approver_reads_who_looked_and_is_on_record_too() -> None:
    world = in_review()
    see(world)
    world.clock.passes(minutes=1)
    disclose(world)
    world.clock.passes(minutes=1)
    entries, last = read_audit(
        reference(), Officer(StaffId("dewi"), Role.APPROVER), after=None, limit=10, casework=casework(world)
    )
    assert [each.deed.act.value for each in entries] == ["read_audit", "disclose", "see_case"]
    assert last is None


def test_the_person_reads_who_looked_at_them_and_at_nobody_else() -> None:
    world = in_review()
    disclose(world)
    for number, times in ((1, 1), (2, 0)):
        entries, _ = read_access_log(
            an_applicant_id(number), after=None, limit=10, audit_log=world.audit_log, indexer=world.indexer
        )
        assert len(entries) == times


@pytest.mark.parametrize("step", [see, disclose])
def test_looking_survives_every_accident(step: object) -> None:
    assert callable(step)
    assert_survives_every_accident(Workflow(in_review, step, acts))
