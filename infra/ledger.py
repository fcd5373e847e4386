"""The books, with the stage's environment set:

    python -m infra.ledger verify [--person REFERENCE | --day DAY] [--json]
    python -m infra.ledger statement --person REFERENCE [--json]
    python -m infra.ledger totals [--day DAY] [--json]

``verify`` ends with 1 when anything was altered, removed, inserted, moved or cut off. Whose statement is asked for here
goes into the log of whoever runs it: in everyday work, use the door, which puts it on record.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date

from chalicelib import bootstrap
from chalicelib.domain.errors import Fault, NotFound
from chalicelib.domain.ledger import is_channel
from chalicelib.domain.ledger_chain import LedgerEntry, document_of
from chalicelib.domain.references import parse_reference
from chalicelib.use_cases.ledger.read_closing import read_closing
from chalicelib.use_cases.ledger.verify_ledger import Verdict, verify_day, verify_ledger, verify_person

Report = Mapping[str, object]


def main(arguments: list[str] | None = None) -> int:
    given = _arguments(arguments)
    try:
        report, is_whole = _COMMANDS[given.command](given)
    except Fault as fault:
        print(f"{fault.code}{f' ({fault.field})' if fault.field else ''}", file=sys.stderr)
        return 2
    print(json.dumps(report) if given.json else _readable(report))
    return 0 if is_whole else 1


def verdict_told(verdict: Verdict) -> Report:
    return {
        "is_whole": verdict.is_whole,
        "owners": verdict.owners,
        "postings": verdict.postings,
        "days": verdict.days,
        "findings": [
            {"owner": each.owner, "number": each.number, "flaw": each.flaw.value, "key": each.key}
            for each in verdict.findings
        ],
        "forged_days": [day.isoformat() for day in verdict.forged_days],
    }


def _verify(given: argparse.Namespace) -> tuple[Report, bool]:
    if given.person:
        verdict = verify_person(_owner(given.person), ledger=bootstrap.ledger())
    elif given.day:
        verdict = verify_day(given.day, ledger=bootstrap.ledger(), journal=bootstrap.journal())
    else:
        verdict = verify_ledger(ledger=bootstrap.ledger(), journal=bootstrap.journal())
    return verdict_told(verdict), verdict.is_whole


def _statement(given: argparse.Namespace) -> tuple[Report, bool]:
    owner, ledger = _owner(given.person), bootstrap.ledger()
    head = ledger.head(owner)
    return {
        "balances": {account.value: amount for account, amount in head.balances.items()},
        "postings": [_posting(entry) for entry in ledger.entries_of(owner)],
    }, True


def _totals(given: argparse.Namespace) -> tuple[Report, bool]:
    closing, is_settled = read_closing(given.day, journal=bootstrap.journal(), clock=bootstrap.clock())
    return {
        "day": closing.day.isoformat(),
        "is_settled": is_settled,
        "postings": closing.count,
        "moved": dict(closing.moved),
        "balances": dict(closing.balances),
        "sum": sum(closing.balances.values()),
        "digest": closing.digest,
    }, True


def _posting(entry: LedgerEntry) -> Report:
    document = document_of(entry.posting)
    del document["owner"]
    return {"number": entry.number, **document, "digest": entry.digest}


def _owner(whose: str) -> str:
    if is_channel(whose):
        return whose
    applicant = bootstrap.applicants().by_reference(parse_reference(whose))
    if applicant is None:
        raise NotFound("case_unknown", field="person")
    return applicant.id


def _readable(report: Report) -> str:
    return "\n".join(line for name, value in report.items() for line in _lines(name, value))


def _lines(name: str, value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}:", *(f"  {key:32} {amount:>20}" for key, amount in value.items())]
    if isinstance(value, list):
        return [f"{name}: {len(value)}", *(f"  {_row(each)}" for each in value)]
    return [f"{name}: {value}"]


def _row(each: object) -> str:
    return "  ".join(str(value) for value in each.values() if value != "") if isinstance(each, Mapping) else str(each)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], tuple[Report, bool]]] = {
    "verify": _verify,
    "statement": _statement,
    "totals": _totals,
}


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=_COMMANDS)
    parser.add_argument("--person", help="a case's reference, or channel/<bank>/<day>")
    parser.add_argument("--day", type=date.fromisoformat, help="as 2026-11-22, in Jakarta")
    parser.add_argument("--json", action="store_true", help="for programs")
    given = parser.parse_args(arguments)
    if given.command == "statement" and not given.person:
        parser.error("statement: --person says whose")
    return given


if __name__ == "__main__":
    sys.exit(main())
