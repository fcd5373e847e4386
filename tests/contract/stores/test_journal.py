"""What ``Journal`` promises: what lies there stays, and is found in order; a sketch may be drawn anew."""

import pytest

from chalicelib.ports import Journal
from tests.contract.stores.fresh import fresh


@pytest.fixture
def folder() -> str:
    return f"postings/{fresh():06d}/"


def test_what_lies_there_stays(journal: Journal, folder: str) -> None:
    assert journal.keep(f"{folder}a", b"first") == b"first"
    assert journal.keep(f"{folder}a", b"second") == b"first"
    assert journal.read(f"{folder}a") == b"first"


def test_what_is_not_there_is_nothing(journal: Journal, folder: str) -> None:
    assert journal.read(f"{folder}a") is None
    assert journal.sketched(f"{folder}a") is None
    assert list(journal.names(folder)) == []


def test_names_come_in_order_from_where_one_was(journal: Journal, folder: str) -> None:
    for name in ("b", "c", "a"):
        journal.keep(folder + name, b"")
    assert list(journal.names(folder)) == [f"{folder}a", f"{folder}b", f"{folder}c"]
    assert list(journal.names(folder, after=f"{folder}a")) == [f"{folder}b", f"{folder}c"]


def test_a_sketch_may_be_drawn_anew_and_is_no_part_of_the_journal(journal: Journal, folder: str) -> None:
    journal.sketch(f"{folder}a", b"first")
    journal.sketch(f"{folder}a", b"second")
    assert journal.sketched(f"{folder}a") == b"second"
    assert journal.read(f"{folder}a") is None
