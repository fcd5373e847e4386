"""The gateway's part in ``direct-queue``, played: JSON in, the form that SQS would get out.

``airspeed`` renders the template. What Amazon adds to Velocity (``$input``, ``$util``, ``$context``) is written here
after their reference: ``escapeJavaScript`` is that of Commons Lang 2, which escapes ``'`` and ``/`` as well.
"""

import json
from typing import Any
from urllib.parse import parse_qs, quote_plus

import airspeed

_SHORT = {"\b": r"\b", "\n": r"\n", "\t": r"\t", "\f": r"\f", "\r": r"\r"}
_SHORT |= {"'": r"\'", '"': r"\"", "\\": r"\\", "/": r"\/"}
CONTEXT: dict[str, Any] = {
    "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    "extendedRequestId": "JIxGhHcVoAMFzNg=",
    "requestTimeEpoch": 1772427600123,
}


class _Escapes:
    def escapeJavaScript(self, text: str) -> str:
        return "".join(_escaped(each) for each in text)

    def urlEncode(self, text: str) -> str:
        return quote_plus(text)


class _Input:
    def __init__(self, body: str) -> None:
        self._asked = json.loads(body)

    def path(self, expression: str) -> Any:
        assert expression == "$"
        return self._asked


def form_of(template: str, body: str, **context: object) -> dict[str, str]:
    """``body``: the request's, as text. ``context``: what is otherwise than in ``CONTEXT``."""
    names = {"input": _Input(body), "util": _Escapes(), "context": CONTEXT | context}
    rendered: str = airspeed.Template(template).merge(names)
    fields = parse_qs(rendered, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in fields.values()), "a value broke out of its field"
    return {name: values[0] for name, values in fields.items()}


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if " " <= character <= "\x7f":
        return character
    # Java's characters are UTF-16: what lies beyond them is two.
    units = character.encode("utf-16-be", "surrogatepass").hex().upper()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
