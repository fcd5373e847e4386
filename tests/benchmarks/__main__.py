"""``make bench [ONLY=NAME]``: one JSON line per figure on standard output, progress on standard error.

A figure is a ratio against a floor that was measured in the same run, interleaved with it, in CPU seconds where it can
be: the machine is shared and noisy, and what disturbs one disturbs the other. Whether aims are held is for the reader:
it never fails. ``surge_replay`` and ``growth`` need ministack, and take minutes.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from tests.benchmarks.awards import award_calls
from tests.benchmarks.calls import calls_per_registration
from tests.benchmarks.cold_start import cold_starts
from tests.benchmarks.draws import draws
from tests.benchmarks.figure import Figure
from tests.benchmarks.growth import growth
from tests.benchmarks.ledger_post import ledger_post
from tests.benchmarks.nik_check import nik_check
from tests.benchmarks.payout_run import payout_run
from tests.benchmarks.registration import registration_request, registration_worker
from tests.benchmarks.registries import match_cpu, outage_6h, registry_day
from tests.benchmarks.route_overhead import route_overhead
from tests.benchmarks.surge_replay import surge_replay
from tests.benchmarks.verify_draw import verify_draw


def benchmarks(only: str) -> dict[str, Callable[[], Iterator[Figure]]]:
    return {
        "route_overhead": route_overhead,
        "nik_check": nik_check,
        "registration_request": registration_request,
        "registration_worker": registration_worker,
        "calls_per_registration": calls_per_registration,
        "award_calls": award_calls,
        "payout_run": payout_run,
        "ledger_post": ledger_post,
        "match_cpu": match_cpu,
        "verify_draw": verify_draw,
        "draw": draws,
        "registry_day": registry_day,
        "outage_6h": outage_6h,
        "cold_start": lambda: cold_starts(only),
        "growth": growth,
        "surge_replay": surge_replay,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names that begin so")
    only = parser.parse_args().only
    known = benchmarks(only)
    wanted = [name for name in known if name.startswith(only) or only.startswith(name)]
    if not wanted:
        print(f"no benchmark begins with {only}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"{name} ...", file=sys.stderr)
        try:
            for figure in known[name]():
                print(json.dumps(figure.as_line()), flush=True)
        except Exception as error:
            print(f"  {name} was not measured: {error!r}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
