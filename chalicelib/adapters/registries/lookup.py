"""The registers of education and social aid, asked by NIK and birth date on which of their lists a person stands.

One office keeps several registers, so an answer is a list of matches; an office with one register sends that one bare.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.adapters.http import HttpAnswer, JsonCaller, NoAnswer
from chalicelib.domain.errors import AnswerUnreadable, Misconfigured, RegistryUnavailable
from chalicelib.domain.nik import Nik
from chalicelib.domain.time import WIB
from chalicelib.domain.verification import ListMatch

# Both end up in reason codes, which people and programs read: no free text of another office may get there.
_CATEGORY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SOURCE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


class LookupRegistry:
    def __init__(self, base_url: str, api_key: str, http: JsonCaller) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/match"
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._http = http

    def look_up(self, nik: Nik, birth_date: date) -> tuple[ListMatch, ...]:
        try:
            answer = self._http.post_json(self._url, {"nik": nik, "birth_date": birth_date.isoformat()}, self._headers)
        except NoAnswer as silence:
            raise RegistryUnavailable(cause=str(silence)) from None
        return tuple(_match(entry) for entry in _entries(answer) if _is_active(entry))


def _entries(answer: HttpAnswer) -> list[Any]:
    if answer.status in (401, 403):
        raise Misconfigured("registry_refuses_us")
    content = answer.json_object()
    if answer.status != 200 or content is None:
        raise RegistryUnavailable
    entries = content.get("matches", [content])
    if not isinstance(entries, list):
        raise AnswerUnreadable
    return entries


def _is_active(entry: object) -> bool:
    active = entry.get("active") if isinstance(entry, dict) else None
    if not isinstance(active, bool):
        raise AnswerUnreadable
    return active


def _match(entry: Mapping[str, Any]) -> ListMatch:
    source, category = _text(entry, "source").upper(), _text(entry, "category").lower()
    if not _SOURCE.fullmatch(source) or not _CATEGORY.fullmatch(category):
        raise AnswerUnreadable
    return ListMatch(source, category, _moment(_text(entry, "as_of")))


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise AnswerUnreadable
    return value


def _moment(text: str) -> datetime:
    """Registers often state a day, or a time without a zone: then it is Jakarta's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise AnswerUnreadable from None
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)
