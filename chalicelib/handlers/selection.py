"""Doors of selection: no route leads here. Draws follow the clock; results follow draws."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.selection.draw_wave import draw_wave
from chalicelib.use_cases.selection.follow_wave import follow_wave
from chalicelib.use_cases.selection.record_results import record_results

blueprint = Blueprint(__name__)


@blueprint.on_sqs_message(queue=queue_name("waves-to-draw"), batch_size=1, maximum_concurrency=2)
@each_message
def draw_waves(body: dict[str, Any]) -> None:
    draw_wave(WaveNumber(body["wave"]), waves=bootstrap.waves(), draws=bootstrap.draws(), clock=bootstrap.clock())


@blueprint.on_dynamodb_record(stream_arn=stream_arn("waves"), batch_size=100)
@each_change
def follow_waves(change: Change) -> None:
    follow_wave(change, messages=bootstrap.messages())


@blueprint.on_sqs_message(queue=queue_name("results-to-record"), batch_size=1, maximum_concurrency=16)
@each_message
def record_wave_results(body: dict[str, Any]) -> None:
    record_results(WaveNumber(body["wave"]), body["shard"], waves=bootstrap.waves(), draws=bootstrap.draws())
