"""Registrations are answered by processes of their own, on connections that come and go between them and the server."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice

from infra.local.environment import Environment
from infra.local.environments import Environments
from infra.local.http_server import ChaliceServer
from infra.local.pages import LocalRequest, LocalResponse
from infra.local.workers import Place
from tests.benchmarks.responder import responding
from tests.unit.test_plain_request import PLAIN

# It knows no registrations: who gets a 404 was answered by the server itself.
toy = Chalice("toys", configure_logs=False, env={})
GET = b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n"
BY_SERVER = b"HTTP/1.1 404 "
Asking = Callable[..., bytes]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("environments")
    return Place(folder / "clock.json", folder / "streams", folder / "application.log")


@pytest.fixture(scope="module")
def environments(place: Place) -> Iterator[Environments]:
    with responding() as url, pytest.MonkeyPatch.context() as patch:
        settings = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "STAGE": "local"}
        for name, value in settings.items():
            patch.setenv(name, value)
        yield Environments(place, [], how_many=2)


@pytest.fixture(scope="module")
def server(environments: Environments) -> Iterator[ChaliceServer]:
    def page(request: LocalRequest) -> LocalResponse:
        return LocalResponse.json({"source": request.source})

    server = ChaliceServer(toy, 0, {"/page": page}, environments=environments)
    server.start()
    yield server
    assert server.stop()
    assert not any(is_running(pid) for pid in environments.pids)


@pytest.fixture
def ask(server: ChaliceServer) -> Iterator[Asking]:
    """On one connection; each answer is awaited, unless there are several parts to a request."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20, source_address=("127.3.2.1", 0)) as line:

        def asked(*parts: bytes) -> bytes:
            for part in parts:
                line.sendall(part)
                time.sleep(0.1 if len(parts) > 1 else 0)
            return line.recv(65_536)

        yield asked


def is_running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_registration_is_answered_by_an_environment(ask: Asking) -> None:
    answers = [ask(PLAIN) for _ in range(3)]
    assert all(answer.startswith(b"HTTP/1.1 202 ") for answer in answers)
    assert b"X-Correlation-Id" in answers[0]


def test_two_that_come_at_once_are_answered_one_after_the_other(ask: Asking) -> None:
    received = ask(PLAIN + PLAIN)
    for _ in range(2):
        if received.count(b"HTTP/1.1 202 ") < 2:
            received += ask()
    assert received.count(b"HTTP/1.1 202 ") == 2


def test_what_else_is_asked_on_the_connection_is_the_servers(ask: Asking) -> None:
    assert ask(PLAIN).startswith(b"HTTP/1.1 202 ")
    assert b'{"source":"127.3.2.1"}' in ask(GET)
    assert ask(GET).startswith(b"HTTP/1.1 200 ")
    assert ask(PLAIN).startswith(BY_SERVER), "it stays where it is"


@pytest.mark.parametrize("cut", [3, 40, len(PLAIN) - 1])
def test_what_comes_in_pieces_is_the_servers(ask: Asking, cut: int) -> None:
    assert ask(PLAIN[:cut], PLAIN[cut:]).startswith(BY_SERVER)


def test_a_slip_is_told_as_the_application_tells_it(server: ChaliceServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.connect()
    head = b"POST /v1/registrations HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
    connection.sock.sendall(head + b'{"email": "siti"}')
    answer = http.client.HTTPResponse(connection.sock, method="POST")
    answer.begin()
    assert (answer.status, json.loads(answer.read())["code"]) == (400, "email_invalid")
    connection.close()


def test_without_an_environment_the_server_answers_itself(place: Place) -> None:
    """Nobody waits for a process that is gone."""
    environments = Environments(place, [], how_many=1)
    server = ChaliceServer(toy, 0, environments=environments)
    server.start()
    (pid,) = environments.pids
    os.kill(pid, signal.SIGKILL)
    while is_running(pid):
        time.sleep(0.01)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(PLAIN)
        assert line.recv(65_536).startswith(BY_SERVER)
    assert server.stop()


def test_they_end_with_whoever_made_them(place: Place) -> None:
    code = f"""
import pathlib, time
from infra.local.environments import Environments
from infra.local.workers import Place
environments = Environments(Place(*map(pathlib.Path, {[str(place.clock), str(place.streams), str(place.log)]})), [])
environments.start(lambda *_: None)
print(*environments.pids, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout is not None
        pids = [int(pid) for pid in maker.stdout.readline().split()]
        time.sleep(0.5)
        maker.kill()
    deadline = time.monotonic() + 10
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(is_running(pid) for pid in pids)


def test_an_idle_connection_is_ended() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment: Any = Environment(theirs, lambda _: LocalResponse())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line, (far, _) = socket.create_connection(listening.getsockname()), listening.accept()
    with ours, theirs, line:
        socket.send_fds(ours, [b"127.0.0.1"], [far.fileno()])
        far.close()
        environment._taken_over()
        environment._end_idle(before=time.monotonic() + 1)
        assert line.recv(1) == b""
