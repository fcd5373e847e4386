"""One execution environment of the function behind POST /v1/registrations: a process that answers one request at a
time, as Lambda's do. Its connections come from the process above, and go back there for all that is no registration.

``python -m infra.local.environment ORDERS`` (JSON), by ``environments.py`` only.
"""

import json
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.fronts.own_function import HANDLER, PATH
from infra.local.clock import MovableClock
from infra.local.environments import LONGEST_SOURCE
from infra.local.gateway import failed, gateway_event, gateway_response
from infra.local.http_connection import Connection, written
from infra.local.lambda_call import LambdaContext, Limits, handler_at
from infra.local.pages import LocalRequest, LocalResponse
from infra.local.plain_request import LONGEST, plain_registration
from infra.local.workers import end_with_parent

_LOOK_SECONDS = 5.0
_MOST_LINES = 250

Function = Callable[[LocalRequest], LocalResponse]


@dataclass(slots=True)
class _Line:
    connection: socket.socket
    source: str
    used_at: float = field(default_factory=time.monotonic)


class Environment:
    """Until ``above`` is closed. What comes over it is a connection with something to read."""

    def __init__(self, above: socket.socket, function: Function) -> None:
        self._above, self._function = above, function
        self._lines: dict[int, _Line] = {}
        self._events = select.epoll()

    def run(self) -> None:
        self._events.register(self._above, select.EPOLLIN)
        looked_at = time.monotonic()
        while True:
            for number, _ in self._events.poll(_LOOK_SECONDS):
                if number != self._above.fileno():
                    self._serve(number)
                elif not self._taken_over():
                    return
            if time.monotonic() - looked_at > _LOOK_SECONDS:
                looked_at = time.monotonic()
                self._end_idle(before=looked_at - Connection.idle_seconds)

    def _taken_over(self) -> bool:
        """False when there is nobody above any more."""
        source, numbers, _, _ = socket.recv_fds(self._above, LONGEST_SOURCE, 1)
        for number in numbers:
            line = _Line(socket.socket(fileno=number), source.decode())
            if len(self._lines) < _MOST_LINES:
                line.connection.setblocking(False)
                line.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._lines[number] = line
                self._events.register(number, select.EPOLLIN)
            else:
                self._give_back(line)
        return bool(numbers)

    def _serve(self, number: int) -> None:
        line = self._lines[number]
        try:
            # Looked at, and not taken, so that whoever gets the connection instead finds it untouched.
            seen = line.connection.recv(LONGEST, socket.MSG_PEEK)
            found = plain_registration(seen, line.source)
            if found is not None:
                self._answer(line, *found)
                return
        except OSError:
            seen = b""
        self._forget(number)
        if seen:
            self._give_back(line)
        else:
            line.connection.close()

    def _answer(self, line: _Line, request: LocalRequest, length: int) -> None:
        line.connection.recv(length)
        answer = written(self._function(request))
        line.used_at = time.monotonic()
        if line.connection.send(answer) < len(answer):
            raise ConnectionError("does not read what was answered before")

    def _end_idle(self, before: float) -> None:
        for number, line in list(self._lines.items()):
            if line.used_at < before:
                self._forget(number)
                line.connection.close()

    def _forget(self, number: int) -> None:
        self._events.unregister(number)
        del self._lines[number]

    def _give_back(self, line: _Line) -> None:
        with line.connection:
            socket.send_fds(self._above, [line.source.encode()], [line.connection.fileno()])


def gateway_before(handler: Callable[[dict[str, Any], Any], Any], binary_types: list[str]) -> Function:
    """As ``http_server.Application``, for the one route."""
    limits = Limits()

    def function(request: LocalRequest) -> LocalResponse:
        event = gateway_event(request, PATH, None, binary_types, "api")
        context = LambdaContext("prakerja-local-take-registrations", limits)
        try:
            return gateway_response(handler(event, context))
        except Exception as error:
            return failed(error)

    return function


def main() -> None:
    orders = json.loads(sys.argv[1])
    end_with_parent(orders["parent"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from chalicelib import bootstrap
    from infra.local.logs import log_to

    log_to(Path(orders["log"]))
    bootstrap.use_clock(MovableClock(Path(orders["clock"])))
    function = gateway_before(handler_at(HANDLER), orders["binary_types"])
    Environment(socket.socket(fileno=orders["above"]), function).run()


if __name__ == "__main__":
    main()
