"""``@replies``: from a request to a use case's arguments, and from its outcome to a reply.

A view states what it takes by annotation: a pydantic model is the JSON body, ``Caller`` whoever is signed in,
``Language`` the reader's language, ``Page`` the place in a list; the rest are path parameters. What it returns is a
pydantic model, ``Html``, ``Program``, a dict, or None (204). The same annotations make the OpenAPI document.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, get_type_hints

from chalice.app import Blueprint, Request, Response
from pydantic import BaseModel

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
from chalicelib.domain.mail import Language
from chalicelib.handlers.arguments import arguments_for
from chalicelib.handlers.doors import Access, Door, Html, Program
from chalicelib.handlers.wording import language_of, listed_codes, message
from chalicelib.observability import correlated, correlation_id, log, new_correlation_id

Headers = dict[str, str | list[str]]
_STALE_ATTEMPTS = 3
_RETRY_AFTER_SECONDS = 5


def replies(
    blueprint: Blueprint,
    *,
    access: Access,
    status: HTTPStatus = HTTPStatus.OK,
    keep: str | None = None,
    ask_again: Callable[[Any], int] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Goes under ``@blueprint.route``: Chalice turns exceptions into replies before any middleware could."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        door = Door(access, status, view, get_type_hints(view), keep, ask_again)

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
        outcome = _outcome(door, request, language, path)
        response = reply_with(outcome, door.status)
        if door.keep is None and door.ask_again is None:
            return response
        from chalicelib.handlers.freshness import freshened  # no part of a registration's cold start

        return freshened(response, door, outcome, request.headers)
    except Fault as fault:
        note_refusal(fault, request)
        return refusal(fault, language)
    except Exception:
        log().exception("bug", extra={"route": route_of(request)})
        return refusal(Fault("internal_error"), language)


def note_refusal(fault: Fault, request: Request) -> None:
    status = status_of(fault)
    # The name of an unknown field is whatever a stranger typed: it stays out of the log.
    field = None if fault.code == "field_unknown" else fault.field
    noted = {"route": route_of(request), "status": status.value, "code": fault.code, "field": field}
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log().error("refused", extra={**noted, "details": fault.details})
    else:
        log().info("refused", extra=noted)


def route_of(request: Request) -> str:
    return f"{request.method} {request.context.get('resourcePath')}"


def request_id_of(request: Request) -> str:
    return str(request.context.get("requestId", ""))


def _outcome(door: Door, request: Request, language: Language, path: Mapping[str, str]) -> Any:
    arguments = arguments_for(door, request, language, path)
    for attempt in range(_STALE_ATTEMPTS):
        try:
            return door.view(**arguments)
        except StaleWrite:
            # A worker moved the same person's item between our read and our write: look again, rather than ask them to.
            if attempt + 1 == _STALE_ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def reply_with(outcome: Any, status: HTTPStatus) -> Response:
    headers: Headers = {"X-Correlation-Id": correlation_id(), "Cache-Control": "no-store"}
    if isinstance(outcome, Html):
        return Response(outcome.text, {**headers, **_page_headers(outcome)}, status.value)
    if isinstance(outcome, Program):
        return Response(outcome.text, {**headers, **_program_headers(outcome)}, status.value)
    headers["Content-Type"] = "application/json"
    if outcome is None:
        return Response("", headers, HTTPStatus.NO_CONTENT.value)
    text = outcome.model_dump_json() if isinstance(outcome, BaseModel) else json.dumps(outcome)
    return Response(text, headers, status.value)


def _page_headers(page: Html) -> Headers:
    from chalicelib.handlers.freshness import page_policy

    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": page_policy(page.text),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def _program_headers(program: Program) -> Headers:
    return {
        "Content-Type": "text/x-python; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{program.name}"',
        "X-Content-Type-Options": "nosniff",
    }


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


def told_code(fault: Fault) -> str:
    """What is wrong with us is nobody else's to know."""
    return "internal_error" if status_of(fault) is HTTPStatus.INTERNAL_SERVER_ERROR else fault.code


def refusal(fault: Fault, language: Language) -> Response:
    """``{code, message, field, reasons, correlation_id}``; the message in the reader's language."""
    status = status_of(fault)
    code = told_code(fault)
    told: dict[str, object] = {"code": code, "message": message(code, language, fault.details)}
    if fault.field:
        told["field"] = fault.field
    if reasons := listed_codes(fault.details):
        told["reasons"] = reasons
    headers: Headers = {
        "X-Correlation-Id": correlation_id(),
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
    }
    headers["Content-Language"] = language.value
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = str(fault.details.get("retry_after_seconds", _RETRY_AFTER_SECONDS))
    return Response(json.dumps({**told, "correlation_id": correlation_id()}), headers, status.value)
