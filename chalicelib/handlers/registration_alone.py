"""``POST /v1/registrations`` as a function of its own (``infra/fronts/own_function.py``).

Whoever sends what is plainly a registration is answered without pydantic or Chalice, which a new environment would
otherwise wait for longest. All else (a slip, a stranger's tricks, a fault on the way) goes through the application's
own door, which says what is wrong in its own words: so there is one contract, and this only knows its commonest case.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import TooManyAttempts
from chalicelib.domain.mail import Language
from chalicelib.handlers.intake import take_registration
from chalicelib.handlers.sources import source_of
from chalicelib.handlers.wording import language_of, message
from chalicelib.observability import correlated, correlation_id, new_correlation_id

_JSON = "application/json"
_LONGEST_BODY = 2_000
_LONGEST: Mapping[str, int] = {"email": 320, "language": 2, "ticket": 200}
_LANGUAGES: Mapping[str | None, Language | None] = {None: None, **{each.value: each for each in Language}}


@dataclass(frozen=True, slots=True)
class _Asked:
    email: str
    language: Language | None
    ticket: str | None


def handle(event: dict[str, Any], context: Any) -> Any:
    """A REST API's event, and Lambda's answer to it."""
    told = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    asked = _plainly(event, told)
    if asked is not None:
        try:
            return _taken(asked, event["requestContext"], told)
        except Exception:  # noqa: S110  not lost: it comes again behind that door, and is told and logged there
            pass
    from app import app  # the whole of it: hundreds of milliseconds, once, and only for who needs them

    return app(event, context)


def _plainly(event: Mapping[str, Any], told: Mapping[str, str]) -> _Asked | None:
    """The registration, where there cannot be two opinions of what the body says."""
    if not _is_json(event, told):
        return None
    try:
        asked = _DECODER.decode(event["body"])
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict) or "email" not in asked or not all(_is_plain(*each) for each in asked.items()):
        return None
    language = asked.get("language")
    return _Asked(asked["email"], _LANGUAGES[language], asked.get("ticket")) if language in _LANGUAGES else None


def _is_json(event: Mapping[str, Any], told: Mapping[str, str]) -> bool:
    body = event.get("body")
    is_text = isinstance(body, str) and len(body) <= _LONGEST_BODY and not event.get("isBase64Encoded")
    return is_text and told.get("content-type", _JSON) == _JSON


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


_DECODER = json.JSONDecoder(object_pairs_hook=_each_once)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _is_plain(name: str, value: object) -> bool:
    return isinstance(value, str) and value.isascii() and len(value) <= _LONGEST.get(name, -1)


def _taken(asked: _Asked, request: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    """As ``replies.py`` replies."""
    source = source_of(told, request["identity"]["sourceIp"])
    with correlated(new_correlation_id(told.get("x-correlation-id") or request["requestId"])):
        language = language_of(told.get("accept-language"))
        try:
            sentence = take_registration(asked, language, source)
        except TooManyAttempts as early:
            return _sent_away(early, language)
        headers = {"X-Correlation-Id": correlation_id(), "Cache-Control": "no-store", "Content-Type": _JSON}
    body = _ENCODER.encode({"message": sentence})
    return {"headers": headers, "multiValueHeaders": {}, "statusCode": 202, "body": body}


def _sent_away(early: TooManyAttempts, language: Language) -> dict[str, Any]:
    """Whose turn has not come: while the gate is on these are most, and none of them need wait for the application. The
    gateway's own log has their status."""
    told = {"code": early.code, "message": message(early.code, language, early.details), "field": early.field}
    headers = {
        "X-Correlation-Id": correlation_id(),
        "Content-Type": _JSON,
        "Cache-Control": "no-store",
        "Content-Language": language.value,
        "Retry-After": str(early.details["retry_after_seconds"]),
    }
    body = json.dumps({**told, "correlation_id": correlation_id()})
    return {"headers": headers, "multiValueHeaders": {}, "statusCode": 429, "body": body}
