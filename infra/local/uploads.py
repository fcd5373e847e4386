"""Moto's own web server on loopback, for what a browser does without our code: presigned uploads and downloads.

It works on the same back ends as the calls in this process, and under the same lock.
"""

import io
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

MAX_UPLOAD_BYTES = 25 * 1024 * 1024

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class _QuietHandler(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: the address of a presigned request is its permission."""


class _OneAtATime:
    """Takes the body off a slow line before it asks for the lock, and gives the lock back before it answers."""

    def __init__(self, application: Callable[..., Iterable[bytes]], lock: AbstractContextManager[Any]) -> None:
        self._application = application
        self._lock = lock

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > MAX_UPLOAD_BYTES:
            start_response("413 Content Too Large", [("Content-Length", "0"), ("Connection", "close")])
            return []
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        with self._lock:
            return [b"".join(self._application(environ, start_response))]


class UploadServer:
    def __init__(self, lock: AbstractContextManager[Any], port: int = 0) -> None:
        application = _OneAtATime(DomainDispatcherApplication(create_backend_app), lock)
        # Bound here, so that the port is known before the first request and is taken by nobody else.
        self._server = make_server("127.0.0.1", port, application, threaded=True, request_handler=_QuietHandler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="uploads", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def is_alive(self) -> bool:
        return self._thread.is_alive()
