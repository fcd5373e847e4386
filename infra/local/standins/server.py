"""What all stand-ins share: a threaded HTTP server on this machine only, books, behaviour, and a page to see both."""

import json
import random
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic
from urllib.parse import parse_qsl, urlsplit

from infra.local.standins.behaviour import B, BadBehaviour, Conduct
from infra.local.standins.books import MOST_ROWS_AT_ONCE, Books, Rows
from infra.local.standins.faults import Wire, WireFaults
from infra.local.standins.messages import Reply, Request, json_reply, refusal
from infra.local.standins.page import page

_HOST = "127.0.0.1"
_MOST_BODY_BYTES = 4 * 1024 * 1024
Page = Callable[[Request], Reply]


class StandIn(Generic[B]):
    """A neighbour. Subclasses say how it answers; its faults, books and pages are here."""

    title: str = "Stand-in"

    def __init__(self, kind: type[B], *, now: Callable[[], datetime], chance: random.Random | None = None) -> None:
        self.now = now
        self.chance = chance or random.Random(1)
        self.books = Books(now)
        self.conduct = Conduct(kind)
        self._stopping = threading.Event()
        self._wire = Wire(now, self.chance, self._stopping.wait)
        self._server: _Server | None = None

    # --- What a neighbour is made of ---------------------------------------------------------------------------

    asked_by = "POST"
    """How the neighbour is asked; every other page is the stand-in's own."""

    def answer(self, request: Request, behaviour: B) -> Reply:
        raise NotImplementedError

    def asked(self, request: Request) -> Mapping[str, object]:  # noqa: ARG002  (for those who override it)
        """What the books are to say of the question."""
        return {}

    def concerns(self, request: Request, behaviour: B) -> bool:  # noqa: ARG002
        """Whether the faults that are set are meant for this question."""
        return True

    def totals(self) -> dict[str, object]:
        return self.books.totals()

    def pages(self) -> Mapping[str, Page]:
        """Pages of its own, by path."""
        return {}

    # --- Running -------------------------------------------------------------------------------------------------

    def start(self, port: int = 0) -> str:
        """Serve until stopped; port 0 takes a free one. The address to give to the client."""
        self._stopping.clear()
        self._server = _Server((_HOST, port), _Connection)
        self._server.handle = self.handle
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return f"http://{_HOST}:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Away at once: hanging calls end unanswered and kept connections are cut, as when a process dies."""
        self._stopping.set()
        if self._server:
            _cut(self._server.socket)  # wakes the thread that waits for callers, so that nobody waits for its poll
            self._server.shutdown()
            self._server.cut_connections()
            self._server.server_close()
        self._server = None

    def behave(self, **settings: object) -> None:
        """The same as ``PUT /behaviour``: what is not named is good behaviour."""
        self.conduct.become(settings)

    # --- Answering -----------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Reply:
        own: dict[str, Page] = {
            "GET /": lambda _: page(self.title, self.conduct.shown(), self.totals(), self.books.rows.latest(50)),
            "GET /health": lambda _: json_reply({"ok": True, "name": self.title}),
            "GET /books": self._books_page,
            "GET /behaviour": lambda _: json_reply(self.conduct.as_settings()),
            "PUT /behaviour": self._set_behaviour,
            **{f"GET {path}": reply for path, reply in self.pages().items()},
        }
        reply = own.get(f"{request.method} {request.path}")
        if reply:
            return reply(request)
        return self._as_neighbour(request) if request.method == self.asked_by else refusal(404, "no such page")

    def _as_neighbour(self, request: Request) -> Reply:
        behaviour = self.conduct.for_call(lambda behaviour: self.concerns(request, behaviour))
        faults = behaviour if isinstance(behaviour, WireFaults) else WireFaults()
        reply = self._wire.carry(faults, lambda: self.answer(request, behaviour))
        row = {"path": request.path, **self.asked(request), **reply.note, "status": reply.status}
        self.books.write(reply.did, row)
        return reply

    def _books_page(self, request: Request) -> Reply:
        return rows_page(request, self.books.rows, totals=self.totals())

    def _set_behaviour(self, request: Request) -> Reply:
        try:
            settings = json.loads(request.body)
            if not isinstance(settings, dict):
                return refusal(400, "behaviour is a JSON object")
            self.conduct.become(settings)
        except BadBehaviour as error:
            return json_reply({"error": str(error), "key": error.key}, 400)
        except ValueError:
            return refusal(400, "behaviour is a JSON object")
        return json_reply(self.conduct.as_settings())


def rows_page(request: Request, rows: Rows, **more: object) -> Reply:
    """``?after=&limit=`` of any rows."""
    try:
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 100))
    except ValueError:
        return refusal(400, "after and limit are numbers")
    if after < 0 or not 1 <= limit <= MOST_ROWS_AT_ONCE:
        return refusal(400, f"after is 0 or more, limit 1 to {MOST_ROWS_AT_ONCE}")
    return json_reply({**rows.page(after, limit), **more})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    handle: Callable[[Request], Reply]

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        with self._open_lock:
            for each in self._open:
                _cut(each)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that has gone is no error here, and whatever else it is must not be swallowed in a thread."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a kept connection would answer in 40 ms otherwise
    wbufsize = 64 * 1024
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what was asked is in the books."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > _MOST_BODY_BYTES or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # what follows could not be told from the next request
            self._write(refusal(413, "a body has a length, and not that much of it"))
        else:
            self._write(self.server.handle(self._request(int(length))))

    def _request(self, length: int) -> Request:
        split = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, split.path, dict(parse_qsl(split.query)), headers, self.rfile.read(length))

    def _write(self, reply: Reply) -> None:
        if reply.status == 0:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{reply.content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was gone already, or the system does not do this to a listening socket
