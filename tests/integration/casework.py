"""Three of the cast before people: yuni with a document that came, yanti asked for one, yola for her selfie; zainab has
failed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3

from chalicelib import bootstrap
from chalicelib.domain import support, verification
from chalicelib.domain.cases import Document, DocumentKind, DocumentState, Ruling, RulingKind
from chalicelib.domain.faces import FaceAnswer, record_face
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.verification import Applicant, Check, Outcome, PersonStatus, PhotoKind, Registry
from tests.integration import cast
from tests.integration.cast import CAST, Person
from tests.integration.town import STAGE, Reply, Town

DOCUMENT = b"\xff\xd8\xff\xe0" + b"a card" * 1000
REASON = "Nama di KTP sama dengan yang dicatat."
VERSION = 3
"""yuni's case: stated, claimed, doubted."""


def bring_before_people(town: Town) -> None:
    yuni, yanti = (_doubted(town, CAST[name]) for name in ("yuni", "yanti"))
    came = Document(DocumentKind.ID_CARD, DocumentState.RECEIVED, town.clock.now(), CAST["yuni"].document_key)
    bootstrap.applicants().save(replace(yuni, documents=(came,)))
    bootstrap.applicants().save(yanti)
    seen = bootstrap.applicants().get(yanti.id)
    ruling = Ruling(RulingKind.REQUEST_DOCUMENTS, StaffId("staf"), REASON, town.clock.now(), seen.version)
    bootstrap.applicants().save(support.request_documents(seen, [DocumentKind.FAMILY_CARD], ruling))
    bootstrap.applicants().save_release(
        _checked(town, CAST["zainab"], Outcome.FAILED, "population_differs_family_card")
    )
    for name in ("yuni", "yanti"):
        hand_in(CAST[name].document_key)
    _doubt_the_face_of(CAST["yola"], town)
    yani = bootstrap.applicants().get(CAST["yani"].id)
    student = Check(Outcome.PASSED, ("student:DAPODIK",), cast.EVENING)
    bootstrap.applicants().save(verification.renew_check(yani, Registry.EDUCATION, student))


def _doubt_the_face_of(person: Person, town: Town) -> None:
    applicant = bootstrap.applicants().get(person.id)
    alike = replace(applicant.photo(PhotoKind.SELFIE), alike=(CAST["yani"].id,))
    applicant = verification.record_photo(applicant, PhotoKind.SELFIE, alike)
    bootstrap.applicants().save(record_face(applicant, FaceAnswer(PersonStatus.FOUND, 70, town.clock.now())))


def hand_in(key: str, content: bytes = DOCUMENT) -> None:
    boto3.client("s3").put_object(Bucket=f"prakerja-{STAGE}-files", Key=key, Body=content)


def _doubted(town: Town, person: Person) -> Applicant:
    return _checked(town, person, Outcome.REVIEW, "population_name_unclear")


def _checked(town: Town, person: Person, outcome: Outcome, reason: str) -> Applicant:
    """The population registry has answered so, all others well."""
    applicant = bootstrap.applicants().get(person.id)
    for registry in Registry:
        check = Check(Outcome.PASSED, (), town.clock.now())
        if registry is Registry.POPULATION:
            check = Check(outcome, (reason,), town.clock.now())
        applicant = verification.record_check(applicant, registry, check)
    return applicant


def on_case(
    town: Town, verb: str, body: Mapping[str, Any], person: Person = CAST["yuni"], token: str = cast.STAFF
) -> Reply:
    return town.ask("POST", f"/v1/staff/cases/{person.reference}/{verb}", dict(body), token=token)


def seen(town: Town, person: Person = CAST["yuni"], token: str = cast.STAFF) -> dict[str, Any]:
    reply = town.ask("GET", f"/v1/staff/cases/{person.reference}", token=token)
    assert reply.status == 200, reply.text
    return reply.body


def decision(outcome: str, version: int = VERSION, **more: object) -> dict[str, object]:
    return {"outcome": outcome, "reason": REASON, "review_version": version, **more}


def deeds(town: Town) -> list[tuple[str, str]]:
    """(staff, act) of every entry of the audit log, but for the corrections that were asked for in the beginning."""
    rows = town.memory.rows().items()
    found = [(item["staff"]["S"], item["act"]["S"]) for (table, _, _), item in rows if table == "audit"]
    return sorted(each for each in found if each[1] != "ask_correction")


@contextmanager
def nothing_on_record(town: Town) -> Iterator[None]:
    before = deeds(town)
    yield
    assert deeds(town) == before
