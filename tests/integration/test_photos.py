"""Photos end to end: form, upload, advice at once, others alike, the face; as their owner sees it in ``GET /v1/me``."""

import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import boto3
import pytest
from PIL import Image

from chalicelib import bootstrap
from chalicelib.domain.face_match import FaceState
from chalicelib.domain.verification import PhotoKind
from infra.local import portraits
from tests.contract.hostile import FACE, HOSTILE, with_everything
from tests.integration.cast import CAST, Person
from tests.integration.town import STAGE, Town

BUDI, DEWI, CITRA = CAST["budi"], CAST["dewi"], CAST["citra"]
BUCKET = f"prakerja-{STAGE}-files"


def darkened(picture: bytes) -> bytes:
    content = BytesIO()
    Image.open(BytesIO(picture)).point(lambda value: value // 8).save(content, "JPEG", quality=100)
    return content.getvalue()


_sent: dict[tuple[str, str], float] = {}


def send(town: Town, person: Person, content: bytes, kind: str = "selfie") -> None:
    """By a new form, as its page would: whatever the form says is what is stored. S3 tells when an upload came in whole
    seconds: which of two of the same second came last nobody knows, so a second one waits that long."""
    time.sleep(max(0.0, _sent.get((person.id, kind), 0) + 1.01 - time.time()))
    _sent[person.id, kind] = time.time()
    form = town.ask("POST", "/v1/me/photos", {"kind": kind}, token=person.token).body
    boto3.client("s3").put_object(Bucket=BUCKET, Key=form["fields"]["key"], Body=content)
    tell(town, form["fields"]["key"])


def tell(town: Town, key: str) -> None:
    town.tell("check_photos", Records=[{"s3": {"object": {"key": key}}}])


def step(town: Town, person: Person, name: str = "photo_selfie", language: str = "id") -> dict[str, Any]:
    timeline = town.ask("GET", "/v1/me", token=person.token, language=language).body["timeline"]
    return dict(next(each for each in timeline if each["step"] == name))


def verify(town: Town, person: Person) -> None:
    """Their registries answer."""
    for function in ("check_population", "check_education", "check_social", "check_lists"):
        town.tell(function, applicant_id=person.id, submission=1)


def selfie_of(person: Person) -> Any:
    return bootstrap.applicants().get(person.id).photo(PhotoKind.SELFIE)


def face_of(person: Person) -> Any:
    return bootstrap.applicants().get(person.id).face


def test_advice_comes_at_once_and_says_what_to_do(town: Town) -> None:
    send(town, BUDI, darkened(portraits.selfie(BUDI.nik)))
    told = step(town, BUDI)
    assert (told["state"], told["reason"], told["next_action"]) == ("failed", "photo_too_dark", "upload_selfie")
    assert "Foto terlalu gelap: cari tempat terang" in str(told)
    assert "find a bright place" in str(step(town, BUDI, language="en"))


def test_a_bad_photo_is_retried_alone_and_a_good_one_stays(town: Town) -> None:
    send(town, BUDI, portraits.id_card(BUDI.nik), "id_card")
    send(town, BUDI, darkened(portraits.selfie(BUDI.nik)))
    assert step(town, BUDI, "photo_id_card")["state"] == "done"
    send(town, BUDI, FACE)
    assert step(town, BUDI)["state"] == "done"
    accepted = selfie_of(BUDI)
    for bad in ("nothing", "png flood", "animated webp", "jpeg with a page behind"):
        send(town, BUDI, HOSTILE[bad]())
    assert selfie_of(BUDI) == accepted


@pytest.mark.parametrize("hostile", [lambda: HOSTILE["pdf"](), lambda: HOSTILE["png flood"](), lambda: bytes(20_000)])
def test_what_is_no_photo_is_told_so(town: Town, hostile: Callable[[], bytes]) -> None:
    send(town, BUDI, hostile())
    assert step(town, BUDI)["reason"] == "photo_not_readable"
    assert kept() == set(), "there is nothing to keep"


def test_an_upload_that_is_told_twice_or_sent_twice_is_one_photo(town: Town) -> None:
    form = town.ask("POST", "/v1/me/photos", {"kind": "selfie"}, token=BUDI.token).body
    for _ in range(2):
        boto3.client("s3").put_object(Bucket=BUCKET, Key=form["fields"]["key"], Body=FACE)
        for _ in range(2):
            tell(town, form["fields"]["key"])
    assert len(kept()) == 1
    assert step(town, BUDI)["state"] == "done"


def test_a_form_used_again_for_another_picture_leaves_the_first_where_it_was(town: Town) -> None:
    form = town.ask("POST", "/v1/me/photos", {"kind": "selfie"}, token=BUDI.token).body
    for content in (FACE, darkened(FACE)):
        boto3.client("s3").put_object(Bucket=BUCKET, Key=form["fields"]["key"], Body=content)
        tell(town, form["fields"]["key"])
    (key,) = kept()
    assert selfie_of(BUDI).object_key == key


def test_what_is_kept_does_not_say_where_it_was_taken(town: Town) -> None:
    send(town, BUDI, with_everything())
    content = boto3.client("s3").get_object(Bucket=BUCKET, Key=selfie_of(BUDI).object_key)["Body"].read()
    assert b"Exif" not in content
    assert b"rahasia" not in content


def test_a_notice_of_a_file_that_is_no_upload_changes_nothing(town: Town) -> None:
    for key in ("draws/wave-000001.json", f"photos/{BUDI.id}/selfie/1.jpg", "uploads/../selfie/1/2"):
        tell(town, key)
    assert selfie_of(BUDI).object_key is None


# --- Others alike -----------------------------------------------------------------------------------------------------


def test_another_s_picture_is_flagged_for_staff_and_nobody_else_learns_of_it(town: Town) -> None:
    send(town, BUDI, FACE)
    send(town, CITRA, FACE)
    town.settle()
    assert (selfie_of(BUDI).alike, selfie_of(CITRA).alike) == ((CITRA.id,), (BUDI.id,))
    for person, other in ((BUDI, CITRA), (CITRA, BUDI)):
        assert step(town, person)["state"] == "done"
        text = town.ask("GET", "/v1/me", token=person.token).text
        assert other.id not in text
        assert "alike" not in text


# --- The face ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_selfie_first", [True, False])
def test_the_face_is_matched_when_identity_and_selfie_are_there_whichever_comes_last(
    town: Town, is_selfie_first: bool
) -> None:
    before, picture = asked_faces(town), portraits.selfie(DEWI.nik)
    steps: list[Callable[[], None]] = [lambda: send(town, DEWI, picture), lambda: verify(town, DEWI)]
    for take in steps if is_selfie_first else reversed(steps):
        assert face_of(DEWI).state is FaceState.PENDING
        take()
        town.settle()
    assert face_of(DEWI).state is FaceState.PASSED
    assert step(town, DEWI, "face_match")["state"] == "done"
    assert asked_faces(town) == before + 1


def test_a_face_that_is_not_recognised_is_taken_again_and_in_the_end_people_help(town: Town) -> None:
    before = asked_faces(town)
    verify(town, DEWI)
    for number in range(3):
        send(town, DEWI, portraits.selfie(f"another {number}"))
        town.settle()
        told = step(town, DEWI, "face_match", "en")
        assert step(town, DEWI)["state"] == "done"
        if number < 2:
            assert (told["reason"], told["next_action"]) == ("face_unclear", "upload_selfie")
    assert (told["reason"], told["next_action"]) == ("face_needs_assistance", "contact_assisted_service")
    assert "somebody else" not in str(told)
    send(town, DEWI, portraits.selfie(DEWI.nik))
    town.settle()
    assert asked_faces(town) == before + 3


def test_an_outage_refuses_nobody_and_the_face_is_matched_after_it(town: Town) -> None:
    send(town, DEWI, portraits.selfie(DEWI.nik))
    verify(town, DEWI)
    town.neighbours.population.behave(outage=True)
    body = {"applicant_id": DEWI.id, "object_key": selfie_of(DEWI).object_key}
    town.tell("match_faces", **body)  # it is put back, and so not failed
    assert step(town, DEWI, "face_match")["reason"] == "face_is_compared"
    town.neighbours.population.behave()
    town.tell("match_faces", **body)
    assert face_of(DEWI).state is FaceState.PASSED


def asked_faces(town: Town) -> int:
    return sum(row.get("face") is True for row in town.neighbours.population.books.rows.latest(100))


def kept() -> set[str]:
    """Clean copies of budi's."""
    found = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"photos/{BUDI.id}/")
    return {each["Key"] for each in found.get("Contents", ())}
