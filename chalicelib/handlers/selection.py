"""Doors of selection: no route leads here. Lists and draws follow the clock; results follow draws."""

from collections.abc import Sequence
from typing import Any

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import Phase
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import all_changes, each_change
from chalicelib.observability import count, log
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.selection.follow_wave import follow_wave

blueprint = Blueprint(__name__)

_FEED_SECONDS = 60
"""How long entries are gathered into one file: few files while people trickle in, and none is late for the list."""


@blueprint.on_dynamodb_record(
    stream_arn=stream_arn("waves"), batch_size=5000, maximum_batching_window_in_seconds=_FEED_SECONDS
)
@all_changes
def feed_draws(changes: Sequence[Change], batch: str) -> None:
    from chalicelib.use_cases.selection.feed_entries import feed_entries

    for change in feed_entries(changes, batch=batch, files=bootstrap.draw_files()):
        log().error("entry_not_readable", extra={"function": "feed_draws", "id": change.id})
        count("ChangeDropped", function="feed_draws", code="entry_not_readable")


@blueprint.on_sqs_message(queue=queue_name("draw-steps-to-take"), batch_size=1, maximum_concurrency=20)
@each_message
def take_draw_steps(body: dict[str, Any]) -> None:
    """A tick of the clock for a wave, or one piece of its freezing or drawing. What needs numpy is imported here: other
    functions of this module do not."""
    from chalicelib.use_cases.selection.advance_draw import advance_draw
    from chalicelib.use_cases.selection.desk import DrawDesk
    from chalicelib.use_cases.selection.take_draw_step import DrawStep, take_draw_step

    desk = DrawDesk(
        waves=bootstrap.waves(),
        works=bootstrap.draw_works(),
        files=bootstrap.draw_files(),
        places=bootstrap.places(),
        beacon=bootstrap.beacon(),
        signer=bootstrap.receipt_signer(),
        clock=bootstrap.clock(),
    )
    if "phase" not in body:
        return advance_draw(WaveNumber(body["wave"]), desk, bootstrap.messages())
    phase = Phase(body["phase"])
    take_draw_step(DrawStep(WaveNumber(body["wave"]), body["run"], body["attempt"], phase, body["piece"]), desk)


@blueprint.on_dynamodb_record(stream_arn=stream_arn("waves"), batch_size=100)
@each_change
def follow_waves(change: Change) -> None:
    follow_wave(change, messages=bootstrap.messages())
