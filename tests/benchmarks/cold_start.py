"""What a new Lambda environment waits for: importing a function's module and answering a first call.

The floor imports boto3 and makes one client. Each is a process of its own, with compiled files in place for both; the
first call gets the function's bad or empty input, so that it runs the door and needs nobody outside. Only what hundreds
of new environments do in a launch's first second goes to its end, against a neighbour that answers at once: taking a
registration (in the function of its own, decision 8) and opening its account.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from chalice.app import ScheduledEventConfig

from tests.benchmarks.figure import Figure
from tests.benchmarks.registration import registration_record
from tests.benchmarks.responder import responding

ROOT = Path(__file__).parents[2]
_RUNS = 7
_FLOOR = "import boto3; boto3.client('sqs')"
_API = """
import json
import app
answer = app.app(json.loads(EVENT), None)
assert answer["statusCode"] == 400, answer
"""
_QUEUE = """
import importlib
handler = getattr(importlib.import_module("{module}"), "{name}")
assert handler({{"Records": []}}, None) == {{"batchItemFailures": []}}
"""
_REGISTER = """
import json
from chalicelib.handlers.registration_alone import handle
answer = handle(json.loads(EVENT), None)
assert answer["statusCode"] == 202, answer
"""
_WORKER = """
import json
from chalicelib.handlers.opening import open_accounts
assert open_accounts({"Records": [json.loads(RECORD)]}, None) == {"batchItemFailures": []}
"""
_TIMED = """
import time
begun = time.process_time()
{code}
print((time.process_time() - begun) * 1000)
"""


_AIMS = {"register": 0.5, "open_accounts": 1.3}
_AIM = 1.5


def cold_starts(only: str = "") -> Iterator[Figure]:
    """``only``: those whose figures' names begin so."""
    codes = {name: code for name, code in _codes() if f"cold_start_{name}".startswith(only)}
    floor_runs: list[float] = []
    runs: dict[str, list[float]] = {name: [] for name in codes}
    with responding() as url:
        for turn in range(_RUNS):
            print(f"  run {turn + 1} of {_RUNS}", file=sys.stderr)
            floor_runs.append(_milliseconds(_FLOOR, url))
            for name, code in codes.items():
                runs[name].append(_milliseconds(code, url))
    floor = statistics.median(floor_runs)
    for name, times in runs.items():
        aim = _AIMS.get(name, _AIM)
        yield Figure(f"cold_start_{name}", statistics.median(times), floor, "milliseconds of CPU", aim)


def _codes() -> Iterator[tuple[str, str]]:
    from app import app
    from tests.benchmarks.route_overhead import _event

    event = {**_event("/v1/registrations"), "body": '{"email": "not an address"}'}
    yield "api_handler", f"EVENT = {json.dumps(json.dumps(event))}\n{_API}"
    event["body"] = '{"email": "siti.rahma@contoh.example", "language": "id"}'
    yield "register", f"EVENT = {json.dumps(json.dumps(event))}\n{_REGISTER}"
    for source in app.event_sources:
        module, _, name = source.handler_string.rpartition(".")
        if name == "open_accounts":
            yield name, f"RECORD = {json.dumps(json.dumps(registration_record(1)))}\n{_WORKER}"
            continue
        if isinstance(source, ScheduledEventConfig):
            continue  # a schedule's first call does its whole work, which needs the tables
        yield name, _QUEUE.format(module=module, name=name)


def _milliseconds(code: str, url: str) -> float:
    environment = {
        **os.environ,
        "STAGE": "local",
        "AWS_DEFAULT_REGION": "ap-southeast-3",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_ENDPOINT_URL": url,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", _TIMED.format(code=code)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return float(done.stdout.splitlines()[-1])
