"""What a line of a list file must look like, and which field is named when it does not."""

from datetime import date

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import Index
from chalicelib.domain.known_lists import known_lists, list_named
from chalicelib.domain.list_lines import Dialect, dialect_of, fields_of, line_of, whole_lines
from chalicelib.domain.list_rows import overlapping, shard_of
from tests.builders import a_nik

COLUMNS = ("nik", "category", "valid_from", "valid_until", "birth_date", "email")
BSU = list_named("BSU")
GOOD = {
    "nik": a_nik(1),
    "category": "wage_subsidy",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "birth_date": "1995-03-12",
    "email": "siti@contoh.example",
}


def test_a_good_line_is_read() -> None:
    line = line_of(fields_of(",".join(GOOD.values()), Dialect(",", COLUMNS)), BSU)
    assert (line.nik, line.valid_from, line.valid_until) == (a_nik(1), date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("field", "value", "code", "named"),
    [
        ("nik", "3174", "number_not_16_digits", "nik"),
        ("nik", "", "number_not_16_digits", "nik"),
        ("nik", "9974015203950001", "number_province_unknown", "nik"),
        ("nik", "3174013203950001", "nik_date_impossible", "nik"),
        ("category", "", "list_category_unknown", "category"),
        ("category", "student", "list_category_unknown", "category"),
        ("valid_from", "", "list_day_invalid", "valid_from"),
        ("valid_from", "2026-02-30", "list_day_invalid", "valid_from"),
        ("valid_from", "20260101", "list_day_invalid", "valid_from"),
        ("valid_from", "2026-W01-1", "list_day_invalid", "valid_from"),
        ("valid_from", "01-02-2026", "list_day_invalid", "valid_from"),
        ("valid_from", "1900-01-01", "list_day_invalid", "valid_from"),
        ("valid_until", "2025-12-31", "list_days_out_of_order", "valid_until"),
        ("valid_until", "9999-12-31", "list_day_invalid", "valid_until"),
        ("birth_date", "1995-03-13", "nik_birth_date_differs", "birth_date"),
        ("birth_date", "yesterday", "list_day_invalid", "birth_date"),
    ],
)
def test_the_field_that_is_wrong_is_named(field: str, value: str, code: str, named: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        line_of({**GOOD, field: value}, BSU)
    assert (refusal.value.code, refusal.value.field) == (code, named)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b", "list_line_columns"),
        (",".join([*GOOD.values(), ""]), "list_line_columns"),
        ('"' + ",".join(GOOD.values()), "list_line_not_readable"),
        ("x" * 1_001, "list_line_not_readable"),
        ("a\0" + "," * 5, "list_line_not_readable"),
    ],
)
def test_a_line_of_another_form_is_refused_as_a_whole(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        fields_of(text, Dialect(",", COLUMNS))
    assert (refusal.value.code, refusal.value.field) == (code, "line")


def test_quoted_fields_and_the_ends_of_windows_are_taken() -> None:
    text = ",".join(f'"{value}"' for value in GOOD.values()) + "\r"
    assert fields_of(text, Dialect(",", COLUMNS)) == GOOD


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_headers_come_as_offices_write_them(start: bytes, delimiter: str, end: str) -> None:
    header = start + delimiter.join(["NIK", " category", '"valid_from"', "valid_until"]).encode() + end.encode()
    dialect, begins = dialect_of(header + b"rest")
    assert dialect == Dialect(delimiter, ("nik", "category", "valid_from", "valid_until"))
    assert (header + b"rest")[begins:] == b"rest"


def test_a_piece_ends_with_its_last_whole_line() -> None:
    assert whole_lines(b"one\ntwo\nthr", is_last=False, first_line=2) == (["one", "two"], 8)
    assert whole_lines(b"one\ntwo\nthree", is_last=True, first_line=2) == (["one", "two", "three"], 13)
    assert whole_lines(b"", is_last=True, first_line=2) == ([], 0)


@pytest.mark.parametrize("shards", [1, 2, 16, 64])
@pytest.mark.parametrize("others", [1, 4, 64])
def test_shards_of_one_size_are_found_among_those_of_another(shards: int, others: int) -> None:
    for first in "AZaz09-_":
        nik = Index(f"1.{first}xyz")
        assert shard_of(nik, others) in overlapping(shard_of(nik, shards), shards, others)


def test_every_known_list_has_words_a_body_and_categories_that_can_be_reason_codes() -> None:
    for known in known_lists().values():
        assert set(known.titles) == {"id", "en"}
        assert known.body
        assert known.categories
        assert all(category.isidentifier() and category == category.lower() for category in known.categories)
