"""What reaches a stand-in and what leaves it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """Header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json_object(self) -> dict[str, Any]:
        """The body, or an empty object where it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Reply:
    """``did`` and ``note`` go into the books. Status 0 is no reply at all: the connection is closed."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    did: str = ""
    note: Mapping[str, object] = field(default_factory=dict)


def json_reply(content: object, status: int = 200, *, did: str = "", note: Mapping[str, object] | None = None) -> Reply:
    return Reply(status, json.dumps(content, ensure_ascii=False).encode(), did=did, note=note or {})


def silence(did: str, note: Mapping[str, object] | None = None) -> Reply:
    return Reply(0, did=did, note=note or {})


def refusal(status: int, why: str) -> Reply:
    return json_reply({"error": why}, status, did="refused")
