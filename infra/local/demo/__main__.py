"""``make demo``: starts the platform, plays the launch day at 1:SCALE, and says what came of it."""

import argparse
import dataclasses
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from infra.local.demo.counts import Counts
from infra.local.demo.funnel import funnel_table
from infra.local.demo.launch import Launch
from infra.local.platform import ROOT

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main() -> int:
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped then, too
    begun = time.monotonic()
    port = arguments.port or free_port()
    platform = _started(port, arguments)
    try:
        _await_health(platform, port)
        counts = Launch(f"http://127.0.0.1:{port}", scale=arguments.scale, seed=arguments.seed).run()
    finally:
        platform.terminate()
        try:
            platform.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            platform.kill()
            platform.wait()
    seconds = round(time.monotonic() - begun, 1)
    if not arguments.json:
        print(funnel_table(counts, arguments.scale))
    print(json.dumps({**dataclasses.asdict(counts), "seconds": seconds}))
    return 0 if _holds(counts) else 1


def _holds(counts: Counts) -> bool:
    """What no run of the demo may break."""
    return (
        counts.draw_verified
        and counts.ledger_sum_rupiah == 0
        and counts.paid_rupiah == counts.bank_paid_rupiah
        and 0 < counts.incentives_paid <= counts.completed <= counts.awarded <= counts.places
        and counts.queues_left == counts.dead_letters == 0
    )


def _started(port: int, arguments: argparse.Namespace) -> subprocess.Popen[bytes]:
    state = ROOT / ".local" / f"demo-{port}"
    command = [sys.executable, "-m", "infra.local.run", "--port", str(port), "--engine", arguments.engine, "--bare"]
    command += ["--seed", str(arguments.seed), "--state", str(state), "--fresh"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def _await_health(platform: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if platform.poll() is not None:
            raise SystemExit("the platform did not start; its message stands above")
        try:
            with _DIRECT.open(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the platform was not up after {_START_SECONDS:.0f} s")


def free_port() -> int:
    """One with its successor free too: the engine listens there."""
    for port in range(8100, 8900, 2):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise SystemExit("no free port between 8100 and 8900")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=5000, help="one person here stands for so many of 2020")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--engine", choices=("moto", "ministack"), default="moto")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--json", action="store_true", help="only the last line")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
