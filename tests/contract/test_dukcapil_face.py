"""Our client of the population registry's face match against its stand-in, and against answers no stand-in gives."""

import base64
import json
import traceback
from collections.abc import Iterator

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.registries.dukcapil_door import DukcapilDoor
from chalicelib.adapters.registries.dukcapil_face import DukcapilFaces
from chalicelib.domain.errors import Misconfigured, RegistryUnavailable
from chalicelib.domain.faces import FACE_SCORE_REVIEW, FACE_SCORE_THRESHOLD
from chalicelib.domain.nik import Nik
from chalicelib.domain.verification import PersonStatus
from infra.local import portraits
from infra.local.standins.messages import Reply
from infra.local.standins.population import PopulationStandIn
from infra.local.standins.scripted import ScriptedStandIn
from tests.contract.hostile import FACE
from tests.contract.neighbours import NOON, SITI, Moment, http_fixture, moment_fixture, scripted_fixture  # noqa: F401
from tests.contract.test_dukcapil import NIK_OF, citizen

FOUND = NIK_OF[PersonStatus.FOUND]
OWN = portraits.selfie(FOUND)
CREDENTIALS = ("inst", "user", "pass", "10.0.0.9")


@pytest.fixture
def office(moment: Moment) -> Iterator[PopulationStandIn]:
    office = PopulationStandIn(
        citizen, institution_id="inst", user_id="user", password="pass", caller_ip="10.0.0.9", now=moment
    )
    yield office
    office.stop()


@pytest.fixture
def faces(office: PopulationStandIn, http: JsonCaller, moment: Moment) -> DukcapilFaces:
    return DukcapilFaces(DukcapilDoor(office.start(), *CREDENTIALS, http), moment)


@pytest.fixture
def told(scripted: ScriptedStandIn, http: JsonCaller, moment: Moment) -> DukcapilFaces:
    return DukcapilFaces(DukcapilDoor(scripted.start(), *CREDENTIALS, http), moment)


def entry(**fields: object) -> Reply:
    return Reply(200, json.dumps({"content": [fields], "quotaLimiter": 5}).encode())


def test_a_person_s_own_face_is_recognised(faces: DukcapilFaces) -> None:
    answer = faces.match_face(FOUND, OWN)
    assert (answer.status, answer.as_of) == (PersonStatus.FOUND, NOON)
    assert answer.score >= FACE_SCORE_THRESHOLD


def test_another_s_face_is_not(faces: DukcapilFaces) -> None:
    assert faces.match_face(FOUND, portraits.selfie("3174015203950999")).score < FACE_SCORE_REVIEW


def test_a_real_photo_is_believed_here(faces: DukcapilFaces) -> None:
    """There is nothing on this machine to compare it with."""
    assert faces.match_face(FOUND, FACE).score >= FACE_SCORE_THRESHOLD


@pytest.mark.parametrize("score", [0, 54, 55, 79, 80, 100])
def test_the_stand_in_scores_as_it_is_told(faces: DukcapilFaces, office: PopulationStandIn, score: int) -> None:
    office.behave(face_score=score)
    assert faces.match_face(FOUND, OWN).score == score


@pytest.mark.parametrize("status", [each for each in PersonStatus if each is not PersonStatus.FOUND])
def test_the_registry_says_what_became_of_a_person(faces: DukcapilFaces, status: PersonStatus) -> None:
    nik = Nik("123") if status is PersonStatus.BAD_FORMAT else NIK_OF[status]
    answer = faces.match_face(nik, OWN)
    assert (answer.status, answer.score) == (status, 0)


@pytest.mark.parametrize(
    "fault",
    [
        {"outage": True},
        {"http_500": True},
        {"html": True},
        {"truncated": True},
        {"hang_seconds": 5},
        {"slow_share": 1, "slow_seconds": 5},
    ],
    ids=str,
)
def test_what_is_no_answer_refuses_nobody(
    faces: DukcapilFaces, office: PopulationStandIn, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    with pytest.raises(RegistryUnavailable):
        faces.match_face(FOUND, OWN)
    office.behave()
    assert faces.match_face(FOUND, OWN).status is PersonStatus.FOUND


@pytest.mark.parametrize("text", ["Login Gagal", "IP Address Tidak Sesuai", "Instansi Tidak Aktif"])
def test_a_complaint_about_us_says_nothing_of_the_person(
    faces: DukcapilFaces, office: PopulationStandIn, text: str
) -> None:
    office.behave(answer_text=text)
    with pytest.raises(Misconfigured, match="registry_refuses_us"):
        faces.match_face(FOUND, OWN)


def test_a_picture_that_is_none_is_a_mistake_of_ours(faces: DukcapilFaces) -> None:
    with pytest.raises(Misconfigured, match="registry_refuses_request"):
        faces.match_face(FOUND, b"no picture")


def test_both_methods_use_up_one_quota(faces: DukcapilFaces, office: PopulationStandIn) -> None:
    office.behave(quota_per_day=1)
    faces.match_face(FOUND, OWN)
    with pytest.raises(RegistryUnavailable, match="registry_quota_used_up"):
        faces.match_face(FOUND, OWN)


@pytest.mark.parametrize("style", ["upper", "lower", "mixed"])
def test_letter_case_means_nothing(faces: DukcapilFaces, office: PopulationStandIn, style: str) -> None:
    office.behave(letter_case=style)
    assert faces.match_face(FOUND, OWN).score >= FACE_SCORE_THRESHOLD


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b""),
        Reply(200, b"[]"),
        Reply(200, b"<html>Sesuai</html>"),
        Reply(503, json.dumps({"content": [{"SKOR_WAJAH": "95"}]}).encode()),
        Reply(200, json.dumps({"content": [{"SKOR_WAJAH": "95"}] * 2}).encode()),
        entry(),
        entry(SKOR_WAJAH=""),
        entry(SKOR_WAJAH="101"),
        entry(SKOR_WAJAH="-5"),
        entry(SKOR_WAJAH="sembilan"),
        entry(SKOR_WAJAH=None),
        entry(SKOR_WAJAH=True),
        entry(SKOR_WAJAH="95", skor_wajah="5"),
        entry(SKOR_WAJAH="95", NIK="3174015203950009"),
        entry(SKOR_WAJAH="95", RESPONSE_CODE="99"),
        entry(RESPONSE_CODE="11", RESPON="Data Ditemukan, Data Ganda"),
    ],
)
def test_an_answer_that_is_not_understood_to_the_last_element_is_none(
    told: DukcapilFaces, scripted: ScriptedStandIn, reply: Reply
) -> None:
    scripted.replies = [reply]
    with pytest.raises(RegistryUnavailable):
        told.match_face(SITI.nik, FACE)


@pytest.mark.parametrize(
    ("said", "score"), [("95", 95), ("79.99", 79), ("79,99", 79), (" 80 ", 80), (0, 0), (100, 100)]
)
def test_no_score_is_rounded_up_to_a_threshold(
    told: DukcapilFaces, scripted: ScriptedStandIn, said: object, score: int
) -> None:
    scripted.replies = [entry(SKOR_WAJAH=said)]
    assert told.match_face(SITI.nik, FACE).score == score


def test_only_these_elements_leave_the_house(told: DukcapilFaces, scripted: ScriptedStandIn) -> None:
    scripted.replies = [entry(SKOR_WAJAH="95")]
    told.match_face(SITI.nik, FACE)
    assert scripted.requests[0].path == "/dukcapil/get_json/inst/CALL_FACE_MATCH"
    assert scripted.requests[0].json_object() == {
        "NIK": SITI.nik,
        "user_id": "user",
        "password": "pass",
        "IP_USER": "10.0.0.9",
        "FOTO": base64.b64encode(FACE).decode(),
    }


@pytest.mark.parametrize("fault", [{"outage": True}, {"truncated": True}, {"refuse_login": True}], ids=str)
def test_a_failure_tells_nothing_of_the_person_or_of_our_password(
    faces: DukcapilFaces, office: PopulationStandIn, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    with pytest.raises((RegistryUnavailable, Misconfigured)) as failure:
        faces.match_face(FOUND, OWN)
    chain = "".join(traceback.format_exception(failure.value)) + repr(failure.value.__context__)
    assert not any(secret in chain for secret in (FOUND, "'pass'", base64.b64encode(OWN).decode()[:40]))


def test_the_stand_in_s_books_hold_no_faces(faces: DukcapilFaces, office: PopulationStandIn) -> None:
    faces.match_face(FOUND, OWN)
    (row,) = office.books.rows.latest(5)
    assert row["face"] is True
    assert len(json.dumps(row, default=str)) < 1000
