"""``@replies_to_partner``: the edge of the partner API, where requests are signed instead of signed in.

Fields that we do not know are ignored; replies are ``{success, message, data}``, refusals ``{success: false, code,
reason, message, field}`` with our own stable word as the reason.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, get_type_hints

from chalice.app import Blueprint, Request, Response
from pydantic import BaseModel, ConfigDict

from chalicelib import bootstrap
from chalicelib.domain.errors import Fault, NotSignedIn
from chalicelib.domain.mail import Language
from chalicelib.domain.training import Partner
from chalicelib.handlers.arguments import parsed, raw_bytes
from chalicelib.handlers.doors import Access, Door
from chalicelib.handlers.replies import Headers, note_refusal, request_id_of, route_of, status_of, told_code
from chalicelib.handlers.wording import language_of, message
from chalicelib.observability import correlated, correlation_id, log, new_correlation_id
from chalicelib.use_cases.training.find_partner import SignedRequest, find_partner

_CODES = {
    "invoice_unknown": "ERRVOD40001",
    "invoice_already_voided": "ERRPLT40028",
}
"""Codes of the published API that clients are known to look for; ours follow the same pattern."""


class PartnerBody(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


def replies_to_partner(blueprint: Blueprint) -> Callable[[Callable[..., dict[str, Any]]], Callable[[], Response]]:
    """Under ``@blueprint.route``, for a ``view(partner, body)``; with ``token`` it gets the payment token, too."""

    def decorate(view: Callable[..., dict[str, Any]]) -> Callable[[], Response]:
        hints = get_type_hints(view)

        @wraps(view)
        def reply() -> Response:
            request = blueprint.current_request
            with correlated(new_correlation_id(request.headers.get("x-correlation-id") or request_id_of(request))):
                return _answered(view, hints, request)

        del reply.__wrapped__
        reply.door = Door(Access.PARTNER, HTTPStatus.OK, view, hints)  # type: ignore[attr-defined]
        return reply

    return decorate


def _answered(view: Callable[..., dict[str, Any]], hints: Mapping[str, Any], request: Request) -> Response:
    language = language_of(request.headers.get("accept-language"))
    try:
        partner = _partner(request)
        arguments: dict[str, Any] = {"partner": partner, "body": parsed(hints["body"], raw_bytes(request))}
        if "token" in hints:
            arguments["token"] = _payment_token(request)
        return _response({"success": True, "message": "SUCCESS", "data": view(**arguments)}, HTTPStatus.OK)
    except Fault as fault:
        note_refusal(fault, request)
        return _refusal(fault, language)
    except Exception:
        log().exception("bug", extra={"route": route_of(request)})
        return _refusal(Fault("internal_error"), language)


def _partner(request: Request) -> Partner:
    headers = request.headers
    signed = SignedRequest(
        client_code=headers.get("client_code", headers.get("client-code", "")),
        timestamp=headers.get("timestamp", ""),
        signature=headers.get("signature", ""),
        path=request.context["resourcePath"],
        body=raw_bytes(request),
    )
    return find_partner(signed, courses=bootstrap.courses(), clock=bootstrap.clock())


def _payment_token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "payment" or not token:
        raise NotSignedIn("payment_token_missing", field="Authorization")
    return str(token)


def _refusal(fault: Fault, language: Language) -> Response:
    status = status_of(fault)
    code = _CODES.get(fault.code, f"ERRPLT{status.value}00")
    reason = told_code(fault)
    told = {"success": False, "code": code, "reason": reason, "message": message(reason, language, fault.details)}
    return _response(told | ({"field": fault.field} if fault.field else {}), status)


def _response(told: Mapping[str, Any], status: HTTPStatus) -> Response:
    headers: Headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Correlation-Id": correlation_id(),
    }
    return Response(json.dumps(told), headers, status.value)
