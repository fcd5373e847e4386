"""What ``Documents`` promises: a document is read as whose it is, what it is, and whether it can be one."""

from collections.abc import Callable

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.cases import DocumentKind, DocumentType
from chalicelib.domain.documents import LARGEST_DOCUMENT_BYTES, SMALLEST_DOCUMENT_BYTES
from chalicelib.domain.errors import Rejected
from chalicelib.ports import Documents
from chalicelib.settings import resource_name
from tests.builders import an_applicant_id
from tests.contract.stores.fresh import fresh
from tests.fakes import FakeDocuments

Upload = Callable[[str, bytes], None]
FILLED = b"." * SMALLEST_DOCUMENT_BYTES


def _upload(object_key: str, content: bytes) -> None:
    boto3.client("s3").put_object(Bucket=resource_name("files"), Key=object_key, Body=content)


@pytest.fixture(params=["fake", "moto"])
def archive(request: pytest.FixtureRequest) -> tuple[Documents, Upload]:
    if request.param == "fake":
        fake = FakeDocuments()
        return fake, fake.receives
    request.getfixturevalue("deployed")
    return bootstrap.documents(), _upload


def a_key(kind: str = "family_card") -> str:
    number = fresh()
    return f"documents/{an_applicant_id(number)}/{kind}/upload-{number}"


@pytest.mark.parametrize(
    ("content", "is_readable"),
    [
        (b"\xff\xd8\xff\xe0" + FILLED, True),
        (b"%PDF-1.7" + FILLED, True),
        (b"%PDF-", False),
        (b"<html>" + FILLED, False),
        (b"\x89PNG" + FILLED, False),
        (b"", False),
        (b"%PDF-1.7" + b"." * LARGEST_DOCUMENT_BYTES, False),
    ],
    ids=["jpeg", "pdf", "too small", "html", "png", "empty", "too large"],
)
def test_a_document_begins_as_what_it_claims_to_be(
    archive: tuple[Documents, Upload], content: bytes, is_readable: bool
) -> None:
    documents, upload = archive
    key = a_key()
    upload(key, content)
    reading = documents.examine(key)
    assert (reading.kind, reading.is_readable) == (DocumentKind.FAMILY_CARD, is_readable)
    assert reading.applicant_id == key.split("/")[1]


@pytest.mark.parametrize("key", ["documents/a/passport/1", "uploads/a/id_card/1", "documents/a/id_card", "x"])
def test_a_key_that_names_nothing_is_refused(archive: tuple[Documents, Upload], key: str) -> None:
    with pytest.raises(Rejected):
        archive[0].examine(key)


def test_the_form_is_for_this_document_of_this_person_and_its_type(archive: tuple[Documents, Upload]) -> None:
    person = an_applicant_id(fresh())
    form = archive[0].upload_form(person, DocumentKind.BIRTH_CERTIFICATE, DocumentType.PDF, "one")
    assert form.fields["key"] == f"documents/{person}/birth_certificate/one"
    assert form.fields["Content-Type"] == "application/pdf"


@pytest.mark.usefixtures("deployed")
def test_an_officers_link_saves_the_file_and_does_not_show_it() -> None:
    assert "response-content-disposition=attachment" in bootstrap.documents().view_url(a_key())
