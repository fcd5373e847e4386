"""A bank's statement, line by line: what it must look like. One line that is wrong refuses the whole file, because a
statement of which a part is missing would be compared as if nothing were.

CSV in UTF-8 with exactly these columns. A byte-order mark and CRLF are taken as they come. The last line must end, so
that a file that was cut off is not taken for a short day.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.domain.errors import InvalidInput

COLUMNS = (
    *("settlement_date", "channel", "partner_reference_no", "provider_reference_no", "amount", "fee"),
    *("status", "completed_at", "reversal_of"),
)
MOST_LINES = 2_000_000
LARGEST_FILE_BYTES = 500 * 1024 * 1024
LONGEST_LINE_BYTES = 1_000
MOST_RUPIAH = 1_000_000_000
"""In one line: a thousand times of what is ever paid to somebody."""
SUCCESS, REVERSAL, FAILED = "success", "reversal", "failed"
_STATUSES = {SUCCESS, REVERSAL, FAILED}
_BOM = b"\xef\xbb\xbf"
_REFERENCE_FORM, _AMOUNT_FORM = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", r"([0-9]{1,15})(?:\.00)?"
_REFERENCE, _AMOUNT = re.compile(_REFERENCE_FORM).fullmatch, re.compile(_AMOUNT_FORM).fullmatch
_FRACTION = re.compile(r"[0-9]+\.[0-9]+").fullmatch
_USUAL = re.compile(
    f'({_REFERENCE_FORM}),({_REFERENCE_FORM}),{_AMOUNT_FORM},{_AMOUNT_FORM},({SUCCESS}|{FAILED}),([^,"]+),'
).fullmatch
"""What nearly all lines look like after their first two columns."""


class StatementLine(NamedTuple):
    """``number``: of the line in the file, the header being the first."""

    number: int
    reference: str
    provider_reference: str
    amount: int
    fee: int
    status: str
    reversal_of: str


def lines_of(pieces: Iterable[bytes], *, bank: str, day: date) -> Iterator[StatementLine]:
    """Of a file as it is read, piece by piece. ``InvalidInput`` names the first line that cannot be."""
    rows = _numbered(pieces)
    number, header = next(rows, (1, ""))
    if tuple(header.split(",")) != COLUMNS:
        raise InvalidInput("statement_columns_wrong", line=number, expected=",".join(COLUMNS))
    day_text = day.isoformat()
    start = f"{day_text},{bank},"
    for number, text in rows:
        if number > MOST_LINES + 1:
            raise InvalidInput("statement_too_long", line=number, most=MOST_LINES)
        yield _usual(number, text, start) or _line(number, text, bank, day_text)


def _numbered(pieces: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    number, rest, is_first = 0, b"", True
    for piece in pieces:
        whole, newline, after = (rest + (piece.removeprefix(_BOM) if is_first else piece)).rpartition(b"\n")
        is_first, rest = False, after
        if len(rest) > LONGEST_LINE_BYTES:
            raise InvalidInput("statement_line_too_long", line=number + 1 + whole.count(b"\n") + len(newline))
        if newline:
            for text in _decoded(whole, number + 1).split("\n"):
                number += 1
                yield number, text.removesuffix("\r")
    if rest:
        raise InvalidInput("statement_cut_off", line=number + 1)


def _decoded(content: bytes, first: int) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("statement_not_utf8", line=first + content.count(b"\n", 0, error.start)) from None


def _usual(number: int, text: str, start: str) -> StatementLine | None:
    """A line with which nothing is the matter; None of any that must be looked at column by column."""
    usual = _USUAL(text, len(start)) if text.startswith(start) else None
    if usual is None:
        return None
    reference, provider_reference, amount, fee, status, completed_at = usual.groups()
    rupiah, fee_rupiah = int(amount), int(fee)
    if not (_is_moment(completed_at) and 1 <= rupiah <= MOST_RUPIAH and fee_rupiah <= MOST_RUPIAH):
        return None
    return StatementLine(number, reference, provider_reference, rupiah, fee_rupiah, status, "")


def _line(number: int, text: str, bank: str, day: str) -> StatementLine:
    fields = text.split(",") if '"' not in text else _unquoted(text, number)
    if len(fields) != len(COLUMNS):
        raise InvalidInput("statement_fields_wrong", line=number, expected=len(COLUMNS), found=len(fields))
    settled_on, channel, reference, provider_reference, amount, fee, status, completed_at, reversal_of = fields
    if settled_on != day:
        raise InvalidInput("statement_other_day", line=number, expected=day)
    if channel != bank:
        raise InvalidInput("statement_other_channel", line=number, expected=bank)
    if not (_REFERENCE(reference) and _REFERENCE(provider_reference)):
        raise InvalidInput("statement_reference_wrong", line=number)
    _check_fate(number, status, reversal_of)
    if not _is_moment(completed_at):
        raise InvalidInput("statement_time_wrong", line=number)
    rupiah = _rupiah(number, "amount", amount, least=1)
    return StatementLine(
        number, reference, provider_reference, rupiah, _rupiah(number, "fee", fee, least=0), status, reversal_of
    )


def _unquoted(text: str, number: int) -> list[str]:
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration):
        raise InvalidInput("statement_line_not_readable", line=number) from None


def _check_fate(number: int, status: str, reversal_of: str) -> None:
    if status not in _STATUSES:
        raise InvalidInput("statement_status_unknown", line=number, known=", ".join(sorted(_STATUSES)))
    if (status == REVERSAL) != bool(reversal_of) or (reversal_of and not _REFERENCE(reversal_of)):
        raise InvalidInput("statement_reversal_wrong", line=number)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _rupiah(number: int, column: str, text: str, *, least: int) -> int:
    """``600000.00`` or ``600000``: nothing else is read, because ``600.000`` is six hundred to one and six hundred
    thousand to another."""
    found = _AMOUNT(text)
    if found is None and _FRACTION(text):
        raise InvalidInput("statement_amount_fraction", line=number, column=column)
    if found is None:
        raise InvalidInput("statement_amount_wrong", line=number, column=column)
    amount = int(found[1])
    if not least <= amount <= MOST_RUPIAH:
        raise InvalidInput("statement_amount_out_of_range", line=number, column=column, most=MOST_RUPIAH)
    return amount
