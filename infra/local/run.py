"""``make run``: the whole platform here, until Ctrl-C."""

import argparse
import shutil
import signal
import sys
import threading
from pathlib import Path

from infra.local.platform import DEFAULT_STATE, Platform
from infra.local.sample import plan_sample
from infra.local.workers import SWITCH_SECONDS


def main() -> int:
    arguments = _arguments()
    sys.setswitchinterval(SWITCH_SECONDS)
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    if arguments.fresh:
        shutil.rmtree(arguments.state, ignore_errors=True)
    chosen = {"engine": arguments.engine, "port": arguments.port, "seed": arguments.seed}
    with Platform(**chosen, state_dir=arguments.state) as platform:
        if not arguments.bare:
            plan_sample(platform)
        print(_told(platform), flush=True)
        while not stopping.wait(1):
            pass
        print("stopping ...", flush=True)
    return 0


def _told(platform: Platform) -> str:
    url = platform.url
    return "\n".join(
        (
            f"Prakerja runs at {url}  (Ctrl-C stops it all)",
            f"  {url}/local      what is where: API, mailbox, stand-ins, clock",
            f"  {url}/docs       the API, to read;  {url}/openapi.json for programs",
            f"  {url}/mailbox    every mail that was sent",
            f"  {url}/health     200 when all parts are up",
            f"  {url}/local/people/42   somebody whom the registries know, to try the journey as",
            "  `make demo` in another terminal plays the launch day.",
        )
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--engine", choices=("moto", "ministack"), default="moto")
    parser.add_argument("--seed", type=int, default=7, help="of the synthetic country")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder for what outlives the process")
    parser.add_argument("--fresh", action="store_true", help="forget what that folder holds")
    parser.add_argument("--bare", action="store_true", help="without the sample wave and courses")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
