"""``python -m tests.simulation.life simulate|replay|crash-sweep|planted-bugs``: see ``docs/simulator.md``."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator

from tests.simulation.life.stage import prepare

prepare()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.life", description=__doc__)
    parser.add_argument("command", choices=sorted(_COMMANDS))
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one only")
    parser.add_argument("--minutes", type=float, help="no new seed after so long; the sum says how many there were")
    parser.add_argument("--engine", choices=["fakes", "moto"], default="fakes")
    parser.add_argument("--long-way", action="store_true", help="on moto: calls of DynamoDB through all of botocore")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="one line of JSON, no progress bar")
    options = parser.parse_args(arguments)
    if options.command == "replay" and options.seed is None:
        parser.error("replay needs --seed: which run?")
    return options


def _simulate(options: argparse.Namespace) -> Iterator[str]:
    from tests.simulation.life.simulate import simulate

    return simulate(options)


def _replay(options: argparse.Namespace) -> Iterator[str]:
    from tests.simulation.life.simulate import replay

    return replay(options)


def _crash_sweep(options: argparse.Namespace) -> Iterator[str]:
    from tests.simulation.life.sweep import crash_sweep

    return crash_sweep(options)


def _planted_bugs(options: argparse.Namespace) -> Iterator[str]:
    from tests.simulation.life.planted import planted_bugs

    return planted_bugs(options)


_COMMANDS: dict[str, Callable[[argparse.Namespace], Iterator[str]]] = {
    "simulate": _simulate,
    "replay": _replay,
    "crash-sweep": _crash_sweep,
    "planted-bugs": _planted_bugs,
}


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes it began end with it
    options = _options(arguments)
    for line in _COMMANDS[options.command](options):
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
