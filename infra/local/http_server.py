"""Serves a Chalice application on loopback, each request as the event that API Gateway would make of it."""

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from chalice.app import Chalice

from infra.local.gateway import Routes, failed, gateway_event, gateway_response
from infra.local.gateway_authorizer import authorised
from infra.local.http_connection import Connection
from infra.local.lambda_call import LambdaContext, Limits
from infra.local.pages import LocalRequest, LocalResponse, Page, page_for

MAX_CONNECTIONS = 1000
MOST_AT_ONCE = 8
"""Requests in a function: more threads than that get nothing done on two cores but take turns (a tenth of the work)."""


class Elsewhere(Protocol):
    """Whoever else answers requests that come here: ``environments.py``."""

    def start(self, take_back: Callable[[socket.socket, str], None]) -> None:
        """``take_back`` is called with a connection on which something is asked that is not theirs, and its source."""

    def stop(self) -> None: ...

    def pass_on(self, connection: socket.socket) -> bool:
        """True when they answer on it from now on."""


class _PerThread(Chalice):
    """On Lambda an application serves one request at a time, and keeps it on itself; here one for each thread."""

    _own = threading.local()

    @property
    def current_request(self) -> Any:
        return getattr(self._own, "current_request", None)

    @current_request.setter
    def current_request(self, request: Any) -> None:
        self._own.current_request = request

    @property
    def lambda_context(self) -> Any:
        return getattr(self._own, "lambda_context", None)

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._own.lambda_context = context


def _for_threads(app: Chalice) -> None:
    if not isinstance(app, _PerThread):
        # Blueprints hold on to this very object, so it changes its class instead of being wrapped.
        app.__class__ = type("LocalChalice", (_PerThread, type(app)), {})


class Application:
    """From request to response, without a socket: tests may call it as it is."""

    def __init__(self, app: Chalice, stage: str = "api", limits: Limits | None = None) -> None:
        _for_threads(app)
        self._app = app
        self._routes = Routes(app.routes)
        self._stage = stage
        self._limits = limits or Limits()

    def __call__(self, request: LocalRequest) -> LocalResponse:
        found = self._routes.match(request.path)
        if found is None:
            return LocalResponse.json({"Code": "NotFoundError", "Message": "Not Found"}, 404)
        resource, parameters = found
        methods = self._app.routes[resource]
        if request.method not in methods:
            return self._without_function(request.method, methods)
        event = gateway_event(request, resource, parameters, self._app.api.binary_types, self._stage)
        context = LambdaContext(f"{self._app.app_name}-local-api_handler", self._limits)
        refusal = authorised(methods[request.method], request, event, context)
        return refusal or gateway_response(self._app(event, context))

    def _without_function(self, method: str, methods: Mapping[str, Any]) -> LocalResponse:
        """Amazon answers a browser's preflight itself, from the route's CORS settings."""
        cors = next((entry.cors for entry in methods.values() if entry.cors), None)
        if method == "OPTIONS" and cors is not None:
            allowed = {"Access-Control-Allow-Methods": ",".join([*methods, "OPTIONS"])}
            return LocalResponse(headers=[*cors.get_access_control_headers().items(), *allowed.items()])
        refused = {"Code": "MethodNotAllowedError", "Message": f"Unsupported method: {method}"}
        return LocalResponse.json(refused, 405, {"Allow": ", ".join(methods)})


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, port: int, connection: type[Connection], environments: Elsewhere | None) -> None:
        self.open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._environments = environments
        super().__init__(("127.0.0.1", port), connection)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._counted(request):
            if self._environments is not None and self._environments.pass_on(request):
                request.close()
            else:
                super().process_request_thread(request, client_address)

    def keep(self, connection: socket.socket, client_address: Any) -> None:
        """One that was passed on, and came back."""
        with self._counted(connection):
            super().process_request_thread(connection, client_address)

    @contextmanager
    def _counted(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self.open.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self.open.discard(connection)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002
        return len(self.open) < MAX_CONNECTIONS

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""

    def end_connections(self) -> None:
        """Idle ones end at once; one that is being answered is answered first."""
        with self._lock:
            for connection in self.open:
                _shut_for_reading(connection)


def _shut_for_reading(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        return


class ChaliceServer:
    """``extra`` are local pages, by prefix of their path. ``after_request`` is called after all but reading ones."""

    def __init__(
        self,
        app: Chalice,
        port: int,
        extra: Mapping[str, Page] | None = None,
        *,
        stage: str = "api",
        after_request: Callable[[], None] | None = None,
        limits: Limits | None = None,
        connection: type[Connection] = Connection,
        environments: Elsewhere | None = None,
    ) -> None:
        self._application = Application(app, stage, limits)
        self._extra = extra or {}
        self._after_request = after_request
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        answering = type("LocalConnection", (connection,), {"answer": staticmethod(self._answer)})
        self._environments = environments
        self._server = _Server(port, answering, environments)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="http", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        if self._environments is not None:
            self._environments.start(self._take_back)
        self._thread.start()

    def _take_back(self, connection: socket.socket, source: str) -> None:
        """One that was passed on, and on which something else is asked now. It stays, whatever is asked later."""
        connection.setblocking(True)
        threading.Thread(target=self._server.keep, args=(connection, (source, 0)), daemon=True).start()

    def stop(self, timeout_seconds: float = 10.0) -> bool:
        """True when every connection has ended; requests under way are waited for."""
        self._server.shutdown()
        self._server.server_close()
        if self._environments is not None:
            self._environments.stop()
        self._server.end_connections()
        deadline = time.monotonic() + timeout_seconds
        while self._server.open and time.monotonic() < deadline:
            time.sleep(0.01)
        return not self._server.open

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _answer(self, request: LocalRequest) -> LocalResponse:
        page = page_for(request.path, self._extra)
        try:
            return self._applied(request) if page is None else page(request)
        except Exception as error:
            return failed(error)
        finally:
            if self._after_request is not None and request.method not in ("GET", "HEAD", "OPTIONS"):
                self._after_request()

    def _applied(self, request: LocalRequest) -> LocalResponse:
        with self._room:
            return self._application(request)
