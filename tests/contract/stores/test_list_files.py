"""What ``ListFiles`` promises: a file as it came, and what is made of it, without NIKs and addresses in the clear."""

import gzip
from collections.abc import Callable

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.errors import Conflict, StoreUnavailable
from chalicelib.domain.identifiers import Index
from chalicelib.domain.list_rows import Flaw, ListRow
from chalicelib.ports import ListFiles
from chalicelib.settings import resource_name
from tests.contract.stores.fresh import fresh
from tests.fakes import FakeListFiles

Drop = Callable[..., None]


def _drop(object_key: str, content: bytes, **notes: str) -> None:
    boto3.client("s3").put_object(Bucket=resource_name("files"), Key=object_key, Body=content, Metadata=notes)


@pytest.fixture(params=["fake", "moto"])
def desk(request: pytest.FixtureRequest) -> tuple[ListFiles, Drop]:
    """Files, and a way to drop one."""
    if request.param == "fake":
        fake = FakeListFiles()
        return fake, fake.receives
    request.getfixturevalue("deployed")
    return bootstrap.list_files(), _drop


def a_key() -> str:
    return f"lists/incoming/BSU/file {fresh()}.csv"


def test_a_file_is_known_with_its_sender(desk: tuple[ListFiles, Drop]) -> None:
    files, drop = desk
    key = a_key()
    drop(key, b"x" * 100, loader="ani", body="KEMNAKER")
    upload = files.upload(key)
    assert upload is not None
    assert (upload.object_key, upload.size_bytes, upload.loader, upload.body) == (key, 100, "ani", "KEMNAKER")
    assert upload == files.upload(key)


def test_who_sends_a_file_without_a_word_is_the_bucket(desk: tuple[ListFiles, Drop]) -> None:
    files, drop = desk
    key = a_key()
    drop(key, b"x")
    upload = files.upload(key)
    assert upload is not None
    assert (upload.loader, upload.stated_lines) == ("bucket", 0)


def test_there_is_no_file_where_none_was_dropped(desk: tuple[ListFiles, Drop]) -> None:
    assert desk[0].upload(a_key()) is None


def test_a_file_is_read_in_pieces(desk: tuple[ListFiles, Drop]) -> None:
    files, drop = desk
    key = a_key()
    drop(key, b"0123456789")
    upload = files.upload(key)
    assert upload is not None
    assert [files.read(upload, start=start, length=4) for start in (0, 4, 8)] == [b"0123", b"4567", b"89"]


def test_another_file_in_its_place_is_not_taken_for_it(desk: tuple[ListFiles, Drop]) -> None:
    files, drop = desk
    key = a_key()
    drop(key, b"0123456789")
    upload = files.upload(key)
    assert upload is not None
    drop(key, b"9876543210")
    with pytest.raises(Conflict):
        files.read(upload, start=0, length=4)


def rows(count: int) -> list[ListRow]:
    return [
        ListRow(Index(f"1.{n:043d}"), n, "laid_off", "2026-01-01", "", "", f"{n}@contoh.example") for n in range(count)
    ]


def test_rows_come_back_in_order_and_replace_those_before(desk: tuple[ListFiles, Drop]) -> None:
    files, _ = desk
    name = f"work/BSU/{fresh():06d}/piece-0000-00"
    for count in (5, 3, 0):
        files.write_rows(name, iter(rows(count)))
        assert list(files.rows(name)) == rows(count)


def test_flaws_come_back_in_order(desk: tuple[ListFiles, Drop]) -> None:
    files, _ = desk
    name = f"versions/BSU/{fresh():06d}/flaws-read-0000"
    flaws = [Flaw(2, "nik", "number_not_16_digits", {"other": 1}, "3174****"), Flaw(3, "line", "list_line_columns")]
    files.write_flaws(name, flaws)
    assert list(files.flaws(name)) == flaws


def test_what_was_not_written_is_missed(desk: tuple[ListFiles, Drop]) -> None:
    with pytest.raises(StoreUnavailable):
        list(desk[0].rows("work/BSU/999999/piece-0000-00"))


@pytest.mark.usefixtures("deployed")
def test_no_address_lies_in_the_bucket_in_the_clear() -> None:
    name = f"work/LAID_OFF/{fresh():06d}/piece-0000-00"
    bootstrap.list_files().write_rows(name, rows(3))
    lies = boto3.client("s3").get_object(Bucket=resource_name("files"), Key=f"lists/{name}")["Body"].read()
    assert b"contoh" not in gzip.decompress(lies)
