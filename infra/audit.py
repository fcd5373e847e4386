"""Verify the audit log: ``python -m infra.audit verify [--since DAY] [--json]`` with the stage's environment set.

Ends with 1 when anything was altered, removed, inserted, moved or cut off.
"""

import argparse
import json
import sys
from datetime import date

from chalicelib import bootstrap
from chalicelib.use_cases.audit.verify_audit import Verdict, verify_audit


def verified(since: date | None = None) -> Verdict:
    return verify_audit(since=since, audit_log=bootstrap.audit_log(), audit_roots=bootstrap.audit_roots())


def report(verdict: Verdict) -> dict[str, object]:
    return {
        "is_whole": verdict.is_whole,
        "entries": verdict.entries,
        "roots": verdict.roots,
        "findings": [
            {"chain": each.chain, "number": each.number, "flaw": each.flaw.value} for each in verdict.findings
        ],
        "forged_roots": [day.isoformat() for day in verdict.forged_roots],
    }


def readable(verdict: Verdict) -> str:
    lines = [f"{verdict.entries} entries, {verdict.roots} roots: {'whole' if verdict.is_whole else 'NOT WHOLE'}"]
    lines += [f"chain {each.chain}, entry {each.number}: {each.flaw}" for each in verdict.findings]
    lines += [f"root of {day}: forged" for day in verdict.forged_roots]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["verify"])
    parser.add_argument("--since", type=date.fromisoformat, help="a day: from the newest root of it or before")
    parser.add_argument("--json", action="store_true", help="for programs")
    given = parser.parse_args(arguments)
    verdict = verified(given.since)
    print(json.dumps(report(verdict)) if given.json else readable(verdict))
    return 0 if verdict.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
