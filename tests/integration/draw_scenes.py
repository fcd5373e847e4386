"""What happens around a draw that no sample shows: for whoever watches what functions ask for."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib import bootstrap
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.freed_places import class_of
from chalicelib.domain.waves import EntryState, WaveEntry, WaveState
from chalicelib.use_cases.selection.names import draw_record_name
from tests.integration.cast import CAST, CLOSED_WAVE
from tests.integration.samples import sample
from tests.integration.town import NOTHING_FAILED, Town

FITRI = CAST["fitri"]


def _somebody_is_not_drawn(town: Town) -> None:
    _moved(town, before="joined", after="not_chosen")


def _somebody_may_not_have_their_place(town: Town) -> None:
    _moved(town, before="chosen", after="excluded")


def _files_of_a_draw_are_gone(town: Town) -> None:
    """As after 400 days: of the list, then of its order. What was published stays."""
    wave = bootstrap.waves().get(WaveNumber(CLOSED_WAVE))
    assert wave
    bootstrap.waves().save(replace(wave, state=WaveState.FROZEN, frozen_root="00" * 32))
    receipt = town.ask("GET", f"/v1/me/waves/{CLOSED_WAVE}/receipt", token=FITRI.token)
    assert (receipt.status, receipt.body["proof"]) == (200, None)
    (entry,) = bootstrap.waves().entries_of(FITRI.id, [WaveNumber(CLOSED_WAVE)])
    bootstrap.waves().save_entry(replace(entry, state=EntryState.EXCLUDED, reason="blocklist"))
    bootstrap.draw_files().publish(draw_record_name(entry.wave, wave.draw_attempt), [_record_with(entry)])
    town.tell("refill_places", wave=CLOSED_WAVE, applicant_id=FITRI.id)
    assert town.memory.waiting("places-to-refill") == [{"wave": CLOSED_WAVE, "applicant_id": FITRI.id}]


def _record_with(entry: WaveEntry) -> bytes:
    """Of a draw in which somebody waits behind this one."""
    counts = {"entries": 2, "standing": 2, "places": 1, "cut_off": "ff" * 32}
    stratum = {"province": entry.province_code, "group": entry.group, "class": class_of(entry), **counts}
    return json.dumps({"seed": "00" * 32, "wave": int(entry.wave), "strata": [stratum]}).encode() + b"\n"


def _moved(town: Town, *, before: str, after: str) -> None:
    event = sample("streams", "follow_waves", "good")
    change = event["Records"][0]["dynamodb"]
    change["OldImage"]["state"], change["NewImage"]["state"] = {"S": before}, {"S": after}
    assert town.call("follow_waves", event) == NOTHING_FAILED


DRAW_SCENES: Sequence[Callable[[Town], None]] = (
    _somebody_is_not_drawn,
    _somebody_may_not_have_their_place,
    _files_of_a_draw_are_gone,
)
