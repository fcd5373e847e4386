"""What ``DrawFiles`` promises: files to work in, and published ones that nobody changes."""

import hashlib
import os

import pytest

from chalicelib.domain.errors import Misconfigured, NotFound
from chalicelib.ports import DrawFiles
from tests.contract.stores.fresh import fresh


def a_name() -> str:
    return f"work/wave-{fresh():06d}/feed/1.rows"


def test_a_file_is_read_as_it_was_written_last(draw_files: DrawFiles) -> None:
    name = a_name()
    draw_files.write(name, b"first")
    draw_files.write(name, b"second")
    assert (draw_files.read(name), draw_files.size(name)) == (b"second", 6)


def test_what_was_never_written_is_not_there(draw_files: DrawFiles) -> None:
    name = a_name()
    with pytest.raises(NotFound):
        draw_files.read(name)
    assert draw_files.size(name) is None
    assert draw_files.published(name) is None


def test_parts_are_read_up_to_the_end_and_nothing_beyond(draw_files: DrawFiles) -> None:
    name = a_name()
    draw_files.write(name, b"0123456789")
    assert draw_files.read_part(name, start=2, length=3) == b"234"
    assert draw_files.read_part(name, start=8, length=9) == b"89"
    assert draw_files.read_part(name, start=10, length=5) == b""
    assert draw_files.read_part(name, start=0, length=0) == b""


def test_what_is_kept_first_stands(draw_files: DrawFiles) -> None:
    name = a_name()
    assert draw_files.keep(name, b"first") == b"first"
    assert draw_files.keep(name, b"second") == draw_files.read(name) == b"first"


@pytest.mark.parametrize("pieces", [0, 1, 17])
def test_what_is_too_large_to_hold_is_written_in_parts(draw_files: DrawFiles, pieces: int) -> None:
    name, piece = a_name(), os.urandom(1024 * 1024)
    draw_files.write_parts(name, iter([piece] * pieces))
    assert draw_files.read(name) == piece * pieces


def test_a_copy_is_the_same_file_under_another_name(draw_files: DrawFiles) -> None:
    name, other = a_name(), a_name()
    draw_files.write(name, b"list")
    draw_files.copy(name, to=other)
    assert draw_files.read(other) == b"list"


def test_names_come_in_order_and_those_of_others_do_not(draw_files: DrawFiles) -> None:
    folder = f"work/wave-{fresh():06d}/feed/"
    for name in ("b", "a", "c"):
        draw_files.write(folder + name, b"")
    draw_files.write(a_name(), b"")
    assert list(draw_files.names(folder)) == [folder + name for name in "abc"]


def test_a_published_file_stands_for_ever(draw_files: DrawFiles) -> None:
    name = f"wave-{fresh():06d}/draw-1.bundle"
    digest = draw_files.publish(name, [b"the ", b"draw"])
    assert digest == hashlib.sha256(b"the draw").hexdigest()
    assert draw_files.publish(name, [b"the draw"]) == digest
    for other in (b"the dra", b"the draw!", b"another", b""):
        with pytest.raises(Misconfigured):
            draw_files.publish(name, [other])
    assert draw_files.published(name) == b"the draw"


def test_a_large_file_is_published_in_parts(draw_files: DrawFiles) -> None:
    name, piece = f"wave-{fresh():06d}/draw-1.bundle", os.urandom(1024 * 1024)
    digest = draw_files.publish(name, iter([piece] * 17))
    assert digest == hashlib.sha256(piece * 17).hexdigest()
    assert draw_files.publish(name, iter([piece] * 17)) == digest
    with pytest.raises(Misconfigured):
        draw_files.publish(name, iter([piece] * 16))
    assert hashlib.sha256(draw_files.published(name) or b"").hexdigest() == digest


def test_what_is_settled_first_stands(draw_files: DrawFiles) -> None:
    name = f"wave-{fresh():06d}/frozen-list.txt"
    assert draw_files.settle(name, b"first") == b"first"
    assert draw_files.settle(name, b"second") == b"first"
    assert draw_files.published(name) == b"first"


def test_anybody_can_fetch_a_published_file(draw_files: DrawFiles) -> None:
    name = f"wave-{fresh():06d}/draw-1.bundle"
    draw_files.publish(name, [b"draw"])
    assert name in draw_files.download_url(name)
