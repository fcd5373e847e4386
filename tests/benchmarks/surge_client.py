"""Whoever comes: a process of its own that has 64 connections, sends what was made beforehand, and counts answers.

``python -m tests.benchmarks.surge_client`` reads one order a line from standard input and answers it with one line.
Requests are made before the clock starts, and an answer is only looked at for its status: about 15 µs a request.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chalicelib.adapters.lean_aws import Credentials, Signer
from infra.local.engine import CREDENTIALS, REGION

CONNECTIONS = 64
"""Each from a network of its own: a limit of the application's counts by network."""
REPEATED_EVERY = 20
_BACK = 10
_READ = 65_536
_JSON = "application/x-amz-json-1.0"


def email_of(number: int) -> str:
    """One in twenty is somebody who came before: with the same address, or with another spelling of it."""
    if number % REPEATED_EVERY != REPEATED_EVERY - 1:
        return f"orang{number}@gmail.com"
    name = "orang" if number // REPEATED_EVERY % 2 else "o.rang"
    return f"{name}{number - _BACK}@gmail.com"


def mailboxes_of(count: int) -> int:
    return count - count // REPEATED_EVERY


def registration(host: str, number: int) -> bytes:
    body = json.dumps({"email": email_of(number), "language": "id"}).encode()
    head = f"POST /v1/registrations HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nAccept-Language: id"
    return f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def raw_send(host: str, number: int, queue_url: str, signer: Signer) -> bytes:
    """What a registration sends, and nothing around it."""
    message = {"email": email_of(number), "language": "id", "registration_id": "r" * 43, "source": "127.0.0.1"}
    text = json.dumps({"version": 1, "correlation_id": "c" * 36, "sent_at": int(time.time()), "body": message})
    body = json.dumps({"QueueUrl": queue_url, "MessageBody": text, "DelaySeconds": 0}, separators=(",", ":")).encode()
    headers = signer.headers(host, _JSON, body, time.time()) | {"X-Amz-Target": "AmazonSQS.SendMessage"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body


@dataclass(slots=True)
class _Visitor:
    connection: socket.socket
    asked_at: float = 0.0
    received: bytes = b""


def sent(urls: list[str], requests: list[bytes]) -> dict[str, Any]:
    """All of them, each connection as fast as it is answered; the connections are spread over ``urls``."""
    waiting, statuses, latencies = deque(requests), Counter[str](), []
    with selectors.DefaultSelector() as selector:
        begun = time.monotonic()
        for place in range(min(CONNECTIONS, len(requests))):
            visitor = _Visitor(_connected(urls[place % len(urls)], place))
            selector.register(visitor.connection, selectors.EVENT_READ, visitor)
            _ask(visitor, waiting.popleft())
        while selector.get_map():
            for key, _ in selector.select(timeout=60):
                visitor = key.data
                if not _is_answered(visitor):
                    continue
                statuses[visitor.received[9:12].decode()] += 1
                latencies.append(time.monotonic() - visitor.asked_at)
                if waiting:
                    _ask(visitor, waiting.popleft())
                else:
                    selector.unregister(visitor.connection)
                    visitor.connection.close()
        seconds = time.monotonic() - begun
    return {"seconds": seconds, "statuses": statuses, "milliseconds": [round(each * 1000, 2) for each in latencies]}


def _connected(url: str, place: int) -> socket.socket:
    address = urlsplit(url)
    connection = socket.create_connection(
        (str(address.hostname), int(address.port or 80)), source_address=(f"127.1.{place}.1", 0), timeout=60
    )
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _ask(visitor: _Visitor, request: bytes) -> None:
    visitor.received = b""
    visitor.asked_at = time.monotonic()
    visitor.connection.sendall(request)


def _is_answered(visitor: _Visitor) -> bool:
    piece = visitor.connection.recv(_READ)
    if not piece:
        raise ConnectionError("hung up on")
    visitor.received += piece
    head, end, body = visitor.received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0) if end else 0
    return bool(end) and len(body) >= length


def _made(order: dict[str, Any]) -> list[bytes]:
    host, numbers = urlsplit(order["urls"][0]).netloc, range(order["first"], order["first"] + order["count"])
    if order["kind"] == "registrations":
        return [registration(host, number) for number in numbers]
    keys = Credentials(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
    signer = Signer("sqs", REGION, keys)
    return [raw_send(host, number, order["queue_url"], signer) for number in numbers]


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(sent(order["urls"], _made(order))), flush=True)


if __name__ == "__main__":
    main()
