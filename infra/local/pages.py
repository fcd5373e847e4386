"""What the local server hands to a page of its own, and what it wants back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, unquote


@dataclass(frozen=True)
class LocalRequest:
    """``headers`` are as they came, in order; ``path`` and ``query`` are not decoded."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    source: str = "127.0.0.1"
    """The address it came from: all of 127.0.0.0/8 is this machine, so that tests can be many people."""

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for given, value in reversed(self.headers) if given.lower() == wanted), None)

    @property
    def parameters(self) -> dict[str, list[str]]:
        return parse_qs(self.query, keep_blank_values=True)

    def parameter(self, name: str, default: str = "") -> str:
        return self.parameters.get(name, [default])[-1]

    @property
    def decoded_path(self) -> str:
        return unquote(self.path)


@dataclass(frozen=True)
class LocalResponse:
    body: bytes = b""
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def json(cls, content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        return cls(text.encode(), status, [("Content-Type", "application/json"), *(headers or {}).items()])

    @classmethod
    def html(cls, text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        return cls(text.encode(), status, [("Content-Type", "text/html; charset=utf-8"), *(headers or {}).items()])


Page = Callable[[LocalRequest], LocalResponse]


def page_for(path: str, pages: Mapping[str, Page]) -> Page | None:
    """The page with the longest prefix of ``path``: ``/mailbox`` serves /mailbox, /mailbox/5 and /mailbox.json."""
    fitting = [prefix for prefix in pages if path == prefix or path.startswith((f"{prefix}/", f"{prefix}."))]
    return pages[max(fitting, key=len)] if fitting else None
