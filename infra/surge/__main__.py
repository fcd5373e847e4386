"""Play a launch on paper: ``make surge-plan RATE=1333`` or ``python -m infra.surge --rate 1333 --json``."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from infra.surge.model import play
from infra.surge.picture import picture
from infra.surge.plan import LAUNCH_RATE, Front, Plan, deployed, prepared
from infra.surge.summary import Summary, summary

MOST_RATE = 100_000
DAY_MINUTES = 1_440
MOST_MAILS = 100_000
SLOWEST_MAILS = 3
"""A second. With fewer the last mail of a launch would leave after months, and the play would not end."""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    plan = deployed(asked.rate, asked.minutes, asked.mails_per_second, asked.front)
    plan = prepared(plan) if asked.prepared else plan
    seconds = play(plan)
    told = summary(plan, seconds)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(picture(plan, seconds, told), "utf-8")
    print(json.dumps(told.told(plan)) if asked.json else _table(plan, told))
    if asked.out and not asked.json:
        print(f"\npicture: {asked.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.surge", description="A launch on AWS, second by second.")
    parser.add_argument("--rate", type=_whole("rate", 1, MOST_RATE), default=LAUNCH_RATE, help="registrations a second")
    parser.add_argument(
        "--minutes", type=_whole("minutes", 1, DAY_MINUTES), default=DAY_MINUTES, help="that people come"
    )
    parser.add_argument("--mails-per-second", type=_mails, default=14.0, help="all mail providers' quotas together")
    parser.add_argument("--front", type=_front, default=Front.REST, help=", ".join(Front))
    parser.add_argument("--prepared", action="store_true", help="with every other limit raised to what the rate wants")
    parser.add_argument("--out", type=Path, help="where the picture goes, as SVG")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    return parser


def _whole(name: str, least: int, most: int) -> Callable[[str], int]:
    def parsed(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{name} is a whole number from {least:,} to {most:,}, not {text!r}")
        return int(text)

    return parsed


def _mails(text: str) -> float:
    try:
        mails = float(text)
    except ValueError:
        mails = 0.0
    if not SLOWEST_MAILS <= mails <= MOST_MAILS:
        raise argparse.ArgumentTypeError(
            f"mails per second is a number from {SLOWEST_MAILS} to {MOST_MAILS:,}, not {text!r}"
        )
    return mails


def _front(text: str) -> Front:
    try:
        return Front(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"front is one of {', '.join(Front)}, not {text!r}") from None


def _table(plan: Plan, told: Summary) -> str:
    limits = "limits raised" if plan.is_prepared else "as deployed"
    rows = [
        (f"launch at {plan.rate:,}/s, front {plan.front.value}, {limits}", f"{told.arrived:,} people"),
        ("refused at the gateway or by Lambda, most at once", f"{told.most_outside:,} people"),
        ("  the last of them accepted after", _spoken(told.outside_until_seconds)),
        ("environments wanted in the first second, lean sender", f"{told.environments_lean:,}"),
        ("  the same with botocore", f"{told.environments_boto:,}"),
        ("registrations-to-open, deepest", f"{told.most_queued:,} messages"),
        ("  nobody waits there after", _spoken(told.queue_drained_seconds)),
        (f"mails-to-send at {told.mails_per_second:,g}/s, deepest", f"{told.most_unsent:,} messages"),
        ("  nobody waits there after", _spoken(told.mails_drained_seconds)),
        ("  longest wait for a mail", _spoken(told.longest_wait_seconds)),
        ("  mails later than ten minutes / than a day", f"{told.after_patience:,} / {told.after_a_day:,}"),
        ("  mails a second for nobody to wait over ten minutes", f"{told.mails_per_second_for_codes:,}"),
        ("cost, and per million", f"USD {told.usd:,.2f}, {told.usd_per_million:,.2f}"),
    ]
    width = max(len(name) for name, _ in rows) + 2
    return "\n".join(f"{name:<{width}}{value}" for name, value in rows)


def _spoken(seconds: int) -> str:
    return str(timedelta(seconds=seconds)) if seconds else "at once"


if __name__ == "__main__":
    sys.exit(main())
