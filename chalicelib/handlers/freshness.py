"""How long an answer may be kept, when to ask again, and the short way of saying that nothing has changed."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from re import DOTALL, findall
from typing import Any

from chalice.app import Response

from chalicelib.handlers.doors import PERSONAL, Door

_LANGUAGE_AND_CALLER = "Accept-Language, Authorization"


def freshened(response: Response, door: Door, outcome: Any, asked: Mapping[str, str]) -> Response:
    """``response`` as the door says it may be kept; 304 without a body for whoever has it already."""
    if door.ask_again is not None:
        response.headers["Retry-After"] = str(door.ask_again(outcome))
    if door.keep is None:
        return response
    tag = tag_of(response.body)
    response.headers |= {"ETag": tag, "Cache-Control": door.keep}
    if door.keep == PERSONAL:
        response.headers["Vary"] = _LANGUAGE_AND_CALLER
    if not _is_held(tag, asked.get("if-none-match", "")):
        return response
    # With its Content-Type: the gateway would put its own there, and a cache may take that over for what it has kept.
    return Response("", response.headers, HTTPStatus.NOT_MODIFIED.value)


def tag_of(text: str) -> str:
    return f'"{_digest(text)[:27]}"'


def _is_held(tag: str, condition: str) -> bool:
    """Compared weakly: who compresses an answer on the way weakens its tag."""
    held = {each.strip().removeprefix("W/") for each in condition.split(",")}
    return tag in held or "*" in held


@lru_cache(maxsize=16)
def page_policy(text: str) -> str:
    """What a page may load: its own blocks, word for word, and answers of this address."""
    allowed = {kind: " ".join(_hashes(kind, text)) or "'none'" for kind in ("script", "style")}
    return (
        f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hashes(kind: str, text: str) -> list[str]:
    return [f"'sha256-{_digest(block, padded=True)}'" for block in findall(rf"<{kind}>(.*?)</{kind}>", text, DOTALL)]


def _digest(text: str, *, padded: bool = False) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.b64encode(digest).decode() if padded else base64.urlsafe_b64encode(digest).decode()
