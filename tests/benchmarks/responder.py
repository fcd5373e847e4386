"""A neighbour that answers at once what Amazon would, over loopback and in a process of its own: the floor under every
call. It reads just enough of a request to answer it rightly, so that its clients cannot tell.
"""

import base64
import hashlib
import json
import multiprocessing
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_READ = 65_536


@contextmanager
def responding() -> Iterator[str]:
    """Its address."""
    context = multiprocessing.get_context("spawn")
    ports: Any = context.Queue()
    process = context.Process(target=_serve, args=(ports,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ports.get(timeout=20)}"
    finally:
        process.terminate()
        process.join()


def _serve(ports: Any) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        ports.put(listening.getsockname()[1])
        while True:
            connection, _ = listening.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_converse, args=(connection,), daemon=True).start()


def _converse(connection: socket.socket) -> None:
    rest = b""
    while True:
        while b"\r\n\r\n" not in rest:
            piece = connection.recv(_READ)
            if not piece:
                return
            rest += piece
        head, _, rest = rest.partition(b"\r\n\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(headers.get(b"content-length", 0))
        while len(rest) < length:
            rest += connection.recv(_READ)
        body, rest = rest[:length], rest[length:]
        content = json.dumps(_answer(headers.get(b"x-amz-target", b"").decode(), body)).encode()
        reply = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: R\r\n"
        connection.sendall(reply + b"Content-Length: %d\r\n\r\n" % len(content) + content)


def _answer(target: str, body: bytes) -> dict[str, Any]:
    if not target:
        return _POPULATION_ANSWER
    answer = _ANSWERS.get(target.rpartition(".")[2])
    return answer(json.loads(body or b"{}")) if answer else {}


def _secret(asked: dict[str, Any]) -> dict[str, Any]:
    keys = {"current": "1", "keys": {"1": base64.b64encode(b"k" * 32).decode()}}
    login = {"institution_id": "prakerja", "user_id": "u", "password": "p", "caller_ip": "127.0.0.1"}
    secret = login if asked["SecretId"].endswith("population-registry") else keys
    return {"SecretString": json.dumps(secret), "VersionId": "1"}


def _data_key(_: dict[str, Any]) -> dict[str, Any]:
    key = base64.b64encode(b"k" * 32).decode()
    return {"Plaintext": key, "CiphertextBlob": key, "KeyId": "key"}


_ITEMS: dict[str, dict[str, Any]] = {}


def _put(asked: dict[str, Any]) -> dict[str, Any]:
    """People stay as they were first, so that the same can be done again; budgets move on; all else is forgotten."""
    key = asked["Item"]["pk"]["S"]
    if "#" not in key:
        _ITEMS.setdefault(key, asked["Item"])
    elif key.startswith("budget#"):
        _ITEMS[key] = asked["Item"]
    return {}


def _get(asked: dict[str, Any]) -> dict[str, Any]:
    item = _ITEMS.get(asked["Key"]["pk"]["S"])
    return {"Item": item} if item else {}


_ELEMENTS = ("NAMA_LGKP", "TGL_LHR", "JENIS_KLMIN", "NO_KK", "NAMA_LGKP_IBU", "NO_PROP")
_POPULATION_ANSWER = {"content": [dict.fromkeys(_ELEMENTS, "Sesuai")], "quotaLimiter": 50_000}


def _taken(entry: dict[str, Any]) -> dict[str, str]:
    return {"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": _digest(entry["MessageBody"])}


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


_ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "getqueueurl": lambda asked: {"QueueUrl": f"http://127.0.0.1/1/{asked['QueueName']}"},
    "sendmessage": lambda asked: {"MessageId": "m", "MD5OfMessageBody": _digest(asked["MessageBody"])},
    "sendmessagebatch": lambda asked: {"Successful": [_taken(each) for each in asked["Entries"]], "Failed": []},
    "batchexecutestatement": lambda asked: {"Responses": [{"TableName": "t"} for _ in asked["Statements"]]},
    "putitem": _put,
    "getitem": _get,
    "updateitem": lambda _: {"Attributes": {"full_at": {"N": "1"}}},
    "getsecretvalue": _secret,
    "generatedatakey": _data_key,
    "decrypt": _data_key,
}
