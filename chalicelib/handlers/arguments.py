"""From a request to a view's arguments, as its annotations ask for them."""

import base64
import inspect
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from chalice.app import Request
from pydantic import BaseModel, ValidationError

from chalicelib import bootstrap
from chalicelib.domain.errors import InvalidInput, NotAllowed, NotSignedIn
from chalicelib.domain.mail import Language
from chalicelib.handlers.doors import Access, Caller, Door, Page, Signed, SourceAddress
from chalicelib.handlers.sources import source_of
from chalicelib.use_cases.registration.find_session import find_session

State = TypeVar("State", bound=StrEnum)

LARGEST_BODY_BYTES = 64 * 1024
LONGEST_PATH_VALUE = 128


def known_state(states: type[State], state: str) -> State:
    """Of a list by state, out of its path."""
    if state not in set(states):
        raise InvalidInput("state_unknown", field="state", known=", ".join(states))
    return states(state)


def arguments_for(door: Door, request: Request, language: Language, path: Mapping[str, str]) -> dict[str, Any]:
    caller = None if door.access is Access.PUBLIC else _caller(request, door.access)
    arguments: dict[str, Any] = {}
    known: dict[Any, Callable[[], Any]] = {
        Caller: lambda: caller,
        Language: lambda: language,
        Page: lambda: _page(request),
        Signed: lambda: Signed(raw_bytes(request), _lower(request)),
        SourceAddress: lambda: SourceAddress(source_of(_lower(request), request.context["identity"]["sourceIp"])),
    }
    for name, hint in door.hints.items():
        if hint in known:
            arguments[name] = known[hint]()
        elif inspect.isclass(hint) and issubclass(hint, BaseModel):
            arguments[name] = _stated(name, hint, request)
        elif name in path:
            arguments[name] = _path_value(name, hint, path)
    arguments.pop("return", None)
    return arguments


def _stated(name: str, model: type[BaseModel], request: Request) -> BaseModel | None:
    """``body`` is the JSON, ``query`` what stands behind the question mark besides a page's place."""
    if name == "query":
        asked = {key: each for key, each in (request.query_params or {}).items() if key not in ("after", "limit")}
        return parsed(model, json.dumps(asked).encode())
    return parsed(model, raw_bytes(request)) if name == "body" else None


def _lower(request: Request) -> dict[str, str]:
    return {name.lower(): each for name, each in request.headers.items()}


def _caller(request: Request, access: Access) -> Caller:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotSignedIn
    session = find_session(token, accounts=bootstrap.accounts(), indexer=bootstrap.indexer(), clock=bootstrap.clock())
    if session.role not in access.value:
        raise NotAllowed
    return Caller(session.subject, session.role, token, session.own_account)


def parsed(model: type[BaseModel], raw: bytes) -> BaseModel:
    """The body as ``model``; ``InvalidInput`` names the first field that is wrong."""
    if len(raw) > LARGEST_BODY_BYTES:
        raise InvalidInput("body_too_large", most=LARGEST_BODY_BYTES)
    try:
        return model.model_validate_json(raw, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field_name = ".".join(str(part) for part in first["loc"]) or None
        raise InvalidInput(_kind_of(first["type"]), field=field_name, **_expected(first.get("ctx", {}))) from None


def raw_bytes(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw


_KINDS = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "json_invalid": "json_invalid",
    "string_too_long": "field_too_long",
    "string_too_short": "field_too_short",
    "too_short": "field_too_few",
    "too_long": "field_too_many",
    "string_pattern_mismatch": "field_of_another_form",
    "greater_than_equal": "field_too_small",
    "less_than_equal": "field_too_large",
    "enum": "field_no_choice",
    "literal_error": "field_no_choice",
}
_KINDS_BY_WORD = {
    "string": "field_not_text",
    "int": "field_not_number",
    "date": "field_not_date",
    "bool": "field_not_bool",
}
_LIMITS = ("max_length", "min_length", "ge", "le")


def _kind_of(pydantic_type: str) -> str:
    """Our code for what pydantic found: its own sentences are in English only."""
    if pydantic_type in _KINDS:
        return _KINDS[pydantic_type]
    word = pydantic_type.partition("_")[0].replace("datetime", "date").replace("timezone", "date")
    return _KINDS_BY_WORD.get(word, "field_invalid")


def _expected(context: Mapping[str, Any]) -> dict[str, object]:
    """The limits that the message names; nothing of what was typed."""
    limit = next((context[name] for name in _LIMITS if name in context), None)
    choices = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    return {**({"limit": limit} if limit is not None else {}), **({"choices": choices} if choices else {})}


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
    if len(value) > LONGEST_PATH_VALUE:
        raise InvalidInput("field_too_long", field=name, limit=LONGEST_PATH_VALUE)
    if hint is not int:
        return value
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise InvalidInput("number_expected", field=name)
    return int(value)
