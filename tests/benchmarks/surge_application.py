"""The application in a surge: ``front`` answers requests, with its environments, and ``worker`` opens accounts.

``python -m tests.benchmarks.surge_application front|worker``, until standard input ends; says where it listens. Put
together as ``infra/local/platform.py`` does it, but for what is not measured: neighbours, pages, and the other workers.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from infra.local.workers import SWITCH_SECONDS


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setswitchinterval(SWITCH_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        {"front": _front, "worker": _worker}[sys.argv[1]](Path(folder))


def _front(folder: Path) -> None:
    from app import app
    from infra.local.environments import Environments
    from infra.local.http_server import ChaliceServer
    from infra.local.logs import log_to
    from infra.local.workers import Place

    place = Place(folder / "clock.json", folder / "streams", folder / "front.log")
    log_to(place.log)
    server = ChaliceServer(app, 0, environments=Environments(place, app.api.binary_types))
    server.start()
    _serve_until_told(server.url)
    server.stop()


def _worker(folder: Path) -> None:
    from chalice.app import Chalice

    from chalicelib.adapters.storage.items import use_connections
    from chalicelib.handlers.opening import blueprint
    from infra.local.clock import MovableClock
    from infra.local.lean_tables import LeanConnection
    from infra.local.logs import log_to
    from infra.local.pump import Pump

    log_to(folder / "worker.log")
    use_connections(LeanConnection.at(os.environ["AWS_ENDPOINT_URL"]))
    app = Chalice("prakerja")
    app.register_blueprint(blueprint)
    pump = Pump(app, clock=MovableClock(folder / "clock.json"), state_dir=folder)
    pump.start()
    _serve_until_told("")
    print(json.dumps(pump.failures()), flush=True)
    pump.stop()


def _serve_until_told(url: str) -> None:
    print(url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
