"""What ``DrawWorks`` promises: one work for each wave, moved on by one at a time."""

import pytest

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import DrawWork, go_on
from chalicelib.ports import DrawWorks
from tests.contract.stores.fresh import fresh
from tests.fakes.surroundings import NOON


def test_a_work_comes_back_as_it_was(draw_works: DrawWorks) -> None:
    number = WaveNumber(fresh())
    assert draw_works.get(number) is None
    work = DrawWork(number, pieces=3, began_at=NOON, run=2, attempt=4)
    draw_works.save(work)
    found = draw_works.get(number)
    assert found
    assert (found.pieces, found.run, found.attempt, found.state, found.version) == (3, 2, 4, work.state, 1)


def test_of_two_who_move_it_one_is_late(draw_works: DrawWorks) -> None:
    number = WaveNumber(fresh())
    draw_works.save(DrawWork(number, pieces=1, began_at=NOON))
    found = draw_works.get(number)
    assert found
    draw_works.save(go_on(found, pieces=2, now=NOON))
    with pytest.raises(StaleWrite):
        draw_works.save(go_on(found, pieces=2, now=NOON))
    with pytest.raises(StaleWrite):
        draw_works.save(DrawWork(number, pieces=1, began_at=NOON))
