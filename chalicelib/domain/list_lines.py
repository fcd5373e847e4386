"""A list file's lines: what they must look like, and what is told when they do not.

CSV in UTF-8 with a header. A byte-order mark, CRLF and ``;`` are taken as they come from offices; a line break within a
field is not, so that a file can be read from any line on.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.known_lists import KnownList
from chalicelib.domain.nik import Nik, check_nik_against, parse_nik

LONGEST_LINE = 1_000
EARLIEST, LATEST = date(1945, 8, 17), date(2100, 12, 31)
REQUIRED = ("category", "valid_from", "valid_until")
OPTIONAL = ("birth_date", "email")
_BOM = b"\xef\xbb\xbf"
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd", b"%PDF")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    columns: tuple[str, ...]

    @property
    def is_indexed(self) -> bool:
        """Whether the office sends keyed indexes instead of NIKs."""
        return "nik_index" in self.columns


@dataclass(frozen=True, slots=True)
class ListLine:
    """``nik`` is None where the line gives its index instead."""

    nik: Nik | None
    nik_index: str
    category: str
    valid_from: date
    valid_until: date | None
    birth_date: date | None
    email: str


def dialect_of(start: bytes) -> tuple[Dialect, int]:
    """From a file's first bytes: how it is written, and where its second line begins. ``InvalidInput`` says what the
    file is instead."""
    _check_kind(start)
    body = start.removeprefix(_BOM)
    header, newline, _ = body.partition(b"\n")
    if len(header) > LONGEST_LINE or b"\0" in header:
        raise InvalidInput("list_header_wrong", expected=", ".join(("nik", *REQUIRED)))
    text = decoded(header, line=1).strip("\r")
    delimiter = ";" if text.count(";") > text.count(",") else ","
    columns = tuple(name.strip().strip('"').lower() for name in text.split(delimiter))
    _check_columns(columns)
    return Dialect(delimiter, columns), len(start) - len(body) + len(header) + len(newline)


def _check_kind(start: bytes) -> None:
    head = start.removeprefix(_BOM).lstrip()
    if not head:
        raise InvalidInput("list_file_empty")
    if start.startswith((*_ARCHIVES, _OLD_OFFICE)):
        raise InvalidInput("list_file_not_csv")
    if start.startswith(_WIDE):
        raise InvalidInput("list_file_not_utf8", line=1)
    if head.startswith(b"<"):
        raise InvalidInput("list_file_is_html")


def _check_columns(columns: Sequence[str]) -> None:
    keys = [name for name in columns if name in ("nik", "nik_index")]
    known = {"nik", "nik_index", *REQUIRED, *OPTIONAL}
    is_right = len(keys) == 1 and set(REQUIRED) <= set(columns) <= known and len(set(columns)) == len(columns)
    if not is_right:
        raise InvalidInput("list_header_wrong", expected=", ".join(("nik", *REQUIRED)))


def whole_lines(piece: bytes, *, is_last: bool, first_line: int) -> tuple[list[str], int]:
    """The piece's lines without their ends, and how many bytes they are. What begins in a piece and ends in the next is
    the next one's."""
    used = len(piece) if is_last else piece.rfind(b"\n") + 1
    if not used and not is_last:
        raise InvalidInput("list_file_not_csv")
    text = decoded(piece[:used], line=first_line)
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines, used


def decoded(content: bytes, *, line: int) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        at = line + content.count(b"\n", 0, error.start)
        raise InvalidInput("list_file_not_utf8", line=at) from None


def fields_of(text: str, dialect: Dialect) -> dict[str, str]:
    if len(text) > LONGEST_LINE or "\0" in text:
        raise InvalidInput("list_line_not_readable", field="line")
    values = _split(text.rstrip("\r"), dialect.delimiter)
    if len(values) != len(dialect.columns):
        raise InvalidInput("list_line_columns", field="line", expected=len(dialect.columns))
    return dict(zip(dialect.columns, map(str.strip, values), strict=True))


def _split(text: str, delimiter: str) -> list[str]:
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        raise InvalidInput("list_line_not_readable", field="line") from None


def line_of(fields: dict[str, str], known: KnownList) -> ListLine:
    """``InvalidInput`` names the first field that cannot be. The NIK comes last: of a line whose NIK is sound, the
    caller knows at least of whom it speaks."""
    category = fields["category"].lower()
    if category not in known.categories:
        raise InvalidInput("list_category_unknown", field="category", known=", ".join(sorted(known.categories)))
    valid_from = _day(fields["valid_from"], "valid_from")
    valid_until = _day(fields["valid_until"], "valid_until") if fields["valid_until"] else None
    if valid_until is not None and valid_until < valid_from:
        raise InvalidInput("list_days_out_of_order", field="valid_until")
    birth_date = _day(fields["birth_date"], "birth_date") if fields.get("birth_date") else None
    nik = _nik(fields["nik"], birth_date) if "nik" in fields else None
    email = fields.get("email", "")
    return ListLine(nik, fields.get("nik_index", ""), category, valid_from, valid_until, birth_date, email)


@lru_cache(maxsize=4096)
def _day(text: str, field: str) -> date:
    try:
        # ``fromisoformat`` also takes weeks and days without hyphens, which no reader of the file expects.
        day = date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else date.min
    except ValueError:
        day = date.min
    if not EARLIEST <= day <= LATEST and not (field == "birth_date" and date(1900, 1, 1) <= day <= LATEST):
        raise InvalidInput("list_day_invalid", field=field)
    return day


def _nik(text: str, birth_date: date | None) -> Nik:
    nik, facts = parse_nik(text)
    if birth_date is not None:
        check_nik_against(facts, birth_date=birth_date, is_woman=facts.is_woman)
    return nik
