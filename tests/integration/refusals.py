"""Asks the same thing in both languages and looks at how it is refused."""

import re
import tomllib
from collections.abc import Callable, Set
from functools import cache
from pathlib import Path

import pytest

from tests.integration.effects import Watch
from tests.integration.town import Reply, Town

LANGUAGES = {"id": "id-ID,id;q=0.9", "en": "en-GB,en;q=0.8,id;q=0.5"}
"""Our name for a language -> how a browser asks for it."""
_LOCALE = Path(__file__).parents[2] / "chalicelib" / "web" / "locale"

Ask = Callable[[str], Reply]
"""Asks with this ``Accept-Language``."""
Refusal = tuple[int, str, str | None]
"""Status, code, field."""


def refusal(text: str) -> Refusal:
    """``404 wave_unknown wave`` for a table; the field may be missing."""
    status, code, field = (*text.split(), None)[:3]
    return int(str(status)), str(code), field


def defect(where: str) -> pytest.MarkDecorator:
    """A defect of the application, found by a test that will say so when it is mended."""
    return pytest.mark.xfail(strict=True, reason=where)


def assert_refused(town: Town, ask: Ask, expected: Refusal, counted: Set[str] = frozenset()) -> None:
    """``ask`` is refused as expected, in words of each language, and writes nothing but what is counted."""
    watch = Watch(town.memory)
    told = {language: ask(accepted) for language, accepted in LANGUAGES.items()}
    for language, reply in told.items():
        code = reply.body.get("reason", reply.body.get("code"))
        assert (reply.status, code, reply.body.get("field")) == expected, reply.text
        assert is_worded(reply.body["message"], str(code), language), reply.body["message"]
    assert told["id"].body["message"] != told["en"].body["message"]
    assert watch.effects() == counted


def is_worded(text: str, code: str, language: str) -> bool:
    """Whether ``text`` is the sentence that the language has for ``code``, its blanks filled with anything."""
    pattern = re.sub(r"\\\{\w+\\\}", "[^{}]+", re.escape(messages(language)[code]))
    return re.fullmatch(pattern, text) is not None


@cache
def messages(language: str) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads((_LOCALE / f"{language}.toml").read_text("utf-8"))["messages"]
    return found
