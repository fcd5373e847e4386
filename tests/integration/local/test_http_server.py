"""The local server behaves as API Gateway in front of Lambda, and as a web server that nobody can hang."""

import http.client
import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from chalice.app import AuthResponse, Chalice, CORSConfig, Response

from infra.local import http_connection
from infra.local.http_server import ChaliceServer
from infra.local.pages import LocalRequest, LocalResponse

app = Chalice("toys", configure_logs=False, env={})


@app.authorizer(header="X-Token")
def door(request: Any) -> AuthResponse:
    if request.token == "raise":
        raise ValueError
    routes = ["/secret/*"] if request.token == "good" else []
    return AuthResponse(routes=list(routes), principal_id="ani", context={"role": "officer"})


@app.route("/")
def empty() -> dict[str, str]:
    return {}


@app.route("/people/{name}/letters/{number}", methods=["GET", "POST"], content_types=["text/plain", "image/jpeg"])
def echo(name: str, number: str) -> Any:
    request = app.current_request
    assert request is not None
    time.sleep(float(request.query_params.get("sleep", "0") if request.query_params else "0"))
    event = request.to_original_event()
    return {"name": name, "number": number, "event": event, "context": app.lambda_context.aws_request_id}


@app.route("/people/me/letters/{number}")
def mine(number: str) -> dict[str, str]:
    return {"mine": number}


@app.route("/secret/{what}", authorizer=door)
def secret(what: str) -> Any:
    return app.current_request.context["authorizer"]  # type: ignore[union-attr]


@app.route("/picture", cors=CORSConfig(allow_origin="https://a.example"))
def picture() -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": "image/jpeg", "Set-Cookie": ["a=1", "b=2"]}
    return Response(b"\xff\xd8", headers=headers)


def local_page(request: LocalRequest) -> LocalResponse:
    return LocalResponse.json({"path": request.path, "to": request.parameter("to")})


@pytest.fixture(scope="module")
def server() -> Iterator[ChaliceServer]:
    server = ChaliceServer(app, 0, {"/mailbox": local_page})
    server.start()
    yield server
    assert server.stop()


@pytest.fixture
def connection(server: ChaliceServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    yield connection
    connection.close()


def _call(
    connection: http.client.HTTPConnection, path: str, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, Any, http.client.HTTPResponse]:
    connection.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    is_json = answer.getheader("Content-Type") == "application/json" and content
    return answer.status, json.loads(content) if is_json else content, answer


def test_a_request_becomes_the_event_that_api_gateway_would_make(connection: http.client.HTTPConnection) -> None:
    path = "/people/A%20b%2Fc/letters/7?x=1&x=2&y=&z=a+b%26"
    status, found, _ = _call(connection, path, "POST", b"caf\xc3\xa9", Content_Type="text/plain", X_Case="a")
    assert (status, found["name"], found["number"]) == (200, "A b/c", "7")
    event = found["event"]
    assert event["resource"] == event["requestContext"]["resourcePath"] == "/people/{name}/letters/{number}"
    assert event["path"] == "/people/A%20b%2Fc/letters/7"
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""], "z": ["a b&"]}
    assert event["queryStringParameters"]["x"] == "2"
    assert event["headers"]["X-Case"] == "a"
    assert event["multiValueHeaders"]["X-Case"] == ["a"]
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert (event["body"], event["isBase64Encoded"]) == ("café", False)
    _, found, _ = _call(connection, path, "POST", b"\xff\xd8", Content_Type="image/jpeg")
    assert (found["event"]["body"], found["event"]["isBase64Encoded"]) == ("/9g=", True)
    _, found, _ = _call(connection, "/people/a/letters/1/", Content_Type="text/plain")
    assert (found["event"]["body"], found["event"]["multiValueQueryStringParameters"]) == (None, None)


def test_a_literal_segment_wins_over_a_parameter(connection: http.client.HTTPConnection) -> None:
    assert _call(connection, "/people/me/letters/7")[1] == {"mine": "7"}


def test_what_is_not_there_is_refused_in_json(connection: http.client.HTTPConnection) -> None:
    assert _call(connection, "/nowhere")[:2] == (404, {"Code": "NotFoundError", "Message": "Not Found"})
    status, found, answer = _call(connection, "/people/a/letters/1", "DELETE")
    assert (status, found["Code"], answer.getheader("Allow")) == (405, "MethodNotAllowedError", "GET, POST")
    assert _call(connection, "/", "HEAD")[0] == 405
    assert _call(connection, "/")[0] == 200


def test_an_authoriser_is_asked(connection: http.client.HTTPConnection) -> None:
    assert _call(connection, "/secret/x")[0] == 401
    assert _call(connection, "/secret/x", X_Token="bad")[0] == 403
    assert _call(connection, "/secret/x", X_Token="raise")[0] == 500
    assert _call(connection, "/secret/x", X_Token="good")[:2] == (200, {"role": "officer", "principalId": "ani"})


def test_binary_answers_several_cookies_and_preflights(connection: http.client.HTTPConnection) -> None:
    status, found, answer = _call(connection, "/picture", Accept="image/jpeg")
    assert (status, found, answer.headers.get_all("Set-Cookie")) == (200, b"\xff\xd8", ["a=1", "b=2"])
    status, _, answer = _call(connection, "/picture", "OPTIONS")
    assert (status, answer.getheader("Access-Control-Allow-Origin")) == (200, "https://a.example")
    assert answer.getheader("Access-Control-Allow-Methods") == "GET,OPTIONS"


def test_pages_of_its_own_are_served_by_prefix(connection: http.client.HTTPConnection) -> None:
    assert _call(connection, "/mailbox/5?to=a%40b")[1] == {"path": "/mailbox/5", "to": "a@b"}
    assert _call(connection, "/mailbox.json")[0] == 200
    assert _call(connection, "/mailboxes")[0] == 404


def test_each_thread_has_a_request_of_its_own(server: ChaliceServer) -> None:
    def name_of(number: int) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        path = f"/people/p{number}/letters/1?sleep=0.02"
        found = _call(connection, path, Content_Type="text/plain")[1]
        connection.close()
        return str(found["event"]["pathParameters"]["name"])

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(name_of, range(48))) == [f"p{number}" for number in range(48)]


def test_a_kept_alive_connection_is_fast(connection: http.client.HTTPConnection) -> None:
    times = []
    for _ in range(300):
        begun = time.perf_counter()
        assert _call(connection, "/")[0] == 200
        times.append(time.perf_counter() - begun)
    assert statistics.median(times) < 0.01


def _raw(server: ChaliceServer, *parts: bytes, pause: float = 0.0) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                line.sendall(part)
                time.sleep(pause)
            line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET no-slash HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 10485761\r\n\r\n", 413),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"BREW / HTTP/1.1\r\n\r\n", 501),
    ],
)
def test_what_is_malformed_is_refused_and_the_line_closed(server: ChaliceServer, request_: bytes, status: int) -> None:
    answer = _raw(server, request_)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Type: application/json" in answer
    assert answer.count(b"HTTP/1.1") == 1


def test_stopping_answers_what_is_under_way_and_ends_idle_lines() -> None:
    server = ChaliceServer(app, 0)
    server.start()
    idle = socket.create_connection(("127.0.0.1", server.port))
    found: list[int] = []

    def slow() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        found.append(_call(connection, "/people/a/letters/1?sleep=0.5", Content_Type="text/plain")[0])
        connection.close()

    caller = threading.Thread(target=slow)
    caller.start()
    time.sleep(0.2)
    assert server.stop()
    caller.join()
    assert found == [200]
    assert idle.recv(1) == b""
    idle.close()


def test_a_client_that_dribbles_is_cut_off() -> None:
    class Impatient(http_connection.Connection):
        request_seconds = 0.3

    assert Impatient.request_seconds < http_connection.Connection.request_seconds
    server = ChaliceServer(app, 0, connection=Impatient)
    server.start()
    begun = time.monotonic()
    answer = _raw(server, b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", *[b"a"] * 4, pause=0.15)
    assert server.stop()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - begun < 2
