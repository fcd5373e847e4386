"""Doors of verification: identity, the registries and loaded lists, photos, declaration."""

from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.nik import FamilyCardNo, Nik
from chalicelib.domain.verification import Identity, PhotoKind, Registry, Sex
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller, Line
from chalicelib.handlers.replies import replies
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.verification.check_identity import Question, ask_lists, ask_population, check_identity
from chalicelib.use_cases.verification.check_photo import check_photo
from chalicelib.use_cases.verification.claim_identity import claim_identity
from chalicelib.use_cases.verification.follow_applicant import follow_applicant
from chalicelib.use_cases.verification.renew_list_check import renew_list_check
from chalicelib.use_cases.verification.sign_declaration import sign_declaration
from chalicelib.use_cases.verification.state_identity import state_identity

blueprint = Blueprint(__name__)


class IdentityStated(Body):
    """As on the identity card (KTP) and the family card (KK)."""

    nik: str = Field(max_length=32, examples=["3174054505950001"])
    family_card_no: str = Field(max_length=32)
    full_name: Line = Field(max_length=100)
    birth_date: date
    sex: Sex
    mother_name: Line = Field(max_length=100)
    street: Line = Field(max_length=200)
    province_code: str = Field(pattern=r"^[0-9]{2}$")
    regency_code: str = Field(pattern=r"^[0-9]{4}$")
    phone: str = Field(pattern=r"^\+62[0-9]{8,13}$", examples=["+6281200000001"])
    occupation: Line = Field(max_length=100)
    disabled: bool = False


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


@blueprint.route("/v1/me/photos", methods=["POST"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.CREATED)
def begin_upload(caller: Caller, body: UploadWanted) -> UploadFormReply:
    """Get a form for one photo, good for five minutes. JPEG, 10 KB to 5 MB."""
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
    follow_applicant(change, messages=bootstrap.messages())


@blueprint.on_sqs_message(queue=queue_name("identities-to-claim"), batch_size=10, maximum_concurrency=20)
@each_message
def claim_identities(body: dict[str, Any]) -> None:
    claim_identity(ApplicantId(body["applicant_id"]), body["submission"], applicants=bootstrap.applicants())


@blueprint.on_sqs_message(queue=queue_name("population-checks-to-make"), batch_size=5, maximum_concurrency=10)
@each_message
def check_population(body: dict[str, Any]) -> None:
    _check(body, Registry.POPULATION, ask_population(bootstrap.population_registry()))


@blueprint.on_sqs_message(queue=queue_name("education-checks-to-make"), batch_size=5, maximum_concurrency=10)
@each_message
def check_education(body: dict[str, Any]) -> None:
    _check(body, Registry.EDUCATION, ask_lists(bootstrap.education_registry(), bootstrap.clock()))


@blueprint.on_sqs_message(queue=queue_name("social-checks-to-make"), batch_size=5, maximum_concurrency=10)
@each_message
def check_social(body: dict[str, Any]) -> None:
    _check(body, Registry.SOCIAL, ask_lists(bootstrap.social_registry(), bootstrap.clock()))


@blueprint.on_sqs_message(queue=queue_name("list-checks-to-make"), batch_size=10, maximum_concurrency=20)
@each_message
def check_lists(body: dict[str, Any]) -> None:
    """The first check of a submission, or another one because a list changed."""
    registry, clock = bootstrap.loaded_lists(), bootstrap.clock()
    if "renewed_by" not in body:
        return _check(body, Registry.LISTS, ask_lists(registry, clock))
    applicant_id = ApplicantId(body["applicant_id"])
    renew_list_check(applicant_id, applicants=bootstrap.applicants(), registry=registry, clock=clock)


@blueprint.on_sqs_message(queue=queue_name("photos-to-check"), batch_size=5, maximum_concurrency=20)
@each_message
def check_photos(body: dict[str, Any]) -> None:
    """An upload's notice, as S3 writes it: object keys are URL-encoded there."""
    for record in body.get("Records", ()):
        object_key = unquote_plus(record["s3"]["object"]["key"])
        check_photo(object_key, photos=bootstrap.photos(), applicants=bootstrap.applicants())


def _check(body: dict[str, Any], registry: Registry, question: Question) -> None:
    applicant_id = ApplicantId(body["applicant_id"])
    check_identity(applicant_id, body["submission"], registry, question, applicants=bootstrap.applicants())
