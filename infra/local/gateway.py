"""API Gateway's part: a request becomes a REST proxy event (payload format 1.0), and the answer a response."""

import base64
import logging
import os
import time
import uuid
from collections.abc import Iterable
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote

from infra.local.engine import ACCOUNT
from infra.local.pages import LocalRequest, LocalResponse

API_ID = "local"

Event = dict[str, Any]

_log = logging.getLogger(__name__)


class Routes:
    """Resource patterns; a literal segment wins over a parameter, from the left."""

    def __init__(self, patterns: Iterable[str]) -> None:
        split = [(pattern, _segments(pattern)) for pattern in patterns]
        self._by_length: dict[int, list[tuple[str, list[str]]]] = {}
        for pattern, segments in sorted(split, key=lambda entry: [segment.startswith("{") for segment in entry[1]]):
            self._by_length.setdefault(len(segments), []).append((pattern, segments))

    def match(self, path: str) -> tuple[str, dict[str, str] | None] | None:
        """The pattern and the decoded parameters. Split before decoding: "%2F" belongs to its segment."""
        given = [unquote(segment) for segment in _segments(path)]
        for pattern, segments in self._by_length.get(len(given), []):
            if all(_fits(*pair) for pair in zip(segments, given, strict=True)):
                captured = {name[1:-1]: value for name, value in zip(segments, given, strict=True) if name[:1] == "{"}
                return pattern, captured or None
        return None


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/") if path.strip("/") else []


def _fits(segment: str, given: str) -> bool:
    return given != "" if segment.startswith("{") else segment == given


def gateway_event(
    request: LocalRequest, resource: str, parameters: dict[str, str] | None, binary_types: list[str], stage: str
) -> Event:
    headers = _with_forwarding(request.headers, request.source)
    multi_headers: dict[str, list[str]] = {}
    for name, value in headers:
        multi_headers.setdefault(name, []).append(value)
    queries = (parse_qs(request.query, keep_blank_values=True) or None) if request.query else None
    body, is_base64 = _event_body(request, binary_types)
    return {
        "resource": resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(headers),
        "multiValueHeaders": multi_headers,
        "queryStringParameters": {name: values[-1] for name, values in queries.items()} if queries else None,
        "multiValueQueryStringParameters": queries,
        "pathParameters": parameters,
        "stageVariables": None,
        "requestContext": _request_context(request, resource, stage),
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _with_forwarding(headers: list[tuple[str, str]], source: str) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in headers if not name.lower().startswith("x-forwarded-")]
    came_by = [value for name, value in headers if name.lower() == "x-forwarded-for"]
    return [
        *kept,
        ("X-Forwarded-For", ", ".join([*came_by, source])),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    ]


def _event_body(request: LocalRequest, binary_types: list[str]) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    content_type = (request.header("content-type") or "application/json").partition(";")[0].strip().lower()
    if any(fnmatchcase(content_type, binary_type.lower()) for binary_type in binary_types):
        return base64.b64encode(request.body).decode(), True
    # Amazon too spoils what is neither text nor declared as binary.
    return request.body.decode("utf-8", "replace"), False


def _request_context(request: LocalRequest, resource: str, stage: str) -> Event:
    now = time.time()
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": request.header("host") or "localhost",
        "domainPrefix": API_ID,
        "extendedRequestId": os.urandom(8).hex(),
        "httpMethod": request.method,
        "identity": {
            "accessKey": None,
            "accountId": None,
            "caller": None,
            "cognitoAuthenticationProvider": None,
            "cognitoAuthenticationType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "principalOrgId": None,
            "sourceIp": request.source,
            "user": None,
            "userAgent": request.header("user-agent"),
            "userArn": None,
        },
        "path": request.path,
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": int(now * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": stage,
    }


def gateway_response(answer: dict[str, Any]) -> LocalResponse:
    """Chalice puts a header with several values into ``multiValueHeaders`` only; both kinds count."""
    several = answer.get("multiValueHeaders") or {}
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items() if name not in several]
    headers += [(name, str(value)) for name, values in several.items() for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    body = answer.get("body") or ""
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else body
    return LocalResponse(content.encode() if isinstance(content, str) else content, int(answer["statusCode"]), headers)


def failed(error: Exception) -> LocalResponse:
    """What a caller is told of a function that fell over: nothing. Its text may quote the request."""
    _log.error("a request failed outside of its handler: %s", type(error).__name__)
    return LocalResponse.json({"message": "Internal server error"}, HTTPStatus.BAD_GATEWAY)
