"""Doors of verification: identity, photos, declaration. Those to the registries: ``registries.py``."""

from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.nik import FamilyCardNo, Nik
from chalicelib.domain.verification import Identity, PhotoKind, Registry
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller
from chalicelib.handlers.identity_bodies import IdentityAmended, IdentityStated
from chalicelib.handlers.replies import replies
from chalicelib.observability import count
from chalicelib.settings import queue_name, registry_quota, stream_arn
from chalicelib.use_cases.support.follow_case import follow_case
from chalicelib.use_cases.verification.amend_identity import amend_identity
from chalicelib.use_cases.verification.check_photo import check_photo
from chalicelib.use_cases.verification.claim_identity import claim_identity
from chalicelib.use_cases.verification.compare_selfie import compare_selfie
from chalicelib.use_cases.verification.follow_applicant import follow_applicant
from chalicelib.use_cases.verification.follow_photos import follow_photos
from chalicelib.use_cases.verification.match_face import match_face
from chalicelib.use_cases.verification.registry_pace import Pace
from chalicelib.use_cases.verification.renew_checks import renew_checks
from chalicelib.use_cases.verification.sign_declaration import sign_declaration
from chalicelib.use_cases.verification.state_identity import state_identity

blueprint = Blueprint(__name__)


class UploadWanted(Body):
    kind: PhotoKind


class UploadFormReply(Body):
    """Send the fields and, last, the `file` as multipart/form-data to the URL."""

    url: str
    fields: dict[str, str]


class Declaration(Body):
    accepted: bool = Field(description="Must be true: everything stated is true and complete.")


@blueprint.route("/v1/me/identity", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def put_identity(caller: Caller, body: IdentityStated) -> None:
    """State one's identity. Registries are asked afterwards; `GET /v1/me` tells how it stands."""
    stated = body.model_dump()
    identity = Identity(**{**stated, "nik": Nik(body.nik), "family_card_no": FamilyCardNo(body.family_card_no)})
    state_identity(caller.applicant_id, identity, applicants=bootstrap.applicants(), clock=bootstrap.clock())


@blueprint.route("/v1/me/identity", methods=["PATCH"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def amend(caller: Caller, body: IdentityAmended) -> None:
    """Correct some fields of an identity that was not verified; what is not named stays as it was stated."""
    changes = {name: value for name, value in body.model_dump().items() if value is not None}
    amend_identity(caller.applicant_id, changes, applicants=bootstrap.applicants(), clock=bootstrap.clock())


@blueprint.route("/v1/me/checks", methods=["POST"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def renew(caller: Caller) -> None:
    """Have the registers of education and aid asked again, once what they said is six hours old."""
    renew_checks(caller.applicant_id, applicants=bootstrap.applicants(), clock=bootstrap.clock())


@blueprint.route("/v1/me/photos", methods=["POST"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.CREATED)
def begin_upload(caller: Caller, body: UploadWanted) -> UploadFormReply:
    """Get a form for one photo, good for five minutes. 10 KB to 5 MB: JPEG, PNG or WEBP, whatever `Content-Type` says.

    Asking again is always fine, and an upload that broke off is sent again. Whether the photo will do, and else how to
    take a better one, is told by `GET /v1/me` seconds later."""
    upload = bootstrap.chance().token()
    form = bootstrap.photos().upload_form(caller.applicant_id, body.kind, upload)
    return UploadFormReply(url=form.url, fields=dict(form.fields))


@blueprint.route("/v1/me/declaration", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def put_declaration(caller: Caller, body: Declaration) -> None:
    """Declare that what was stated is true."""
    sign_declaration(caller.applicant_id, body.accepted, applicants=bootstrap.applicants(), clock=bootstrap.clock())


@blueprint.on_dynamodb_record(stream_arn=stream_arn("applicants"), batch_size=100)
@each_change
def follow_applicants(change: Change) -> None:
    follow_applicant(change, messages=bootstrap.messages(), waiting=bootstrap.waiting_checks(), clock=bootstrap.clock())
    follow_case(change, messages=bootstrap.messages())
    follow_photos(change, messages=bootstrap.messages())


@blueprint.on_sqs_message(queue=queue_name("identities-to-claim"), batch_size=10, maximum_concurrency=20)
@each_message
def claim_identities(body: dict[str, Any]) -> None:
    claim_identity(
        ApplicantId(body["applicant_id"]),
        body["submission"],
        applicants=bootstrap.applicants(),
        waves=bootstrap.wave_look(),
        clock=bootstrap.clock(),
    )


@blueprint.on_sqs_message(queue=queue_name("photos-to-check"), batch_size=5, maximum_concurrency=20)
@each_message
def check_photos(body: dict[str, Any]) -> None:
    """An upload's notice, as S3 writes it: object keys are URL-encoded there."""
    for record in body.get("Records", ()):
        object_key = unquote_plus(record["s3"]["object"]["key"])
        check_photo(object_key, photos=bootstrap.photos(), applicants=bootstrap.applicants())


@blueprint.on_sqs_message(queue=queue_name("selfies-to-compare"), batch_size=10, maximum_concurrency=10)
@each_message
def compare_selfies(body: dict[str, Any]) -> None:
    others = compare_selfie(ApplicantId(body["applicant_id"]), body["object_key"], applicants=bootstrap.applicants())
    if others:
        count("SelfieAlike", function="compare_selfies")


@blueprint.on_sqs_message(queue=queue_name("faces-to-match"), batch_size=5, maximum_concurrency=10)
@each_message
def match_faces(body: dict[str, Any]) -> None:
    match_face(
        ApplicantId(body["applicant_id"]),
        body["object_key"],
        applicants=bootstrap.applicants(),
        photos=bootstrap.photos(),
        registry=bootstrap.face_registry(),
        pace=Pace(
            Registry.POPULATION,
            registry_quota(Registry.POPULATION),
            bootstrap.registry_budgets(),
            bootstrap.buckets(),
            bootstrap.clock(),
        ),
    )
