"""A caller from outside for the tests of stand-ins: any method, any path, any header."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3

from infra.local.standins.server import StandIn


class Visitor:
    """A caller that speaks to one stand-in."""

    def __init__(self, url: str, pool: urllib3.PoolManager) -> None:
        self.url = url
        self._pool = pool

    def ask(self, method: str, path: str, content: object = None, **headers: str) -> tuple[int, Any]:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        reply = self._pool.request(method, self.url + path, body=body, headers=headers, retries=False, timeout=2)
        is_json = reply.headers["Content-Type"].startswith("application/json")
        return reply.status, json.loads(reply.data) if is_json and reply.data else reply.data.decode()

    def match(self) -> int:
        question = {"nik": "3174015203950001", "birth_date": "1995-03-12"}
        return self.ask("POST", "/v1/match", question, authorization="Bearer key")[0]


Opened = Callable[[StandIn[Any]], Visitor]


@pytest.fixture(name="pool")
def pool_fixture() -> Iterator[urllib3.PoolManager]:
    pool = urllib3.PoolManager(maxsize=30)
    yield pool
    pool.clear()


@pytest.fixture(name="opened")
def opened_fixture(pool: urllib3.PoolManager) -> Iterator[Opened]:
    running: list[StandIn[Any]] = []

    def open_(stand_in: StandIn[Any]) -> Visitor:
        running.append(stand_in)
        return Visitor(stand_in.start(), pool)

    yield open_
    for stand_in in running:
        stand_in.stop()
