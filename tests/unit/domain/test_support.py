"""What officers may do with a case: each step by its rule, each bound kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import support
from chalicelib.domain.cases import Document, DocumentKind, DocumentState, RefusalCode, Ruling, RulingKind
from chalicelib.domain.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.verification import (
    MOST_SUBMISSIONS,
    Applicant,
    Check,
    IdentityState,
    Outcome,
    Registry,
    submit_identity,
)
from tests.builders import a_nik, an_applicant, an_identity, checks
from tests.fakes import NOON

IN_REVIEW = IdentityState.IN_REVIEW
DOUBTED = Check(Outcome.REVIEW, ("population_name_unclear",), NOON)
SAID_NO = Check(Outcome.FAILED, ("population_differs",), NOON)


def ruling(kind: RulingKind = RulingKind.ACCEPT, **changes: Any) -> Ruling:
    return replace(Ruling(kind, StaffId("ani"), "It is the same name.", NOON, 3), **changes)


def in_review(**changes: Any) -> Applicant:
    answers = {**checks(), Registry.POPULATION: DOUBTED}
    case = an_applicant(state=IN_REVIEW, identity=an_identity(), submission=1, checks=answers, version=3)
    return replace(case, **{"reasons": DOUBTED.reasons, "waiting_since": NOON, **changes})


def test_a_doubt_that_a_registry_raised_may_be_accepted() -> None:
    accepted = support.accept(in_review(), ruling())
    assert (accepted.state, accepted.reasons) == (IdentityState.VERIFIED, ())
    assert accepted.rulings == (ruling(),)


def test_nobody_is_verified_before_the_registries_were_asked() -> None:
    """The NIK was another account's: no registry has seen this statement yet."""
    accepted = support.accept(in_review(checks={}, corrected_submission=1), ruling())
    assert (accepted.state, accepted.submission, accepted.corrected_submission) == (IdentityState.SUBMITTED, 1, 0)


def test_nobody_is_verified_where_a_registry_says_no() -> None:
    with pytest.raises(Conflict, match="case_needs_correction"):
        support.accept(in_review(checks={**checks(), Registry.POPULATION: SAID_NO}), ruling())


def test_a_refusal_says_why_in_words_that_the_person_sees() -> None:
    refused = support.refuse(in_review(), ruling(RulingKind.REFUSE, code=RefusalCode.NAME_DIFFERS))
    assert (refused.state, refused.reasons) == (IdentityState.FAILED, ("review_name_differs",))
    with pytest.raises(InvalidInput, match="refusal_code_missing"):
        support.refuse(in_review(), ruling(RulingKind.REFUSE))


@pytest.mark.parametrize(("submission", "left"), [(1, 4), (3, 2), (4, 2), (5, 2)])
def test_attempts_are_given_back_as_far_as_they_are_missing(submission: int, left: int) -> None:
    used_up = in_review(state=IdentityState.FAILED, submission=submission)
    reopened = support.reopen(used_up, ruling(RulingKind.REOPEN))
    assert (reopened.state, reopened.attempts_left) == (IdentityState.REOPENED, left)
    assert submit_identity(reopened, an_identity()).state is IdentityState.SUBMITTED


def test_attempts_given_back_are_used_up_as_well() -> None:
    case = support.reopen(in_review(state=IdentityState.FAILED, submission=MOST_SUBMISSIONS), ruling())
    for _ in range(support.ATTEMPTS_GIVEN_BACK):
        case = replace(submit_identity(case, an_identity()), state=IdentityState.FAILED)
    with pytest.raises(Conflict, match="identity_attempts_used_up"):
        submit_identity(case, an_identity())


def test_a_case_is_reopened_so_often_and_no_more() -> None:
    case = in_review(state=IdentityState.FAILED, submission=MOST_SUBMISSIONS)
    for _ in range(support.MOST_REOPENINGS):
        reopened = support.reopen(case, ruling(RulingKind.REOPEN))
        case = replace(reopened, state=IdentityState.FAILED, submission=reopened.submission + reopened.attempts_left)
    with pytest.raises(Conflict, match="case_reopened_too_often"):
        support.reopen(case, ruling(RulingKind.REOPEN))


def test_a_correction_is_a_submission_that_costs_no_attempt() -> None:
    case = in_review()
    corrected = support.correct(case, an_identity(full_name="Siti R."), ruling(RulingKind.CORRECT))
    assert (corrected.state, corrected.submission, corrected.corrected_submission) == (IdentityState.SUBMITTED, 2, 2)
    assert corrected.attempts_left == case.attempts_left
    assert (corrected.checks, corrected.reasons) == ({}, ())


def test_the_case_comes_back_with_the_last_document() -> None:
    kinds = [DocumentKind.ID_CARD, DocumentKind.FAMILY_CARD]
    case = support.request_documents(in_review(), kinds, ruling(RulingKind.REQUEST_DOCUMENTS))
    assert (case.state, support.wanted_documents(case)) == (IdentityState.DOCUMENTS_WANTED, tuple(kinds))
    case = support.receive_document(case, DocumentKind.ID_CARD, "documents/a/id_card/1", now=NOON)
    assert (case.state, support.wanted_documents(case)) == (
        IdentityState.DOCUMENTS_WANTED,
        (DocumentKind.FAMILY_CARD,),
    )
    case = support.receive_document(case, DocumentKind.FAMILY_CARD, "documents/a/family_card/1", now=NOON)
    assert (case.state, case.waiting_since) == (IN_REVIEW, NOON)
    assert support.evidence_of(case, "documents/a/id_card/1").kind is DocumentKind.ID_CARD


def test_a_file_that_is_none_is_still_wanted() -> None:
    case = support.request_documents(in_review(), [DocumentKind.ID_CARD], ruling())
    refused = support.refuse_document(case, DocumentKind.ID_CARD, now=NOON)
    assert support.wanted_documents(refused) == (DocumentKind.ID_CARD,)
    assert refused.documents == (Document(DocumentKind.ID_CARD, DocumentState.NOT_READABLE, NOON),)


def test_what_came_before_stays_unless_it_is_asked_for_again() -> None:
    came = Document(DocumentKind.ID_CARD, DocumentState.RECEIVED, NOON, "documents/a/id_card/1")
    case = support.request_documents(in_review(documents=(came,)), [DocumentKind.FAMILY_CARD], ruling())
    assert came in case.documents
    again = support.request_documents(in_review(documents=(came,)), [DocumentKind.ID_CARD], ruling())
    assert came not in again.documents


@pytest.mark.parametrize("key", ["", "documents/b/id_card/1", "documents/a/family_card/1"])
def test_evidence_is_a_document_that_came_for_this_case(key: str) -> None:
    came = Document(DocumentKind.ID_CARD, DocumentState.RECEIVED, NOON, "documents/a/id_card/1")
    wanted = Document(DocumentKind.FAMILY_CARD, DocumentState.WANTED, NOON, "documents/a/family_card/1")
    with pytest.raises(InvalidInput, match="evidence_unknown"):
        support.evidence_of(in_review(documents=(came, wanted)), key)


@pytest.mark.parametrize("state", [state for state in IdentityState if state is not IN_REVIEW])
def test_only_a_review_is_accepted(state: IdentityState) -> None:
    with pytest.raises(IllegalTransition):
        support.accept(in_review(state=state), ruling())


def test_whoever_saw_an_older_case_looks_again() -> None:
    with pytest.raises(Conflict, match="case_moved"):
        support.check_version(in_review(), ruling(version=2))


def test_rulings_on_one_case_have_a_bound() -> None:
    case = in_review(rulings=(ruling(),) * support.MOST_RULINGS)
    with pytest.raises(Conflict, match="case_has_too_many_rulings"):
        support.check_version(case, ruling())


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"at": NOON + timedelta(hours=1), "reason": "In other words."}, True),
        ({"staff": StaffId("budi")}, False),
        ({"kind": RulingKind.REOPEN}, False),
        ({"version": 4}, False),
        ({"code": RefusalCode.NAME_DIFFERS}, False),
        ({"concerns": ("nik",)}, False),
    ],
)
def test_the_same_of_the_same_officer_is_no_second_ruling(changes: dict[str, Any], is_same: bool) -> None:
    assert support.is_repeated(in_review(rulings=(ruling(),)), ruling(**changes)) is is_same


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("Because so", "reason_too_short"),
        ("      ", "reason_too_short"),
        ("She is called siti rahmawati i on the card", "reason_is_personal"),
        ("Her number 3174015203950001 is hers", "reason_is_personal"),
        ("Her number 3174 0152 0395 is hers", "reason_is_personal"),
        ("She called from 0812-0000-0001 today", "reason_is_personal"),
        ("She wrote from siti@contoh.example today", "reason_is_personal"),
        ("Her mother DEWI LESTARI signed it", "reason_is_personal"),
    ],
)
def test_a_reason_says_something_and_nothing_personal(reason: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        support.check_reason(reason, an_identity())
    assert (refusal.value.code, refusal.value.field) == (code, "reason")


@pytest.mark.parametrize("reason", ["The name is the same", "Seen on 12-03 at desk 4", "Seen: 2 cards, both of 2019"])
def test_an_honest_reason_is_taken(reason: str) -> None:
    support.check_reason(reason, an_identity())
    support.check_reason(reason, None)


def test_a_short_name_within_a_word_is_nobodys_name() -> None:
    ani = an_identity(full_name="Ani", mother_name="Sri")
    support.check_reason("Kartunya sesuai dengan urutan pekerjaan", ani)
    support.check_reason("Berani dan sriwijaya bukan nama", ani)
    with pytest.raises(InvalidInput):
        support.check_reason("Yang datang memang Ani sendiri", ani)


def test_nobody_rules_on_themselves() -> None:
    case = in_review()
    support.check_is_not_own(case, None)
    support.check_is_not_own(case, an_applicant(2, identity=an_identity(2)))
    support.check_is_not_own(case, an_applicant(2))
    for own in (case, an_applicant(1), an_applicant(2, identity=an_identity(2, nik=a_nik(1)))):
        with pytest.raises(NotAllowed, match="own_case"):
            support.check_is_not_own(case, own)


def test_masked_values_are_recognised_and_no_more() -> None:
    identity = an_identity(1, full_name="Siti Nur Aini", mother_name="Dewi")
    told = support.masked_values(identity)
    assert told["nik"] == f"3174********{identity.nik[-4:]}"
    assert (told["full_name"], told["mother_name"], told["birth_date"]) == ("S. N. A.", "D.", "1995")
    secret = {identity.nik, identity.family_card_no, identity.phone, identity.street, "Nur", "Aini", "Dewi", "12"}
    assert not [value for value in secret if any(value in each for each in told.values())]


@pytest.mark.parametrize("state", IdentityState)
def test_a_case_waits_since_it_came_before_people_and_no_longer_than_it_does(state: IdentityState) -> None:
    later = NOON + timedelta(days=1)
    waits = state in (IdentityState.IN_REVIEW, IdentityState.DOCUMENTS_WANTED)
    assert support.stamped(in_review(state=state), now=later).waiting_since == (NOON if waits else None)
    fresh = in_review(state=state, waiting_since=None)
    assert support.stamped(fresh, now=later).waiting_since == (later if waits else None)
