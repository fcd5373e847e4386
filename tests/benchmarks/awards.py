"""What one award takes of Amazon, from the announced draw to the recipient, counted on moto; and what a wave costs.

Only the application's own calls: receiving and deleting is Lambda's, and is in the dollars. Mails are not: what a mail
costs stands in docs/cost.md.
"""

import base64
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import boto3

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, move_entry, shard_of
from infra import prices
from infra.local.moto_engine import MotoEngine
from infra.local.stack import deploy
from tests.benchmarks.calls import _SETTINGS, _handle, _put_keys
from tests.benchmarks.figure import Figure
from tests.benchmarks.metering import Meter, metered
from tests.benchmarks.registration import forget_clients
from tests.builders import a_verified_applicant, a_wave, an_applicant_id, an_entry
from tests.drawn import drawn_wave

PEOPLE, PLACES, EXCLUDED = 60, 30, 10
AWARDS_A_BATCH = 5
RECIPIENTS, NOT_CHOSEN = 164_000, 1_300_000
PAGE = 500
_SECONDS_A_CALL = 0.006
_GB = 0.5
NUMBER = WaveNumber(1)


def award_calls() -> Iterator[Figure]:
    engine = MotoEngine()
    engine.start()
    try:
        os.environ.update({**_SETTINGS, **engine.environment})
        forget_clients()
        deploy("local")
        _put_keys()
        _put_signing_key()
        results, awards, refills = _awarded()
    finally:
        engine.stop()
        forget_clients()
    yield from _stated("result", results, PEOPLE)
    yield from _stated("award", awards, PLACES - EXCLUDED)
    yield from _stated("refill", refills, EXCLUDED)
    dollars = _dollars(awards, PLACES - EXCLUDED)
    print(dict(awards.calls), dict(refills.calls), dict(results.calls), file=sys.stderr)
    yield Figure("award_dollars", dollars * RECIPIENTS, 1.0, f"USD for {RECIPIENTS:,} awards, without mail", None)
    recorded = (_dollars(results, PEOPLE) - _message()) * (RECIPIENTS + NOT_CHOSEN)
    yield Figure("result_dollars", recorded, 1.0, f"USD for {RECIPIENTS + NOT_CHOSEN:,} results, without mail", None)
    hundredth = _dollars(refills, EXCLUDED) * RECIPIENTS / 100
    yield Figure("refill_dollars", hundredth, 1.0, "USD when one of a hundred falls free", None)


def _stated(name: str, meter: Meter, count: int) -> Iterator[Figure]:
    yield Figure(f"{name}_calls", meter.made / count, 1.0, "calls", None)
    yield Figure(f"{name}_write_units", meter.write_units / count, 1.0, "write units", None)
    yield Figure(f"{name}_read_units", meter.read_units / count, 1.0, "read units", None)


def _awarded() -> tuple[Meter, Meter, Meter]:
    """Results are recorded as a page of 500 has them: what is done once a page counts once in 500."""
    from chalicelib import bootstrap
    from chalicelib.handlers.membership import make_awards
    from chalicelib.handlers.results import refill_places

    entries = [an_entry(number) for number in range(1, PEOPLE + 1)]
    drawn_wave(a_wave(), entries, {"31": PLACES}, waves=bootstrap.waves(), files=bootstrap.draw_files())
    for number in range(1, PEOPLE + 1):
        bootstrap.applicants().save(a_verified_applicant(number))
    results = _recorded(entries)
    chosen = [entry for entry in _entries() if entry.state is EntryState.CHOSEN]
    make_awards_of(chosen[:AWARDS_A_BATCH], make_awards)  # clients, keys: once in an environment's life
    with metered() as awards:
        make_awards_of(chosen[AWARDS_A_BATCH : PLACES - EXCLUDED + AWARDS_A_BATCH], make_awards)
    excluded = chosen[-EXCLUDED:]
    for entry in excluded:
        found = bootstrap.waves().entries_of(entry.applicant_id, [NUMBER])[0]
        if found.state is EntryState.CHOSEN:
            bootstrap.waves().save_entry(move_entry(found, EntryEvent.EXCLUDE, reason="blocklist"))
    with metered() as refills:
        for entry in excluded:
            _tell("places-to-refill", refill_places, [{"wave": 1, "applicant_id": entry.applicant_id}])
    return results, awards, refills


def _recorded(entries: Sequence[WaveEntry]) -> Meter:
    from chalicelib.handlers.results import record_wave_results

    shards = sorted({shard_of(entry.applicant_id) for entry in entries})
    with metered() as meter:
        for shard in shards:
            _tell("results-to-record", record_wave_results, [{"wave": 1, "shard": shard}])
    pages = PEOPLE / PAGE
    once = Counter({operation: times * pages / len(shards) for operation, times in meter.calls.items()})
    once["PutItem"] = meter.calls["PutItem"]
    reads = meter.queried_units + once["GetItem"]
    return Meter(once, meter.write_units, reads)


def _entries() -> list[WaveEntry]:
    from chalicelib import bootstrap

    found = [bootstrap.waves().entries_of(an_applicant_id(number), [NUMBER]) for number in range(1, PEOPLE + 1)]
    return [entry for each in found for entry in each]


def make_awards_of(entries: Sequence[WaveEntry], function: object) -> None:
    for start in range(0, len(entries), AWARDS_A_BATCH):
        batch = [{"wave": 1, "applicant_id": each.applicant_id} for each in entries[start : start + AWARDS_A_BATCH]]
        _tell("awards-to-make", function, batch)


def _tell(queue: str, function: object, bodies: Sequence[dict[str, object]]) -> None:
    envelopes = [json.dumps({"version": 1, "correlation_id": "", "sent_at": 1, "body": body}) for body in bodies]
    _handle(queue, function, [(str(place), text) for place, text in enumerate(envelopes)])  # type: ignore[arg-type]


def _dollars(meter: Meter, count: int) -> float:
    """Of one: table, function, and its message (sent ten at once; received and deleted a batch at a time)."""
    table = meter.write_units * prices.TABLE_WRITE + meter.read_units * prices.TABLE_READ
    files = meter.calls["GetObject"] * prices.OBJECT_READ
    function = meter.made * _SECONDS_A_CALL * _GB * prices.FUNCTION_GB_SECOND
    return (table + files + function) / count + _message()


def _message() -> float:
    return (1 / 10 + 2 / AWARDS_A_BATCH) * prices.QUEUE_REQUEST + prices.FUNCTION_REQUEST / AWARDS_A_BATCH


def _put_signing_key() -> None:
    keys = {"current": "1", "keys": {"1": base64.b64encode(b"s" * 32).decode()}}
    secrets = boto3.client("secretsmanager")
    secrets.put_secret_value(SecretId="prakerja-local-receipt-signing", SecretString=json.dumps(keys))
