"""Freezing and drawing, killed after every call, asked twice, late and out of order: one list, one draw."""

import random
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.errors import Rejected, StaleWrite, Unavailable
from chalicelib.domain.selection.work import DrawWork, Phase, PieceSizes
from chalicelib.domain.waves import WaveEntry, WaveState
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.feed_entries import feed_entries
from chalicelib.use_cases.selection.follow_wave import draw_step, follow_wave
from chalicelib.use_cases.selection.plan_gathering import plan_gathering
from chalicelib.use_cases.selection.take_draw_step import DrawStep, take_draw_step
from tests.builders import an_entry
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.selection import drawing
from tests.unit.use_cases.selection.drawing import NUMBER, closed, desk_of, wave_of

PEOPLE = 24
CONDITIONS: dict[str, Any] = {"quota": 8, "reserved_permille": {"women": 500}}


def joined_entries() -> list[WaveEntry]:
    return [
        an_entry(number, province_code="31" if number % 3 else "11", is_woman=number % 4 == 0)
        for number in range(PEOPLE)
    ]


def joined(*, fed: int = PEOPLE, feed_in: int = 1_000) -> World:
    entries = joined_entries()
    return closed(entries, fed=entries[:fed], feed_in=feed_in, **CONDITIONS)


def frozen() -> World:
    world = joined()
    wave = drawing.freeze(world)
    world.clock.moves_to(wave.drawn_from + timedelta(seconds=1))
    return world


def go_all_the_way(world: World) -> None:
    drawing.tick(world)
    drawing.take_all_steps(world)


def look(world: World) -> object:
    """Moments differ: a list that comes late names a later value. Everything else is the same."""
    wave = wave_of(world)
    lists = {code: world.draw_files.read(names.list_name(NUMBER, code)) for code in ("11", "31")}
    published = world.draw_files.published_names()
    return (wave.state, wave.frozen_root, wave.entries, wave.awards, lists, published)


@pytest.mark.parametrize("fed", [PEOPLE, PEOPLE - 3])
def test_freezing_survives_every_accident(fed: int) -> None:
    assert_survives_every_accident(Workflow(lambda: joined(fed=fed), go_all_the_way, look))


def test_drawing_survives_every_accident_and_comes_to_the_same_winners() -> None:
    def drawn(world: World) -> object:
        return look(world), [
            world.draw_files.read(names.winners_name(NUMBER, 1, province)) for province in ("11", "31")
        ]

    assert_survives_every_accident(Workflow(frozen, go_all_the_way, drawn))


def test_drawn_three_times_is_drawn_once() -> None:
    assert_twice_is_once(Workflow(frozen, go_all_the_way, lambda world: drawing.bundle_of(world)))


@pytest.mark.parametrize("most_rows", [None, 7])
@pytest.mark.parametrize("seed", range(15))
def test_messages_doubled_late_and_out_of_order_make_one_draw(seed: int, most_rows: int | None) -> None:
    """As queues do it: each is delivered up to five times, at any moment, long after its phase as well. With one piece
    a phase, and with several; some people are missing in the feed, so that it is gathered twice."""
    chance, world, plain = random.Random(seed), joined(fed=PEOPLE - seed % 3, feed_in=5), joined()
    drawing.draw(plain)
    _let_queues_work(world, chance, most_rows)
    wave = wave_of(world)
    world.clock.moves_to(wave.drawn_from + timedelta(seconds=1))
    _let_queues_work(world, chance, most_rows)
    assert look(world) == look(plain)
    assert drawing.bundle_of(world) == drawing.bundle_of(plain)


def test_of_two_plans_of_one_run_the_first_stands() -> None:
    """Two ticks at once, and in between the stream brought more: later phases count the pieces of one plan."""
    world, plain = joined(fed=PEOPLE - 10, feed_in=5), joined()
    drawing.freeze(plain)
    drawing.tick(world, 7)
    late = [drawing.told(each) for each in joined_entries()[-10:]]
    feed_entries(late, batch="late", files=world.draw_files)
    plan_gathering(NUMBER, 1, files=world.draw_files, sizes=PieceSizes(gathered=7))
    drawing.take_all_steps(world, most_rows=7)
    assert wave_of(world).frozen_root == wave_of(plain).frozen_root


def _let_queues_work(world: World, chance: random.Random, most_rows: int | None) -> None:
    drawing.tick(world, most_rows)
    waiting: list[DrawStep] = []
    told = None
    for _ in range(2_000):
        work = world.draw_works.get(NUMBER)
        assert work
        if work.state in (Phase.SEALED, Phase.DONE) and not waiting:
            return
        if told != (work.state, work.run):
            told = (work.state, work.run)
            waiting += _steps(work) * chance.randrange(1, 6)
        if waiting:
            _deliver(waiting.pop(chance.randrange(len(waiting))), world, most_rows)
    raise AssertionError("the work does not end")


def _steps(work: DrawWork) -> list[DrawStep]:
    return [DrawStep(work.wave, work.run, work.attempt, work.state, piece) for piece in range(work.pieces)]


def _deliver(step: DrawStep, world: World, most_rows: int | None) -> None:
    try:
        take_draw_step(step, desk_of(world, most_rows))
    except (Unavailable, StaleWrite, Rejected) as fault:
        raise AssertionError(fault) from fault


def test_a_work_that_stands_still_is_asked_for_again() -> None:
    """Its messages lie among dead letters."""
    world = joined()
    drawing.tick(world)
    world.clock.passes(minutes=31)
    drawing.tick(world)
    work = world.draw_works.get(NUMBER)
    assert work
    assert world.messages.on(Queue.DRAW_STEPS_TO_TAKE) == [draw_step(work, 0)]


def test_each_phase_is_asked_for_piece_by_piece() -> None:
    world = joined()
    facts: dict[str, str | int] = {"wave": 1, "run": 2, "draw_attempt": 1, "pieces": 3}
    follow_wave(Change("draw_work", "000001", "gather", "lists", facts), messages=world.messages)
    sent = world.messages.on(Queue.DRAW_STEPS_TO_TAKE)
    assert [each["piece"] for each in sent] == [0, 1, 2]
    assert {(each["run"], each["attempt"], each["phase"]) for each in sent} == {(2, 1, "lists")}
    follow_wave(Change("draw_work", "000001", "seal", "sealed", facts | {"pieces": 0}), messages=world.messages)
    assert len(world.messages.on(Queue.DRAW_STEPS_TO_TAKE)) == 3


def test_a_draw_that_is_asked_for_again_is_the_same_and_no_other() -> None:
    world = frozen()
    go_all_the_way(world)
    bundle, wave = drawing.bundle_of(world), wave_of(world)
    world.clock.passes(minutes=600)
    drawing.tick(world)
    assert (drawing.bundle_of(world), wave_of(world)) == (bundle, wave)
    assert wave.state is WaveState.DRAWN
