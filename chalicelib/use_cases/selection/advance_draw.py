"""What the clock and its moves ask of a wave: to publish its conditions or an annulment, to begin to freeze its list or
to draw it, and to look after what was begun."""

from contextlib import suppress
from datetime import timedelta

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import DrawWork, Phase, draw_again
from chalicelib.domain.waves import Wave, WaveEvent, WaveState, due_event
from chalicelib.ports import Messages
from chalicelib.use_cases.selection.desk import DrawDesk, done_name
from chalicelib.use_cases.selection.follow_wave import draw_step
from chalicelib.use_cases.selection.plan_gathering import plan_gathering
from chalicelib.use_cases.selection.publish_annulment import publish_annulment
from chalicelib.use_cases.selection.publish_conditions import publish_conditions
from chalicelib.use_cases.selection.take_draw_step import finish_phase

_READ_BEFORE_JOINING = (WaveState.APPROVED, WaveState.OPEN)
_PATIENCE = timedelta(minutes=30)
"""A piece takes five minutes at most, and is tried five times."""


def advance_draw(number: WaveNumber, desk: DrawDesk, messages: Messages) -> None:
    """However often it is asked: a work that was begun goes on by itself."""
    wave, work = desk.waves.get(number), desk.works.get(number)
    if wave is None:
        return
    with suppress(StaleWrite):
        wave = _published(wave, desk)
        event = due_event(wave, desk.clock.now())
        if work is None and event is WaveEvent.FREEZE:
            pieces = plan_gathering(number, 1, files=desk.files, sizes=desk.sizes)
            desk.works.save(DrawWork(number, pieces, began_at=desk.clock.now()))
        elif work is not None and event is WaveEvent.DRAW and _may_begin(work, wave):
            desk.works.save(draw_again(work, attempt=wave.draw_attempt, now=desk.clock.now()))
    if work is not None and desk.clock.now() - work.began_at > _PATIENCE:
        _look_after(work, desk, messages)


def _published(wave: Wave, desk: DrawDesk) -> Wave:
    """Before anything else is done: what everybody must be able to read first."""
    if wave.state in _READ_BEFORE_JOINING:
        publish_conditions(wave, desk)
    if wave.state is WaveState.FROZEN and wave.draw_attempt > 1:
        return publish_annulment(wave, desk)
    return wave


def _may_begin(work: DrawWork, wave: Wave) -> bool:
    return work.state is Phase.SEALED or (work.state is Phase.DONE and work.attempt < wave.draw_attempt)


def _look_after(work: DrawWork, desk: DrawDesk, messages: Messages) -> None:
    """A phase that stands still: its pieces that are not done are asked for again (dead letters lie with an alarm)."""
    if work.state in (Phase.SEALED, Phase.DONE):
        return
    missing = [piece for piece in range(work.pieces) if desk.files.size(done_name(work, work.state, piece)) is None]
    if missing:
        messages.send(Queue.DRAW_STEPS_TO_TAKE, *(draw_step(work, piece) for piece in missing))
    else:
        finish_phase(work, desk)
