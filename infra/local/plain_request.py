"""Recognises the commonest request of a launch, and no other: POST /v1/registrations, there as a whole, in lines that
nobody can read in two ways. Whatever it does not know is for ``http_connection.py``, which knows HTTP.
"""

import re

from infra.fronts.own_function import METHOD, PATH
from infra.local.pages import LocalRequest

BEGINNING = f"{METHOD.upper()} {PATH} HTTP/1.1\r\n".encode()
LONGEST = 16_384
_HEAD = re.compile(re.escape(BEGINNING) + rb"((?:[A-Za-z0-9-]+: [!-~](?:[ -~]*[!-~])?\r\n)+)\r\n")
_LENGTH = re.compile(r"\d{1,5}")
_NOT_PLAIN = ("transfer-encoding", "expect", "upgrade")


def plain_registration(seen: bytes, source: str) -> tuple[LocalRequest, int] | None:
    """The request at the beginning of ``seen``, and how many bytes it is."""
    head = _HEAD.match(seen)
    if head is None:
        return None
    lines = [line.partition(": ") for line in head[1].decode("ascii").split("\r\n")[:-1]]
    headers = [(name, value) for name, _, value in lines]
    end = head.end() + _length(headers)
    if not head.end() < end <= len(seen):
        return None
    return LocalRequest(METHOD.upper(), PATH, "", headers, seen[head.end() : end], source), end


def _length(headers: list[tuple[str, str]]) -> int:
    """0 where it is not plain."""
    told = {name.lower(): value for name, value in headers}
    length = told.get("content-length", "")
    stands_once = sum(name.lower() == "content-length" for name, _ in headers) == 1
    is_kept = told.get("connection", "keep-alive").lower() == "keep-alive"
    is_plain = stands_once and is_kept and _LENGTH.fullmatch(length) and not any(name in told for name in _NOT_PLAIN)
    return int(length) if is_plain else 0
