"""The faithful engine with our tables and queues on it, in a folder that is gone afterwards."""

import base64
import json
import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chalicelib.adapters.lean_aws import LeanAws
from infra.local.engine import REGION
from infra.local.lean_clients import lean_caller
from infra.local.ministack_engine import DEFAULT_BINARY, MinistackEngine
from tests.benchmarks.registration import forget_clients

MISSING = "ministack is missing: `make .venv-ministack/.installed` makes its environment, then try again"


def is_installed() -> bool:
    return DEFAULT_BINARY.exists()


@contextmanager
def deployed() -> Iterator[MinistackEngine]:
    """``os.environ`` points to it, and back again afterwards."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        engine = MinistackEngine(_free_port(), Path(folder))
        try:
            engine.start()
            os.environ.update(_settings(engine))
            forget_clients()
            _furnish()
            yield engine
        finally:
            _kill(engine)
            os.environ.clear()
            os.environ.update(before)
            forget_clients()


def caller(service: str, engine: MinistackEngine) -> LeanAws:
    return lean_caller(service, REGION, engine.url)


def _settings(engine: MinistackEngine) -> dict[str, str]:
    nowhere = "http://127.0.0.1:1"
    names = ("POPULATION_REGISTRY_URL", "EDUCATION_REGISTRY_URL", "SOCIAL_REGISTRY_URL", "BANK_URL", "SENDGRID_URL")
    return {
        **engine.environment,
        "STAGE": "local",
        "PUBLIC_URL": nowhere,
        "MAIL_SENDER": "Prakerja <tidak-dibalas@prakerja.example>",
        "POWERTOOLS_METRICS_DISABLED": "true",
        **dict.fromkeys(names, nowhere),
    }


def _furnish() -> None:
    import boto3

    from infra.local.stack import deploy

    deploy("local")
    keys: dict[str, Any] = {"current": "1", "keys": {"1": base64.b64encode(b"k" * 32).decode()}}
    client = boto3.client("secretsmanager")
    client.put_secret_value(SecretId="prakerja-local-index-keys", SecretString=json.dumps(keys))


def _kill(engine: MinistackEngine) -> None:
    """At once: what it would write down first, a minute's worth of accounts, nobody reads."""
    if engine.pid:
        os.kill(engine.pid, signal.SIGKILL)
    engine.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
