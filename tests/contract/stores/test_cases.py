"""What ``Applicants`` promises officers: a case by its reference, and those that wait, oldest first."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.cases import Document, DocumentKind, DocumentState, RefusalCode, Ruling, RulingKind
from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import Reference, StaffId
from chalicelib.domain.references import LABEL, reference_from
from chalicelib.domain.support import Waiting
from chalicelib.domain.verification import Applicant, IdentityState, Photo, PhotoKind, PhotoState
from chalicelib.ports import Applicants
from tests.builders import a_nik, an_applicant, an_applicant_id, an_identity
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON, FakeApplicants, FakeIndexer

RULING = Ruling(RulingKind.REFUSE, StaffId("ani"), "It is not the same.", NOON, 3, RefusalCode.NAME_DIFFERS, ("nik",))
CAME = Document(DocumentKind.ID_CARD, DocumentState.RECEIVED, NOON, "documents/a/id_card/1")
WAITS = Waiting.IN_REVIEW


def reference_of(applicant: Applicant, applicants: Applicants) -> Reference:
    indexer = FakeIndexer() if isinstance(applicants, FakeApplicants) else bootstrap.indexer()
    return reference_from(indexer.derived(LABEL, applicant.id))


def waits(minute: int = 0, **changes: Any) -> Applicant:
    since = NOON + timedelta(minutes=minute)
    case = an_applicant(number := fresh(), identity=an_identity(number), waiting_since=since)
    return replace(case, **({"state": IdentityState.IN_REVIEW} | changes))


def test_a_case_comes_back_with_all_that_officers_left_on_it(applicants: Applicants) -> None:
    left: dict[str, Any] = {
        "attempts_given_back": 2,
        "corrected_submission": 4,
        "documents": (CAME,),
        "rulings": (RULING, RULING),
    }
    case = waits(**left)
    applicants.save(case)
    assert applicants.get(case.id) == replace(case, version=1)


def test_a_case_is_found_by_its_reference(applicants: Applicants) -> None:
    case, other = waits(), waits()
    for each in (case, other):
        applicants.save(each)
    assert applicants.by_reference(reference_of(case, applicants)) == replace(case, version=1)
    assert applicants.by_reference(reference_of(waits(), applicants)) is None


def test_whoever_comes_before_people_waits_from_then_on(applicants: Applicants) -> None:
    case = waits(waiting_since=None)
    applicants.save(case)
    since = applicants.get(case.id).waiting_since
    assert since is not None
    applicants.save(replace(case, waiting_since=since, declared_at=NOON, version=1))
    assert applicants.get(case.id).waiting_since == since


def all_waiting(applicants: Applicants, waiting: Waiting, limit: int) -> list[Reference]:
    found, after = [], None
    for _ in range(100):
        page, after = applicants.waiting(waiting, after=after, limit=limit)
        assert len(page) <= limit
        found += [each.reference for each in page]
        if after is None:
            return found
    pytest.fail("the list never ends")


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_cases_that_wait_come_oldest_first_whatever_the_page(applicants: Applicants, limit: int) -> None:
    cases = [waits(minute, reasons=("population_name_unclear",)) for minute in (5, 1, 4, 2, 2, 3)]
    for case in cases:
        applicants.save(case)
    mine = {reference_of(case, applicants): case.waiting_since for case in cases}
    found = [each for each in all_waiting(applicants, WAITS, limit) if each in mine]
    assert len(found) == len(set(found)) == len(cases)
    moments = [mine[each] for each in found if mine[each]]
    assert moments == sorted(moments, key=str)


def test_a_line_of_the_list_says_why_and_since_when(applicants: Applicants) -> None:
    case = waits(reasons=("population_duplicate",))
    applicants.save(case)
    page, _ = applicants.waiting(WAITS, after=None, limit=100)
    (line,) = [each for each in page if each.reference == reference_of(case, applicants)]
    assert (line.waiting, line.reasons, line.since) == (WAITS, ("population_duplicate",), NOON)


def test_whoever_no_longer_waits_leaves_the_list(applicants: Applicants) -> None:
    case = waits()
    applicants.save(case)
    applicants.save(replace(case, state=IdentityState.DOCUMENTS_WANTED, version=1))
    me = reference_of(case, applicants)
    assert me not in all_waiting(applicants, WAITS, 100)
    assert me in all_waiting(applicants, Waiting.DOCUMENTS_WANTED, 100)
    applicants.save(replace(case, state=IdentityState.VERIFIED, version=2))
    assert me not in all_waiting(applicants, Waiting.DOCUMENTS_WANTED, 100)


def test_a_selfie_that_waits_is_listed_beside_the_identity_or_on_its_own(applicants: Applicants) -> None:
    """Under one list at a time, and lost from none."""
    alike = Photo(PhotoState.ACCEPTED, None, "photos/1.jpg", NOON, "00ff" * 4, (an_applicant_id(),))
    case = waits(photos={PhotoKind.SELFIE: alike})
    me = reference_of(case, applicants)
    states = [IdentityState.IN_REVIEW, IdentityState.DOCUMENTS_WANTED, IdentityState.VERIFIED]
    lists = [Waiting.IN_REVIEW, Waiting.SELFIE_IN_REVIEW, Waiting.SELFIE_IN_REVIEW]
    for version, (state, waiting) in enumerate(zip(states, lists, strict=True)):
        applicants.save(replace(case, state=state, version=version))
        assert [each for each in Waiting if me in all_waiting(applicants, each, 100)] == [waiting]
        page, _ = applicants.waiting(waiting, after=None, limit=100)
        assert [each.selfie_reasons for each in page if each.reference == me] == [("selfie_alike",)]
    seen = replace(case, state=states[-1], photos={PhotoKind.SELFIE: replace(alike, looked_at=NOON)}, version=3)
    applicants.save(seen)
    assert applicants.get(case.id).photos == seen.photos
    assert [each for each in Waiting if me in all_waiting(applicants, each, 100)] == []


def test_nobody_lets_go_of_anothers_nik(applicants: Applicants) -> None:
    """Whoever waits because the NIK is another's has never held it."""
    holder, rival = waits(), waits(reasons=("identity_needs_assistance",))
    assert holder.identity
    applicants.save_claim(holder)
    applicants.save_release(replace(rival, identity=holder.identity))
    assert applicants.get(rival.id).version == 1
    with pytest.raises(AlreadyDone):
        applicants.save_claim(replace(waits(), identity=holder.identity))
    with pytest.raises(StaleWrite):
        applicants.save_release(replace(rival, identity=holder.identity))


def test_a_nik_stated_before_is_let_go_of_and_the_new_one_not_taken(applicants: Applicants) -> None:
    case = waits()
    assert case.identity
    applicants.save_claim(case)
    other = a_nik(fresh())
    corrected = replace(case, identity=replace(case.identity, nik=other), version=1)
    applicants.save_release(corrected, nik=case.identity.nik)
    assert applicants.get(case.id).identity == corrected.identity
    for nik in (case.identity.nik, other):
        rival = waits()
        assert rival.identity
        applicants.save_claim(replace(rival, identity=replace(rival.identity, nik=nik)))
