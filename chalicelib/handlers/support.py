"""Doors of assisted service: a case by its reference, what officers do with it, and what people hand in for it."""

from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.cases import RulingKind
from chalicelib.domain.support import Waiting
from chalicelib.handlers import case_replies as told
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.case_bodies import (
    CorrectionStated,
    DecisionStated,
    DisclosureAsked,
    DocumentsAsked,
    DocumentUpload,
    SelfieDecisionStated,
    WaitingAsked,
)
from chalicelib.handlers.doors import Access, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.handlers.verification import UploadFormReply
from chalicelib.settings import queue_name
from chalicelib.use_cases.support.begin_document_upload import begin_document_upload
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.correct_identity import Correction, correct_identity
from chalicelib.use_cases.support.decide_case import Decision, decide_case
from chalicelib.use_cases.support.decide_selfie import SelfieDecision, decide_selfie
from chalicelib.use_cases.support.disclose_values import disclose_values
from chalicelib.use_cases.support.receive_document import receive_document
from chalicelib.use_cases.support.request_documents import DocumentRequest, request_documents
from chalicelib.use_cases.support.see_case import see_case

blueprint = Blueprint(__name__)


@blueprint.route("/v1/staff/cases", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_cases(query: WaitingAsked, page: Page) -> told.WaitingCases:
    """Cases that wait for an officer, by identity or by selfie, or for documents, oldest first.

    One that waits for several things stands under `in_review` first; `selfie_reasons` tell of the selfie there."""
    waiting = Waiting(query.state)
    cases, last = bootstrap.applicants().waiting(waiting, after=page.after, limit=page.limit)
    return told.WaitingCases(cases=[told.waiting_case(each) for each in cases], next=cursor(last))


@blueprint.route("/v1/staff/cases/{reference}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_case(caller: Caller, reference: str) -> told.CaseReply:
    """One case, its personal values masked. That you looked is put on record.

    Caseworkers get links to the photos while the selfie waits for a decision."""
    seen = see_case(
        reference,
        caller.officer,
        casework=_casework(),
        documents=bootstrap.documents(),
        buckets=bootstrap.buckets(),
    )
    return told.case(seen.applicant, reference, seen.photos)


@blueprint.route("/v1/staff/cases/{reference}/disclosures", methods=["POST"])
@replies(blueprint, access=Access.CASEWORKER)
def disclose(caller: Caller, reference: str, body: DisclosureAsked) -> told.Disclosed:
    """Full values of the fields that you name, for a reason. Both are put on record first, and the person sees them."""
    values = disclose_values(
        reference,
        body.fields,
        body.reason,
        caller.officer,
        casework=_casework(),
        accounts=bootstrap.accounts(),
        documents=bootstrap.documents(),
        buckets=bootstrap.buckets(),
    )
    return told.Disclosed(values=values)


@blueprint.route("/v1/staff/cases/{reference}/decisions", methods=["POST"])
@replies(blueprint, access=Access.STAFF)
def decide(caller: Caller, reference: str, body: DecisionStated) -> told.CaseReply:
    """Accept, refuse or reopen a case as you saw it (`review_version`)."""
    decision = Decision(RulingKind(body.outcome), body.reason, body.review_version, body.code)
    return told.case(decide_case(reference, decision, caller.officer, casework=_casework()), reference)


@blueprint.route("/v1/staff/cases/{reference}/selfie-decisions", methods=["POST"])
@replies(blueprint, access=Access.CASEWORKER)
def judge_selfie(caller: Caller, reference: str, body: SelfieDecisionStated) -> told.CaseReply:
    """Say whether a selfie that waits for people is the person's own, as you saw it (`review_version`)."""
    decision = SelfieDecision(body.is_own, body.reason, body.review_version)
    return told.case(decide_selfie(reference, decision, caller.officer, casework=_casework()), reference)


@blueprint.route("/v1/staff/cases/{reference}/corrections", methods=["POST"])
@replies(blueprint, access=Access.STAFF)
def correct(caller: Caller, reference: str, body: CorrectionStated) -> told.CaseReply:
    """Correct what was stated, with a document as evidence. The registries are asked again; it costs no attempt."""
    correction = Correction(body.changes(), body.evidence_key, body.reason, body.review_version)
    return told.case(correct_identity(reference, correction, caller.officer, casework=_casework()), reference)


@blueprint.route("/v1/staff/cases/{reference}/document-requests", methods=["POST"])
@replies(blueprint, access=Access.STAFF)
def ask_for_documents(caller: Caller, reference: str, body: DocumentsAsked) -> told.CaseReply:
    """Ask the person for documents. The case comes back when all are there."""
    request = DocumentRequest(body.documents, body.reason, body.review_version)
    return told.case(request_documents(reference, request, caller.officer, casework=_casework()), reference)


@blueprint.route("/v1/me/documents", methods=["POST"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.CREATED)
def begin_document(caller: Caller, body: DocumentUpload) -> UploadFormReply:
    """Get a form for one document that an officer asked for, good for five minutes. 1 KB to 5 MB."""
    form = begin_document_upload(
        caller.applicant_id,
        body.kind,
        body.type,
        applicants=bootstrap.applicants(),
        documents=bootstrap.documents(),
        chance=bootstrap.chance(),
    )
    return UploadFormReply(url=form.url, fields=dict(form.fields))


@blueprint.on_sqs_message(queue=queue_name("documents-to-receive"), batch_size=5, maximum_concurrency=5)
@each_message
def receive_documents(body: dict[str, Any]) -> None:
    """An upload's notice, as S3 writes it: object keys are URL-encoded there."""
    for record in body.get("Records", ()):
        object_key = unquote_plus(record["s3"]["object"]["key"])
        receive_document(
            object_key,
            documents=bootstrap.documents(),
            applicants=bootstrap.applicants(),
            clock=bootstrap.clock(),
        )


def _casework() -> Casework:
    return Casework(bootstrap.applicants(), bootstrap.audit_log(), bootstrap.clock())
