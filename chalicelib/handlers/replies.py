"""``@replies``: from a request to a use case's arguments, and from its outcome to a reply.

A view states what it takes by annotation: a pydantic model is the JSON body, ``Caller`` whoever is signed in,
``Language`` the reader's language, ``Page`` the place in a list; the rest are path parameters. What it returns is a
pydantic model, a :class:`Page <text>`, or None (204). The same annotations make the OpenAPI document.
"""

import base64
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import wraps
from http import HTTPStatus
from typing import Any, get_type_hints

from chalice.app import Blueprint, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib import bootstrap
from chalicelib.domain.errors import (
    Conflict,
    Fault,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Rejected,
    StaleWrite,
    TooManyAttempts,
    Unavailable,
)
from chalicelib.domain.identifiers import ApplicantId, StaffId
from chalicelib.domain.mail import Language
from chalicelib.domain.registration import Role
from chalicelib.handlers.wording import language_of, message
from chalicelib.observability import correlated, correlation_id, log, new_correlation_id
from chalicelib.use_cases.registration.find_session import find_session

LARGEST_BODY_BYTES = 64 * 1024
Headers = dict[str, str | list[str]]
_STALE_ATTEMPTS = 3
_RETRY_AFTER_SECONDS = 5


class Access(Enum):
    """Who may call a route. Every route says so; ``PUBLIC`` ones stand on a list that a test compares."""

    PUBLIC = frozenset[Role]()
    APPLICANT = frozenset({Role.APPLICANT})
    STAFF = frozenset({Role.STAFF, Role.APPROVER})
    APPROVER = frozenset({Role.APPROVER})
    PARTNER = frozenset({"partner"})
    """By signature instead of session: see ``partners.py``."""


class Body(BaseModel):
    """A JSON body or reply: unknown fields are refused, because a misspelt one would be silently lost."""

    # Built at first use: 46 models built at import would double the cold start.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever is signed in."""

    subject: str
    role: Role
    token: str

    @property
    def applicant_id(self) -> ApplicantId:
        return ApplicantId(self.subject)

    @property
    def staff_id(self) -> StaffId:
        return StaffId(self.subject)


@dataclass(frozen=True, slots=True)
class Page:
    """A place in a list: rows after ``after`` (None: from the start), at most ``limit``."""

    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Html:
    """A page for people."""

    text: str
    cache_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Door:
    """What ``@replies`` knows of a view: for the OpenAPI document and for the tests of who may call what."""

    access: Access
    status: HTTPStatus
    view: Callable[..., Any]
    hints: Mapping[str, Any] = field(default_factory=dict)


def replies(
    blueprint: Blueprint, *, access: Access, status: HTTPStatus = HTTPStatus.OK
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Goes under ``@blueprint.route``: Chalice turns exceptions into replies before any middleware could."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        door = Door(access, status, view, get_type_hints(view))

        @wraps(view)
        def reply(**path: str) -> Response:
            request = blueprint.current_request
            language = language_of(request.headers.get("accept-language"))
            # The gateway's access log (infra/overlay.yaml) has its request id beside route, status and time: joined by
            # it, a successful request need not write a line of its own (ten times the work of all the rest here).
            with correlated(new_correlation_id(request.headers.get("x-correlation-id") or request_id_of(request))):
                return _answered(door, request, language, path)

        # The wrapper's own signature, not the view's: Chalice passes path parameters only.
        del reply.__wrapped__
        reply.door = door  # type: ignore[attr-defined]
        return reply

    return decorate


def _answered(door: Door, request: Request, language: Language, path: Mapping[str, str]) -> Response:
    try:
        return reply_with(_outcome(door, request, language, path), door.status)
    except Fault as fault:
        note_refusal(fault, request)
        return refusal(fault, language)
    except Exception:
        log().exception("bug", extra={"route": route_of(request)})
        return refusal(Fault("internal_error"), language)


def note_refusal(fault: Fault, request: Request) -> None:
    status = status_of(fault)
    noted = {"route": route_of(request), "status": status.value, "code": fault.code, "field": fault.field}
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log().error("refused", extra={**noted, "details": fault.details})
    else:
        log().info("refused", extra=noted)


def route_of(request: Request) -> str:
    return f"{request.method} {request.context.get('resourcePath')}"


def request_id_of(request: Request) -> str:
    return str(request.context.get("requestId", ""))


def _outcome(door: Door, request: Request, language: Language, path: Mapping[str, str]) -> Any:
    arguments = _arguments(door, request, language, path)
    for attempt in range(_STALE_ATTEMPTS):
        try:
            return door.view(**arguments)
        except StaleWrite:
            # A worker moved the same person's item between our read and our write: look again, rather than ask them to.
            if attempt + 1 == _STALE_ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _arguments(door: Door, request: Request, language: Language, path: Mapping[str, str]) -> dict[str, Any]:
    caller = None if door.access is Access.PUBLIC else _caller(request, door.access)
    arguments: dict[str, Any] = {}
    known: dict[Any, Callable[[], Any]] = {
        Caller: lambda: caller,
        Language: lambda: language,
        Page: lambda: _page(request),
    }
    for name, hint in door.hints.items():
        if hint in known:
            arguments[name] = known[hint]()
        elif inspect.isclass(hint) and issubclass(hint, BaseModel):
            arguments[name] = parsed(hint, raw_bytes(request)) if name == "body" else None
        elif name in path:
            arguments[name] = _path_value(name, hint, path)
    arguments.pop("return", None)
    return arguments


def _caller(request: Request, access: Access) -> Caller:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotSignedIn
    session = find_session(token, accounts=bootstrap.accounts(), indexer=bootstrap.indexer(), clock=bootstrap.clock())
    if session.role not in access.value:
        raise NotAllowed
    return Caller(session.subject, session.role, token)


def parsed(model: type[BaseModel], raw: bytes) -> BaseModel:
    """The body as ``model``; ``InvalidInput`` names the first field that is wrong."""
    if len(raw) > LARGEST_BODY_BYTES:
        raise InvalidInput("body_too_large", most=LARGEST_BODY_BYTES)
    try:
        return model.model_validate_json(raw, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field_name = ".".join(str(part) for part in first["loc"]) or None
        raise InvalidInput(_kind_of(first["type"]), field=field_name, expected=first["msg"]) from None


def raw_bytes(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw


def _kind_of(pydantic_type: str) -> str:
    kinds = {"missing": "field_missing", "extra_forbidden": "field_unknown", "json_invalid": "json_invalid"}
    return kinds.get(pydantic_type, "field_invalid")


def _page(request: Request) -> Page:
    query: Mapping[str, str] = request.query_params or {}
    limit = query.get("limit", "50")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= 100):
        raise InvalidInput("limit_out_of_range", field="limit")
    return Page(_opened_cursor(query.get("after", "")), int(limit))


def cursor(place: str | None) -> str | None:
    """A place in a list as clients see it: opaque, and safe in an address whatever the keys behind it hold."""
    return base64.urlsafe_b64encode(place.encode()).rstrip(b"=").decode() if place else None


def _opened_cursor(text: str) -> str | None:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode() or None
    except ValueError:
        raise InvalidInput("cursor_invalid", field="after") from None


def _path_value(name: str, hint: Any, path: Mapping[str, str]) -> Any:
    value = path[name]
    if hint is not int:
        return value
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise InvalidInput("number_expected", field=name)
    return int(value)


def reply_with(outcome: Any, status: HTTPStatus) -> Response:
    headers: Headers = {"X-Correlation-Id": correlation_id(), "Cache-Control": "no-store"}
    if isinstance(outcome, Html):
        cache = f"public, max-age={outcome.cache_seconds}" if outcome.cache_seconds else "no-store"
        page: Headers = {**headers, "Content-Type": "text/html; charset=utf-8", "Cache-Control": cache}
        return Response(outcome.text, {**page, "X-Content-Type-Options": "nosniff"}, status.value)
    headers["Content-Type"] = "application/json"
    if outcome is None:
        return Response("", headers, HTTPStatus.NO_CONTENT.value)
    text = outcome.model_dump_json() if isinstance(outcome, BaseModel) else json.dumps(outcome)
    return Response(text, headers, status.value)


_STATUSES: Mapping[type[Fault], HTTPStatus] = {
    InvalidInput: HTTPStatus.BAD_REQUEST,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    Rejected: HTTPStatus.BAD_REQUEST,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(fault: Fault) -> HTTPStatus:
    for kind in type(fault).__mro__:
        if kind in _STATUSES:
            return _STATUSES[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def refusal(fault: Fault, language: Language) -> Response:
    """``{code, message, field, correlation_id}``; the message in the reader's language."""
    status = status_of(fault)
    code = fault.code if status is not HTTPStatus.INTERNAL_SERVER_ERROR else "internal_error"
    told = {"code": code, "message": message(code, language, fault.details)}
    if fault.field:
        told["field"] = fault.field
    headers: Headers = {
        "X-Correlation-Id": correlation_id(),
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
    }
    headers["Content-Language"] = language.value
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return Response(json.dumps({**told, "correlation_id": correlation_id()}), headers, status.value)
