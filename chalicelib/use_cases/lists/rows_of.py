"""From a file's lines to rows by index, and to what is wrong with the others. NIKs go no further than this."""

import re
from collections.abc import Sequence

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import Index, ListName
from chalicelib.domain.known_lists import list_named
from chalicelib.domain.list_entries import birth_text
from chalicelib.domain.list_lines import Dialect, ListLine, fields_of, line_of
from chalicelib.domain.list_rows import Flaw, ListRow
from chalicelib.domain.nik import masked, parse_nik
from chalicelib.domain.registration import parse_email
from chalicelib.ports import Indexer

_INDEX = re.compile(r"[0-9A-Za-z]{1,8}\.[A-Za-z0-9_-]{43}")
_DIGITS = re.compile(r"[0-9]{12,32}")


class LineReader:
    def __init__(self, list: ListName, dialect: Dialect, indexer: Indexer) -> None:
        self._known = list_named(list)
        self._dialect = dialect
        self._indexer = indexer
        self._key_version = indexer.index("nik", "").partition(".")[0]

    def read(self, texts: Sequence[str], *, first_line: int) -> tuple[list[ListRow], list[Flaw]]:
        rows: list[ListRow] = []
        flaws: list[Flaw] = []
        for line, text in enumerate(texts, start=first_line):
            if text and not text.isspace():
                self._take(text, line, rows, flaws)
        return rows, flaws

    def _take(self, text: str, line: int, rows: list[ListRow], flaws: list[Flaw]) -> None:
        fields: dict[str, str] = {}
        try:
            fields = fields_of(text, self._dialect)
            rows.append(self._row(line_of(fields, self._known), line))
        except InvalidInput as fault:
            flaws.append(_flaw(fault, line, fields))
            rows.extend(self._doubted(fields, line))

    def _row(self, found: ListLine, line: int) -> ListRow:
        nik = self._indexer.index("nik", found.nik) if found.nik else self._checked_index(found.nik_index)
        birth = self._indexer.index("birth_date", birth_text(nik, found.birth_date)) if found.birth_date else ""
        # An address is kept only where it is needed: to invite.
        email = parse_email(found.email) if found.email and self._known.is_priority else ""
        until = found.valid_until.isoformat() if found.valid_until else ""
        return ListRow(nik, line, found.category, found.valid_from.isoformat(), until, birth, email)

    def _checked_index(self, text: str) -> Index:
        if not _INDEX.fullmatch(text):
            raise InvalidInput("nik_index_invalid", field="nik_index")
        if text.partition(".")[0] != self._key_version:
            raise InvalidInput("nik_index_of_another_key", field="nik_index", version=self._key_version)
        return Index(text)

    def _doubted(self, fields: dict[str, str], line: int) -> list[ListRow]:
        """Of whom a line speaks that is wrong otherwise: what is known of that person stays."""
        try:
            if "nik" in fields:
                return [ListRow(self._indexer.index("nik", parse_nik(fields["nik"])[0]), line, "")]
            return [ListRow(self._checked_index(fields["nik_index"]), line, "")] if fields else []
        except InvalidInput:
            return []


def _flaw(fault: InvalidInput, line: int, fields: dict[str, str]) -> Flaw:
    number = fields.get("nik", "")
    shown = masked(number) if fault.field == "nik" and _DIGITS.fullmatch(number) else ""
    details = {name: each if isinstance(each, int) else str(each) for name, each in fault.details.items()}
    return Flaw(line, fault.field or "line", fault.code, details, shown)
