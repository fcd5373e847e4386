"""What a new Lambda environment waits for: importing a function's module and answering a first call.

The floor imports boto3 and makes one client. Each is a process of its own, with compiled files in place for both; the
first call gets the function's bad or empty input, so that it runs the door and needs nobody outside.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figure import Figure

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
_TIMED = """
import time
begun = time.process_time()
{code}
print((time.process_time() - begun) * 1000)
"""


def cold_starts() -> Iterator[Figure]:
    codes = dict(_codes())
    floor_runs: list[float] = []
    runs: dict[str, list[float]] = {name: [] for name in codes}
    for turn in range(_RUNS):
        print(f"  run {turn + 1} of {_RUNS}", file=sys.stderr)
        floor_runs.append(_milliseconds(_FLOOR))
        for name, code in codes.items():
            runs[name].append(_milliseconds(code))
    floor = statistics.median(floor_runs)
    for name, times in runs.items():
        yield Figure(f"cold_start_{name}", statistics.median(times), floor, "milliseconds of CPU", 1.5)


def _codes() -> Iterator[tuple[str, str]]:
    from app import app
    from tests.benchmarks.route_overhead import _event

    event = {**_event("/v1/registrations"), "body": '{"email": "not an address"}'}
    yield "api_handler", f"EVENT = {json.dumps(json.dumps(event))}\n{_API}"
    for source in app.event_sources:
        module, _, name = source.handler_string.rpartition(".")
        if name.startswith(("tick_", "sweep_")):
            continue  # a schedule's first call does its whole work, which needs the tables
        yield name, _QUEUE.format(module=module, name=name)


def _milliseconds(code: str) -> float:
    environment = {
        **os.environ,
        "STAGE": "local",
        "AWS_DEFAULT_REGION": "ap-southeast-3",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", _TIMED.format(code=code)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return float(done.stdout.splitlines()[-1])
