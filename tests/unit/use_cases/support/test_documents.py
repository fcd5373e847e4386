"""Documents: asked for by an officer, handed in by the person, and the case is before people again."""

from typing import Any

import pytest

from chalicelib.domain.cases import DocumentKind, DocumentState, DocumentType
from chalicelib.domain.documents import LARGEST_DOCUMENT_BYTES
from chalicelib.domain.errors import Conflict, Rejected, StoreUnavailable
from chalicelib.domain.verification import Applicant, IdentityState
from chalicelib.use_cases.support.begin_document_upload import begin_document_upload
from chalicelib.use_cases.support.receive_document import receive_document
from chalicelib.use_cases.support.request_documents import DocumentRequest, request_documents
from tests.builders import an_applicant_id
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.support.desk import ANI, BUDI, REASON, acts, case, casework, in_review, reference

PDF = b"%PDF-1.7" + b"." * 2000
FAMILY_CARD = f"documents/{an_applicant_id()}/family_card/9"


def request(world: World, *kinds: DocumentKind, officer: Any = ANI, version: int = 2) -> Applicant:
    asked = DocumentRequest(kinds or (DocumentKind.FAMILY_CARD,), REASON, version)
    return request_documents(reference(), asked, officer, casework=casework(world))


def wanted() -> World:
    world = in_review()
    request(world)
    world.documents.receives(FAMILY_CARD, PDF)
    return world


def receive(world: World, key: str = FAMILY_CARD) -> None:
    receive_document(key, documents=world.documents, applicants=world.applicants, clock=world.clock)


def form(world: World, kind: DocumentKind) -> str:
    asked = begin_document_upload(
        an_applicant_id(),
        kind,
        DocumentType.PDF,
        applicants=world.applicants,
        documents=world.documents,
        chance=world.chance,
    )
    return asked.fields["key"]


def test_a_case_waits_for_the_documents_that_were_asked_for() -> None:
    world = in_review()
    assert request(world).state is case(world).state is IdentityState.DOCUMENTS_WANTED
    assert acts(world) == {("ani", "request_documents", ("family_card",))}


def test_only_what_is_wanted_may_be_handed_in() -> None:
    world = wanted()
    assert form(world, DocumentKind.FAMILY_CARD).startswith(f"documents/{an_applicant_id()}/family_card/")
    for kind in (DocumentKind.ID_CARD, DocumentKind.BIRTH_CERTIFICATE):
        with pytest.raises(Conflict, match="document_not_wanted"):
            form(world, kind)
    receive(world)
    with pytest.raises(Conflict, match="document_not_wanted"):
        form(world, DocumentKind.FAMILY_CARD)


def test_what_came_brings_the_case_before_people_again() -> None:
    world = wanted()
    receive(world)
    assert case(world).state is IdentityState.IN_REVIEW
    (came,) = (each for each in case(world).documents if each.kind is DocumentKind.FAMILY_CARD)
    assert (came.state, came.object_key) == (DocumentState.RECEIVED, FAMILY_CARD)


@pytest.mark.parametrize(
    "content", [b"", b"MZ" + b"." * 2000, b"%PDF-", b"<html>" * 500, b"\xff\xd8\xff" + b"." * LARGEST_DOCUMENT_BYTES]
)
def test_what_is_no_document_is_told_and_asked_for_still(content: bytes) -> None:
    world = wanted()
    world.documents.receives(FAMILY_CARD, content)
    receive(world)
    version = case(world).version
    assert case(world).state is IdentityState.DOCUMENTS_WANTED
    assert [each.state for each in case(world).documents][-1] is DocumentState.NOT_READABLE
    receive(world)
    assert case(world).version == version
    world.documents.receives(FAMILY_CARD, PDF)
    receive(world)
    assert case(world).state is IdentityState.IN_REVIEW


def test_what_nobody_asked_for_changes_nothing() -> None:
    world = in_review()
    for key in (FAMILY_CARD, f"documents/{an_applicant_id(2)}/family_card/9"):
        world.documents.receives(key, PDF)
        receive(world, key)
    assert case(world).version == 2
    assert case(world, 2).version == 0


@pytest.mark.parametrize("key", ["documents/a/passport/1", "uploads/a/id_card/1", "documents/a/id_card", "x"])
def test_a_key_that_names_nothing_is_refused(world: World, key: str) -> None:
    with pytest.raises(Rejected, match="document_key_unknown"):
        receive(world, key)


def test_of_two_officers_at_once_one_is_told_that_the_case_has_moved() -> None:
    world = in_review()
    assert request(world) == request(world)
    with pytest.raises(Conflict, match="case_moved"):
        request(world, officer=BUDI)
    with pytest.raises(Conflict, match="case_moved"):
        request(world, DocumentKind.BIRTH_CERTIFICATE)


def test_nothing_is_asked_for_off_the_record() -> None:
    world = in_review()
    world.audit_log.fails_before("append")
    with pytest.raises(StoreUnavailable):
        request(world)
    assert case(world).state is IdentityState.IN_REVIEW


def test_attempts_used_up_are_no_hindrance_to_ask() -> None:
    world = in_review(state=IdentityState.FAILED, submission=5)
    assert request(world).state is IdentityState.DOCUMENTS_WANTED


def look(world: World) -> object:
    found = case(world)
    return found.state, [(each.kind, each.state) for each in found.documents], len(found.rulings), acts(world)


REQUEST = Workflow(in_review, request, look)
RECEIVE = Workflow(wanted, receive, look)


@pytest.mark.parametrize("workflow", [REQUEST, RECEIVE], ids=["request", "receive"])
def test_documents_survive_every_accident(workflow: Workflow) -> None:
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
