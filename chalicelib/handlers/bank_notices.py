"""The door by which a bank tells of a transfer unasked. Requests are signed by the bank, and answered in its own words:
``responseCode`` is the HTTP status, the service and the case.
"""

import json
from http import HTTPStatus

from chalice.app import Blueprint, Request, Response

from chalicelib import bootstrap
from chalicelib.domain.errors import AlreadyDone, Conflict, Fault, InvalidInput, NotFound, NotSignedIn, Unavailable
from chalicelib.handlers.arguments import raw_bytes
from chalicelib.handlers.doors import Access, Door
from chalicelib.handlers.replies import Headers, note_refusal, request_id_of, route_of
from chalicelib.observability import correlated, correlation_id, count, log, new_correlation_id
from chalicelib.use_cases.payouts.receive_bank_notice import receive_bank_notice

blueprint = Blueprint(__name__)
PATH = "/v1.0/transfer/notify"
SERVICE = "36"
"""Of the transfer's status: what a notice tells."""
LARGEST_NOTICE_BYTES = 16 * 1024

_CASES: tuple[tuple[type[Fault], int, str, str], ...] = (
    (NotSignedIn, 401, "00", "Unauthorized"),
    (InvalidInput, 400, "00", "Bad Request"),
    (AlreadyDone, 409, "00", "Conflict"),
    (NotFound, 404, "01", "Transaction Not Found"),
    (Conflict, 404, "13", "Invalid Amount"),
    (Unavailable, 503, "00", "Service Unavailable"),
)


def take_bank_notices() -> Response:
    """A bank's notice of one transfer, signed by its key. It moves a payout as the answer to an inquiry would."""
    request = blueprint.current_request
    with correlated(new_correlation_id(request_id_of(request))):
        return _answered(request)


take_bank_notices.door = Door(Access.PUBLIC, HTTPStatus.OK, take_bank_notices)  # type: ignore[attr-defined]
blueprint.route(PATH, methods=["POST"])(take_bank_notices)


def _answered(request: Request) -> Response:
    try:
        _receive(request)
    except Fault as fault:
        note_refusal(fault, request)
        count("BankNoticeRefused", code=fault.code)
        found = next((each for each in _CASES if isinstance(fault, each[0])), None)
        return _reply(*found[1:], code=fault.code) if found else _reply(500, "00", "General Error")
    except Exception:
        log().exception("bug", extra={"route": route_of(request)})
        return _reply(500, "00", "General Error")
    return _reply(200, "00", "Successful")


def _receive(request: Request) -> None:
    body = raw_bytes(request)
    if len(body) > LARGEST_NOTICE_BYTES:
        raise InvalidInput("body_too_large", most=LARGEST_NOTICE_BYTES)
    headers = {name.lower(): each for name, each in request.headers.items()}
    receive_bank_notice(
        bootstrap.bank_notices().read(PATH, body, headers),
        payouts=bootstrap.payouts(),
        seen=bootstrap.seen_notices(),
        messages=bootstrap.messages(),
        clock=bootstrap.clock(),
    )


def _reply(status: int, case: str, message: str, *, code: str | None = None) -> Response:
    headers: Headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Correlation-Id": correlation_id(),
    }
    told = {"responseCode": f"{status}{SERVICE}{case}", "responseMessage": message}
    return Response(json.dumps(told | ({"code": code} if code else {})), headers, status)
