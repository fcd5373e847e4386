"""The lean caller against botocore's signer, against moto over HTTP, and against a server with every bad habit."""

import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from chalicelib.adapters.aws_calls import lean_call
from chalicelib.adapters.lean_aws import CallRefused, Credentials, LeanAws, NoAnswer, Signer
from chalicelib.adapters.messaging.sqs import SqsMessages
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.settings import queue_name

REGION = "ap-southeast-3"
PLAIN = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
WITH_TOKEN = Credentials("ASIAEXAMPLE", "another secret", "session/token+with=signs")
JSON = "application/x-amz-json-1.0"


@pytest.mark.parametrize("credentials", [PLAIN, WITH_TOKEN])
def test_it_signs_as_botocore_does(credentials: Credentials) -> None:
    body = b'{"QueueUrl":"https://example/1/q"}'
    ours = Signer("sqs", REGION, credentials).headers("sqs.example", JSON, body, 1_772_409_600)
    request = AWSRequest("POST", "https://sqs.example/", headers={"Content-Type": JSON}, data=body)
    request.headers["X-Amz-Date"] = ours["X-Amz-Date"]
    if credentials.session_token:
        request.headers["X-Amz-Security-Token"] = credentials.session_token
    request.context["timestamp"] = ours["X-Amz-Date"]
    botocore = SigV4Auth(
        BotoCredentials(credentials.access_key_id, credentials.secret_access_key, credentials.session_token),
        "sqs",
        REGION,
    )
    text = botocore.string_to_sign(request, botocore.canonical_request(request))
    assert ours["Authorization"].endswith(f"Signature={botocore.signature(text, request)}")


def test_the_signing_key_follows_the_day() -> None:
    signer = Signer("sqs", REGION, PLAIN)
    today, tomorrow = (signer.headers("h", JSON, b"", 1_772_409_600 + days * 86_400) for days in (0, 1))
    fresh = Signer("sqs", REGION, PLAIN).headers("h", JSON, b"", 1_772_409_600 + 86_400)
    assert tomorrow == fresh != today


def test_secrets_are_in_no_representation() -> None:
    assert repr(WITH_TOKEN) == "Credentials(access_key_id='ASIAEXAMPLE')"


# --- Over HTTP, against moto ------------------------------------------------------------------------------------------


def test_messages_sent_lean_arrive_as_they_were_sent(moto_url: str) -> None:
    sqs = LeanAws("sqs", REGION, PLAIN, endpoint_url=moto_url)
    url = sqs.call("CreateQueue", {"QueueName": queue_name(Queue.REGISTRATIONS_TO_OPEN)})["QueueUrl"]
    SqsMessages(lean_call(sqs)).send(Queue.REGISTRATIONS_TO_OPEN, *({"n": n, "text": "é\n\"'"} for n in range(12)))
    received: list[dict[str, Any]] = []
    while some := sqs.call("ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 10}).get("Messages"):
        received += [json.loads(each["Body"])["body"] for each in some]
    sqs.close()
    assert sorted(each["n"] for each in received) == list(range(12))
    assert {each["text"] for each in received} == {"é\n\"'"}


def test_a_queue_that_is_not_there_is_unavailable(moto_url: str) -> None:
    with pytest.raises(StoreUnavailable):
        SqsMessages(lean_call(LeanAws("sqs", REGION, PLAIN, endpoint_url=moto_url))).send(Queue.DRAW_STEPS_TO_TAKE, {})


# --- Bad habits -------------------------------------------------------------------------------------------------------

Reply = Callable[[socket.socket], None]
Listening = Callable[..., "Listener"]
Calling = Callable[["Listener"], LeanAws]


def answer(status: int, content: bytes, *headers: str) -> Reply:
    head = "\r\n".join((f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", *headers))
    return lambda connection: connection.sendall(f"{head}\r\n\r\n".encode() + content)


def hang_up(connection: socket.socket) -> None:
    connection.close()


OK = answer(200, b'{"done":true}')


class Listener:
    """Answers each request with the next reply, on however many connections; counts both."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.requests = self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while self._replies:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while self._replies and _request_on(connection):
                self.requests += 1
                reply = self._replies.pop(0)
                reply(connection)
                if connection.fileno() < 0:
                    return

    def close(self) -> None:
        self._socket.close()


def _request_on(connection: socket.socket) -> bool:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            return False
        received += piece
    return True


@pytest.fixture
def listening() -> Iterator[Listening]:
    made: list[Listener] = []

    def listen(*replies: Reply) -> Listener:
        made.append(Listener(*replies))
        return made[-1]

    yield listen
    for each in made:
        each.close()


@pytest.fixture
def caller() -> Iterator[Callable[[Listener], LeanAws]]:
    made: list[LeanAws] = []

    def call_at(listener: Listener) -> LeanAws:
        made.append(LeanAws("sqs", REGION, PLAIN, endpoint_url=listener.url, read_seconds=0.3))
        return made[-1]

    yield call_at
    for each in made:
        each.close()


def test_one_connection_carries_many_calls(listening: Listening, caller: Calling) -> None:
    listener = listening(OK, OK, OK)
    lean = caller(listener)
    assert [lean.call("X", {}) for _ in range(3)] == [{"done": True}] * 3
    assert (listener.requests, listener.connections) == (3, 1)


def test_a_kept_connection_that_was_given_up_meanwhile_costs_nobody_anything(
    listening: Listening,
    caller: Calling,
) -> None:
    listener = listening(OK, hang_up, OK)
    lean = caller(listener)
    assert lean.call("X", {}) == lean.call("X", {}) == {"done": True}


@pytest.mark.parametrize(
    "trouble",
    [
        answer(500, b"{}"),
        answer(503, b"<html>", "Content-Type: text/html"),
        answer(400, b'{"__type":"com.amazonaws.sqs#ThrottlingException"}'),
        answer(200, b'{"done":', "X-Y: truncated JSON"),
        answer(200, b'{"done":true}', "x-amz-crc32: 1"),
        hang_up,
    ],
)
def test_what_may_pass_is_tried_again(listening: Listening, caller: Calling, trouble: Reply) -> None:
    listener = listening(trouble, OK)
    assert caller(listener).call("X", {}) == {"done": True}
    assert listener.requests == 2


def test_a_right_checksum_is_taken(listening: Listening, caller: Calling) -> None:
    content = b'{"done":true}'
    assert caller(listening(answer(200, content, f"x-amz-crc32: {zlib.crc32(content)}"))).call("X", {}) == {
        "done": True
    }


def test_a_refusal_is_told_at_once_and_not_repeated(listening: Listening, caller: Calling) -> None:
    listener = listening(answer(403, b'{"__type":"com.amazonaws.sqs#AccessDenied","message":"who?"}'), OK)
    with pytest.raises(CallRefused, match="AccessDenied"):
        caller(listener).call("X", {})
    assert listener.requests == 1


def test_silence_ends_after_three_attempts(listening: Listening, caller: Calling) -> None:
    listener = listening(*([hang_up] * 9))
    with pytest.raises(NoAnswer):
        caller(listener).call("X", {})
    assert listener.requests == 3


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        LeanAws("sqs", REGION, PLAIN, endpoint_url="http://127.0.0.1:1", connect_seconds=0.2).call("X", {})
