"""A published file, read where it lies: a frozen list, or a draw's bundle (section 12 of ``docs/draw.md``)."""

import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chalicelib.domain.selection.records import BUNDLE_LINE
from chalicelib.domain.selection.rows import FAMILY, LIST, WINNER, Rows

_LONGEST_LINE = 1 << 24
_FROZEN_LINES, _LINES_OF_DOCUMENT = 3, 2


class WrongFile(ValueError):
    """Not a file that can be drawn, and why."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """``begins``: where each province's list does. ``draw`` is None in a frozen list."""

    path: Path
    frozen: Mapping[str, Any]
    draw: Mapping[str, Any] | None
    begins: Mapping[str, int]

    @property
    def conditions(self) -> Mapping[str, Any]:
        conditions: Mapping[str, Any] = self.frozen["conditions"]
        return conditions

    def entries(self, province: str) -> int:
        return int(self.frozen["provinces"][province]["entries"])

    def list_of(self, province: str) -> Rows:
        """Of the file itself: nothing is copied."""
        return self._rows(LIST, self.begins[province], self.entries(province))

    def families(self) -> Rows:
        return self._rows(FAMILY, self._families_begin, self.frozen["families"]["rows"])

    def winners(self) -> dict[str, Rows]:
        """Of each province, as stated. Of a frozen list: of none."""
        found: dict[str, Rows] = {}
        begin = self._families_begin + self.frozen["families"]["rows"] * FAMILY.itemsize
        for code in sorted(self.frozen["provinces"]) if self.draw else ():
            found[code] = self._rows(WINNER, begin, self.draw["winners"][code]["count"] if self.draw else 0)
            begin += found[code].nbytes
        return found

    @property
    def _families_begin(self) -> int:
        return max(begin + self.entries(code) * LIST.itemsize for code, begin in self.begins.items())

    def _rows(self, kind: np.dtype[Any], begin: int, count: int) -> Rows:
        if not count:
            return np.empty(0, kind)
        return np.memmap(self.path, kind, "r", begin, (count,)).view(np.ndarray)


def published_file(path: Path) -> PublishedFile:
    """``WrongFile`` says what is wrong with it. ``OSError`` where it cannot be read at all."""
    with path.open("rb") as file:
        if file.read(len(BUNDLE_LINE)) != BUNDLE_LINE:
            raise WrongFile(f"{path}: the first line is not {BUNDLE_LINE.decode().strip()!r}")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            try:
                return _read(path, view)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise WrongFile(f"{path} is not as docs/draw.md says (sections 5, 11, 12): {error}") from None


def _read(path: Path, view: mmap.mmap) -> PublishedFile:
    frozen = json.loads(_line(view, 1)[0])
    sections = sum(each["entries"] for each in frozen["provinces"].values()) * LIST.itemsize
    sections += frozen["families"]["rows"] * FAMILY.itemsize
    begin, draw = _line(view, _FROZEN_LINES - 1)[1], None
    if begin + sections < len(view):
        draw, begin = _draw(view)
        sections += sum(each["count"] for each in draw["winners"].values()) * WINNER.itemsize
    if begin + sections != len(view):
        raise ValueError(f"it has {len(view):,} bytes, and its documents speak of {begin + sections:,}")
    begins = {}
    for code in sorted(frozen["provinces"]):
        begins[code] = begin
        begin += frozen["provinces"][code]["entries"] * LIST.itemsize
    return PublishedFile(path, frozen, draw, begins)


def _draw(view: mmap.mmap) -> tuple[Mapping[str, Any], int]:
    """After the annulments of earlier attempts, however many; and where the lists begin."""
    number = _FROZEN_LINES
    while (document := json.loads(_line(view, number)[0]))["document"] == "annulment":
        number += _LINES_OF_DOCUMENT
    return document, _line(view, number + _LINES_OF_DOCUMENT - 1)[1]


def _line(view: mmap.mmap, number: int) -> tuple[bytes, int]:
    """Without its end, and where the next one begins."""
    begin = 0
    for _ in range(number):
        begin = _end(view, begin) + 1
    end = _end(view, begin)
    return view[begin:end], end + 1


def _end(view: mmap.mmap, begin: int) -> int:
    end = view.find(b"\n", begin, begin + _LONGEST_LINE)
    if end < 0:
        raise ValueError("a line of text is missing")
    return end
