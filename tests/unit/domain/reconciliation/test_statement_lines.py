"""A bank's statement is read as it was agreed, or not at all; whoever must mend it is told the line."""

from collections.abc import Iterator
from datetime import date

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.statement_lines import COLUMNS, LONGEST_LINE_BYTES, StatementLine, lines_of

DAY = date(2026, 3, 2)
HEADER = ",".join(COLUMNS)
GOOD = "2026-03-02,bni,PRK1,R1,600000.00,0.00,success,2026-03-02T10:00:00+07:00,"


def read(*lines: str, end: str = "\n", piece: int = 1_000_000) -> list[StatementLine]:
    content = ("\n".join([HEADER, *lines]) + end).encode()
    return list(lines_of(pieces(content, piece), bank="bni", day=DAY))


def pieces(content: bytes, length: int) -> Iterator[bytes]:
    return (content[start : start + length] for start in range(0, len(content), length))


def replaced(column: str, by: str) -> str:
    fields = GOOD.split(",")
    fields[COLUMNS.index(column)] = by
    return ",".join(fields)


def test_a_line_is_read() -> None:
    assert read(GOOD) == [StatementLine(2, "PRK1", "R1", 600_000, 0, "success", "")]


@pytest.mark.parametrize("piece", [1, 7, 64, 100_000])
def test_it_does_not_matter_in_which_pieces_a_file_is_read(piece: int) -> None:
    lines = [replaced("partner_reference_no", f"PRK{number}") for number in range(20)]
    assert [line.reference for line in read(*lines, piece=piece)] == [f"PRK{number}" for number in range(20)]


def test_a_day_on_which_nothing_was_paid_has_a_header() -> None:
    assert read() == []


def test_a_byte_order_mark_and_crlf_are_taken() -> None:
    content = b"\xef\xbb\xbf" + f"{HEADER}\r\n{GOOD}\r\n".encode()
    assert len(list(lines_of([content], bank="bni", day=DAY))) == 1


def test_an_amount_may_come_without_cents() -> None:
    assert read(replaced("amount", "600000"))[0].amount == 600_000


def test_the_most_is_read_and_a_reversal_names_what_it_takes_back() -> None:
    reversal = replaced("status", "reversal") + "R0"
    assert [each.reversal_of for each in read(replaced("amount", "1000000000"), reversal)] == ["", "R0"]


WRONG = {
    "one rupiah beyond the most": (replaced("amount", "1000000001"), "statement_amount_out_of_range"),
    "a fee beyond the most": (replaced("fee", "1000000001"), "statement_amount_out_of_range"),
    "a thirteenth month": (replaced("completed_at", "2026-13-02T10:00:00+07:00"), "statement_time_wrong"),
    "thousands separated by commas": (replaced("amount", '"600,000.00"'), "statement_amount_wrong"),
    "thousands separated by commas, not quoted": (replaced("amount", "600,000.00"), "statement_fields_wrong"),
    "thousands separated by points": (replaced("amount", "600.000"), "statement_amount_fraction"),
    "thousands and cents": (replaced("amount", '"600.000,00"'), "statement_amount_wrong"),
    "half a rupiah": (replaced("amount", "600000.50"), "statement_amount_fraction"),
    "less than nothing": (replaced("amount", "-600000.00"), "statement_amount_wrong"),
    "nothing": (replaced("amount", "0.00"), "statement_amount_out_of_range"),
    "enormous": (replaced("amount", "100000000000000.00"), "statement_amount_out_of_range"),
    "as a power": (replaced("amount", "6e5"), "statement_amount_wrong"),
    "digits of another script": (replaced("amount", "٦٠٠٠٠٠"), "statement_amount_wrong"),
    "a fee below nothing": (replaced("fee", "-1.00"), "statement_amount_wrong"),
    "another day": (replaced("settlement_date", "2026-03-01"), "statement_other_day"),
    "a day the other way round": (replaced("settlement_date", "02-03-2026"), "statement_other_day"),
    "another channel": (replaced("channel", "ovo"), "statement_other_channel"),
    "no reference": (replaced("partner_reference_no", ""), "statement_reference_wrong"),
    "a reference with a formula": (replaced("partner_reference_no", "=1+1"), "statement_reference_wrong"),
    "no reference of theirs": (replaced("provider_reference_no", ""), "statement_reference_wrong"),
    "a status nobody agreed": (replaced("status", "SUKSES"), "statement_status_unknown"),
    "a reversal of nothing": (replaced("status", "reversal"), "statement_reversal_wrong"),
    "a success of something": (replaced("reversal_of", "R0"), "statement_reversal_wrong"),
    "a moment without a zone": (replaced("completed_at", "2026-03-02T10:00:00"), "statement_time_wrong"),
    "no moment": (replaced("completed_at", "siang"), "statement_time_wrong"),
    "a column too many": (GOOD + ",", "statement_fields_wrong"),
    "a column too few": (GOOD.removesuffix(","), "statement_fields_wrong"),
    "an empty line": ("", "statement_fields_wrong"),
    "the header again": (HEADER, "statement_other_day"),
    "an open quote": (replaced("status", '"success'), "statement_line_not_readable"),
}


@pytest.mark.parametrize(("line", "code"), WRONG.values(), ids=WRONG)
def test_a_line_that_cannot_be_refuses_the_file_and_is_named(line: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(GOOD, line, GOOD)
    assert (caught.value.code, caught.value.details["line"]) == (code, 3)


HEADERS = (
    "",
    HEADER.upper(),
    HEADER.replace(",", ";"),
    HEADER.replace("amount,fee", "fee,amount"),
    HEADER.removesuffix(",reversal_of"),
    f"{HEADER},note",
    GOOD,
)


@pytest.mark.parametrize("header", HEADERS)
def test_other_columns_are_refused(header: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        list(lines_of([f"{header}\n{GOOD}\n".encode()], bank="bni", day=DAY))
    assert (caught.value.code, caught.value.details["line"]) == ("statement_columns_wrong", 1)


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_a_file_of_nothing_is_no_day_without_transfers(content: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        list(lines_of([content], bank="bni", day=DAY))
    assert caught.value.code == "statement_columns_wrong"


def test_a_file_that_was_cut_off_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        read(GOOD, GOOD[:-4], end="")
    assert (caught.value.code, caught.value.details["line"]) == ("statement_cut_off", 3)


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3\x28", "é".encode("latin-1")])
def test_what_is_not_utf8_is_refused_at_its_line(bad: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        list(lines_of([f"{HEADER}\n{GOOD}\n".encode() + bad + b"\n"], bank="bni", day=DAY))
    assert (caught.value.code, caught.value.details["line"]) == ("statement_not_utf8", 3)


def test_a_line_without_end_is_not_gathered_for_ever() -> None:
    endless = (b"9" * LONGEST_LINE_BYTES for _ in range(1_000_000_000))
    with pytest.raises(InvalidInput) as caught:
        list(lines_of(endless, bank="bni", day=DAY))
    assert caught.value.code == "statement_line_too_long"
