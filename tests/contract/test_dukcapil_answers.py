"""What our client of the population registry sends, and what it makes of answers that no stand-in would give."""

import json
import socket
import threading
import time

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.registries.dukcapil import DukcapilRegistry
from chalicelib.adapters.registries.dukcapil_door import DukcapilDoor
from chalicelib.domain.errors import RegistryUnavailable
from infra.local.standins.messages import Reply
from infra.local.standins.scripted import ScriptedStandIn
from tests.contract.neighbours import SITI, Moment, http_fixture, moment_fixture, scripted_fixture  # noqa: F401

ELEMENTS = ("NAMA_LGKP", "TGL_LHR", "JENIS_KLMIN", "NO_KK", "NAMA_LGKP_IBU", "NO_PROP")
AGREED = dict.fromkeys(ELEMENTS, "Sesuai")


def entry(**fields: object) -> Reply:
    return Reply(200, json.dumps({"content": [fields], "quotaLimiter": 5}).encode())


@pytest.fixture
def told(scripted: ScriptedStandIn, http: JsonCaller, moment: Moment) -> DukcapilRegistry:
    return DukcapilRegistry(DukcapilDoor(scripted.start(), "inst", "user", "pass", "10.0.0.9", http), moment)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b""),
        Reply(200, b"[]"),
        Reply(200, b"\xff\xfe"),
        Reply(200, b"[" * 200_000),
        Reply(200, b'{"content": ' + b"9" * 5000 + b"}"),
        Reply(200, b"{}"),
        Reply(200, b'{"content": []}'),
        Reply(200, b'{"content": {}}'),
        Reply(200, b'{"content": [null]}'),
        Reply(200, json.dumps({"content": [AGREED, AGREED]}).encode()),
        Reply(200, b" " * (1024 * 1024) + json.dumps({"content": [AGREED]}).encode()),
        Reply(503, json.dumps({"content": [AGREED]}).encode()),
        Reply(404, json.dumps({"content": [{"RESPON": "Data Tidak Ditemukan"}]}).encode()),
        entry(**{**AGREED, "TGL_LHR": "Mungkin Sesuai"}),
        entry(**{**AGREED, "TGL_LHR": None}),
        entry(**{**AGREED, "TGL_LHR": True}),
        entry(**{**AGREED, "NAMA_LGKP": "Sesuai (101)"}),
        entry(**{**AGREED, "NAMA_LGKP": "Sesuai (abc)"}),
        entry(**AGREED, tgl_lhr="Tidak Sesuai"),
        entry(**AGREED, NIK="3174015203950009"),
        entry(**AGREED, NIK="Tidak Sesuai"),
        entry(**AGREED, RESPONSE_CODE="99"),
        entry(**AGREED, RESPON="Sistem sedang dalam perbaikan"),
        entry(RESPONSE_CODE="16", RESPON="Data Tidak Ditemukan"),
        entry(RESPONSE_CODE="11", RESPON="Data Ditemukan, Data Ganda"),
        entry(RESPONSE_CODE="00", RESPON="Data Tidak Ditemukan"),
        entry(RESPON=["Data Tidak Ditemukan"]),
    ],
)
def test_an_answer_that_is_not_understood_to_the_last_element_is_none(
    told: DukcapilRegistry, scripted: ScriptedStandIn, reply: Reply
) -> None:
    scripted.replies = [reply]
    with pytest.raises(RegistryUnavailable):
        told.match(SITI)


@pytest.mark.parametrize(
    "more",
    [{}, {"NIK": SITI.nik}, {"NIK": "Sesuai"}, {"RESPONSE_CODE": "00", "RESPON": "Data Ditemukan"}, {"ALAMAT": "?"}],
    ids=str,
)
def test_other_installations_say_more_without_meaning_more(
    told: DukcapilRegistry, scripted: ScriptedStandIn, more: dict[str, str]
) -> None:
    scripted.replies = [entry(**AGREED, **more)]
    assert told.match(SITI).differs == frozenset()


@pytest.mark.parametrize(("verdict", "score"), [("Sesuai (89)", 89), ("Tidak Sesuai (75)", 75), ("Tidak Sesuai", 0)])
def test_a_name_below_our_threshold_differs_whatever_it_is_called(
    told: DukcapilRegistry, scripted: ScriptedStandIn, verdict: str, score: int
) -> None:
    scripted.replies = [entry(**{**AGREED, "NAMA_LGKP": verdict})]
    answer = told.match(SITI)
    assert answer.differs == {"full_name"}
    assert answer.name_score == score


def test_only_these_elements_leave_the_house(told: DukcapilRegistry, scripted: ScriptedStandIn) -> None:
    scripted.replies = [entry(**AGREED)]
    told.match(SITI)
    assert scripted.requests[0].path == "/dukcapil/get_json/inst/CALL_VERIFY_BY_ELEMEN"
    assert scripted.requests[0].json_object() == {
        "NIK": "3174015203950001",
        "user_id": "user",
        "password": "pass",
        "IP_USER": "10.0.0.9",
        "TRESHOLD": "90",
        "NAMA_LGKP": "Siti Nurhaliza Rahmawati",
        "TGL_LHR": "12-03-1995",
        "JENIS_KLMIN": "Perempuan",
        "NO_KK": "3174010101100002",
        "NAMA_LGKP_IBU": "Dewi Lestari Anggraini",
        "NO_PROP": "31",
    }


def test_credentials_follow_no_redirect(told: DukcapilRegistry, scripted: ScriptedStandIn) -> None:
    scripted.replies = [Reply(307, headers={"Location": "/elsewhere"}), entry(**AGREED)]
    with pytest.raises(RegistryUnavailable):
        told.match(SITI)
    assert len(scripted.requests) == 1


def test_a_registry_that_drips_its_answer_does_not_hold_us_up(http: JsonCaller, moment: Moment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=(server,), daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        begun = time.perf_counter()
        with pytest.raises(RegistryUnavailable):
            DukcapilRegistry(DukcapilDoor(url, "inst", "user", "pass", "10.0.0.9", http), moment).match(SITI)
    # Each piece comes in time; the whole would take a hundred seconds.
    assert time.perf_counter() - begun < 2


def _drip(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            for _ in range(1000):
                connection.sendall(b" ")
                time.sleep(0.1)
        except OSError:
            return  # the caller had enough
