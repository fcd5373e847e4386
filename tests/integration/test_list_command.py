"""The command that loads a list: what it uploads, what it follows, and what it says at the end."""

from pathlib import Path

import pytest

from chalicelib.domain.known_lists import list_named
from chalicelib.domain.lists import LARGEST_FILE_BYTES
from infra.lists import LoadFailed, followed, told, upload
from tests.integration import listing
from tests.integration.town import Town

BLOCKLIST = list_named("BLOCKLIST")


def a_file(folder: Path, *lines: str, end: str = "\n") -> Path:
    path = folder / "daftar hitam (1).csv"
    path.write_text("\n".join([listing.HEADER, *lines]) + end)
    return path


def test_a_file_is_uploaded_and_followed_to_its_end(town: Town, tmp_path: Path) -> None:
    lines = [listing.a_line(listing.somebody(number), "blocklist") for number in range(1, 4)]
    key = upload(a_file(tmp_path, *lines), BLOCKLIST, loader="ani", body="INSPEKTORAT")
    town.settle()
    version = followed(BLOCKLIST.name, key, wait_seconds=5)
    assert key.endswith("-daftar-hitam--1-.csv")
    assert (version.upload.loader, version.upload.body, version.upload.stated_lines) == ("ani", "INSPEKTORAT", 3)
    assert {name: told(version)[name] for name in ("state", "lines", "people", "added")} == {
        "state": "checked",
        "lines": 3,
        "people": 3,
        "added": 3,
    }


@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_are_counted_as_the_platform_counts_them(town: Town, tmp_path: Path, end: str) -> None:
    key = upload(a_file(tmp_path, listing.a_line(listing.somebody(1), "blocklist"), end=end), BLOCKLIST, loader="ani")
    town.settle()
    version = followed(BLOCKLIST.name, key, wait_seconds=5)
    assert (version.state, version.upload.stated_lines) == ("checked", 1)


def test_a_refusal_is_told_in_words(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("<html>Sesi Anda berakhir</html>")
    key = upload(path, BLOCKLIST, loader="ani")
    town.settle()
    found = told(followed(BLOCKLIST.name, key, wait_seconds=5))
    assert (found["state"], found["reason"]) == ("refused", "list_file_is_html")
    assert found["reason_told"] == "This file is a web page (HTML), no list."


def test_a_load_that_does_not_end_is_not_waited_for_for_ever(town: Town, tmp_path: Path) -> None:
    key = upload(a_file(tmp_path), BLOCKLIST, loader="ani")
    with pytest.raises(LoadFailed):
        followed(BLOCKLIST.name, key, wait_seconds=0)


def test_what_is_too_large_is_not_uploaded(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES + 1)
    with pytest.raises(LoadFailed):
        upload(path, BLOCKLIST, loader="ani")
