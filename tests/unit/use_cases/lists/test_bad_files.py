"""What is no list is refused in words that say what it is; nothing of it can be looked up."""

import gzip
import zipfile
from io import BytesIO

import pytest

from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.lists import LARGEST_FILE_BYTES, MOST_FLAWS_KEPT, VersionState
from tests.builders import a_nik
from tests.fakes import World
from tests.unit.use_cases.lists.office import HEADER, Office, a_file, a_line

GOOD = a_file(range(1, 101))


@pytest.fixture
def office() -> Office:
    return Office(World())


def zipped(content: bytes) -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("bsu.csv", content)
    return archive.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "list_file_empty"),
        (b"\xef\xbb\xbf\r\n \n", "list_file_empty"),
        (HEADER.encode(), "list_file_empty"),
        (HEADER.encode() + b"\n\n\n\n", "list_file_empty"),
        (b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "list_file_is_html"),
        (b'  \n<?xml version="1.0"?><error/>', "list_file_is_html"),
        (zipped(GOOD), "list_file_not_csv"),
        (zipped(b"0" * 50_000_000), "list_file_not_csv"),  # a bomb is not opened
        (gzip.compress(GOOD), "list_file_not_csv"),
        (b"%PDF-1.7\n" + GOOD, "list_file_not_csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + GOOD, "list_file_not_csv"),
        (GOOD.decode().encode("utf-16"), "list_file_not_utf8"),
        (GOOD.replace(b"3174015203950001", b"31740152\xe9950001"), "list_file_not_utf8"),
        (GOOD.replace(b",", b"\t"), "list_header_wrong"),
        (GOOD.partition(b"\n")[2], "list_header_wrong"),
        (GOOD.replace(b"nik,", b"nik,nama,", 1), "list_header_wrong"),
        (GOOD.replace(b"nik,", b"nik,nik,", 1), "list_header_wrong"),
        (b'{"data": []}', "list_header_wrong"),
        (b"\0" * 100_000, "list_header_wrong"),
        (b"x" * 100_000, "list_header_wrong"),
        (GOOD[:-5], "list_file_truncated"),
        (GOOD[:-25], "list_file_truncated"),
        (b"\n".join([HEADER.encode(), *[b"3174,wage_subsidy,2026-01-01,"] * 100, b""]), "list_too_many_flaws"),
    ],
    ids=range(23),
)
def test_what_is_no_list_is_refused(office: Office, content: bytes, reason: str) -> None:
    version = office.loads(content)
    assert (version.state, version.reason) == (VersionState.REFUSED, reason)
    assert not office.world.list_entries.all()


@pytest.mark.parametrize("place", range(0, 3600, 97))
def test_a_file_cut_anywhere_is_refused_or_lacks_its_last_lines(place: int) -> None:
    """Never is a cut line taken for a person. How many lines there were, only the sender can say."""
    office = Office(World())
    version = office.loads(GOOD[:-place] if place else GOOD, stated_lines=100)
    if place:
        assert version.reason in {"list_file_truncated", "list_header_wrong", "list_file_empty"}
        assert not office.world.list_entries.all()


def test_a_file_that_is_too_large_is_not_even_read(office: Office) -> None:
    version = office.loads(GOOD, size_bytes=LARGEST_FILE_BYTES + 1)
    assert (version.state, version.reason) == (VersionState.REFUSED, "list_file_too_large")
    assert "list_files.read" not in office.world.trouble.calls


def test_a_line_without_end_is_refused_within_a_piece() -> None:
    office = Office(World(), piece_bytes=4_096)
    version = office.loads(HEADER.encode() + b"\n" + b"x" * 1_000_000)
    assert (version.state, version.reason) == (VersionState.REFUSED, "list_file_not_csv")


def test_a_file_that_changes_while_it_is_loaded_is_refused() -> None:
    office = Office(World(), piece_bytes=500)
    key = office.drops(GOOD)
    office.receives(key)
    office.takes_step()
    office.world.list_files.receives(key, a_file(range(200, 300)))
    office.takes_step()
    assert (office.newest().state, office.newest().reason) == (VersionState.REFUSED, "list_file_replaced")


def test_a_bad_piece_late_in_the_file_leaves_nothing_behind() -> None:
    office = Office(World(), piece_bytes=500)
    version = office.loads(GOOD + b"\xff\xfe\n")
    assert (version.reason, version.reason_details["line"]) == ("list_file_not_utf8", 102)
    assert not office.world.list_entries.all()


@pytest.mark.parametrize("key", ["lists/incoming/BANSOS/a.csv", "lists/incoming/a.csv", "uploads/x", "lists/a/BSU/b/c"])
def test_a_file_for_no_list_of_ours_is_dropped(office: Office, key: str) -> None:
    with pytest.raises(InvalidInput):
        office.receives(key)


def test_a_file_that_is_gone_is_dropped(office: Office) -> None:
    with pytest.raises(NotFound):
        office.receives("lists/incoming/BSU/gone.csv")


def test_the_first_thousand_flaws_are_kept_over_all_pieces() -> None:
    office = Office(World(), piece_bytes=5_000)
    content = a_file(range(1, 101)) + b"3174,wage_subsidy,2026-01-01,\n" * 2_000
    version = office.loads(content)
    assert (version.reason, version.counts.flaws, version.flaws_kept) == ("list_too_many_flaws", 2_000, MOST_FLAWS_KEPT)
    flaws = office.world.list_files.flaws(version.flaws_name)
    assert [flaw.line for flaw in flaws] == list(range(102, 1_102))


def test_contradictory_lines_are_not_believed_and_what_stood_before_stays(office: Office) -> None:
    office.loads(a_file(range(1, 101)))
    office.activates()
    twice = [a_line(1), a_line(1, until="2026-12-31"), a_line(200), a_line(200, since="2026-02-01")]
    content = "\n".join([HEADER, *(a_line(number) for number in range(2, 201)), *twice]).encode()
    version = office.loads(content)
    flaws = office.world.list_files.flaws(version.flaws_name)
    assert [(flaw.line, flaw.code, flaw.details) for flaw in flaws] == [
        (202, "list_line_contradicts", {"other": 201}),
        (204, "list_line_contradicts", {"other": 200}),
    ]
    assert version.counts.duplicates == 1
    office.activates()
    assert (office.sees(1), office.sees(199), office.sees(200)) == (["BSU wage_subsidy"], ["BSU wage_subsidy"], [])


def test_who_stood_before_is_not_taken_off_by_a_line_that_cannot_be(office: Office) -> None:
    office.loads(a_file(range(1, 101)))
    office.activates()
    lines = [a_line(number) for number in range(2, 101)]
    content = "\n".join([HEADER, a_line(1, since="2026-13-01"), *lines]).encode()
    version = office.loads(content)
    assert (version.counts.flaws, version.counts.removed) == (1, 0)
    office.activates()
    assert office.sees(1) == ["BSU wage_subsidy"]


def test_a_flaw_shows_no_nik(office: Office) -> None:
    nik = a_nik(1)
    office.loads(a_file(range(2, 101)) + f"{nik[:12]}0000,wage_subsidy,2026-01-01,\n".encode())
    (flaw,) = office.world.list_files.flaws(office.newest().flaws_name)
    assert (flaw.code, flaw.shown) == ("number_serial_impossible", f"{nik[:4]}********0000")
    assert nik[:12] not in repr(flaw)
