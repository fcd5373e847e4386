"""Waves of the programme, with the stage's environment set. Times are Jakarta's (WIB) unless they say otherwise.

  python -m infra.waves series --from 4 --count 12 --opens 2026-12-05T12:00 --open-days 4 --announce-after-days 3 \\
      --quota 164000 --scheme 2023 --as ani [--every-days 7] [--dry-run]
  python -m infra.waves show --numbers 4-15
  python -m infra.waves approve --numbers 4-15 --as budi

A series is looked at as a whole first: where one of its waves cannot be, or its number has another plan, none is
planned. Cut off and asked again, it goes on where it stopped. Whoever approves is another person than who planned.
Ends with 1 when anything was not done.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from tqdm import tqdm

from chalicelib import bootstrap
from chalicelib.domain.errors import Fault, Rejected
from chalicelib.domain.identifiers import StaffId, WaveNumber
from chalicelib.domain.mail import Language
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.domain.time import WIB
from chalicelib.domain.wave_series import MOST_WAVES, Series, plans_of
from chalicelib.domain.waves import Wave
from chalicelib.handlers.wording import message
from chalicelib.use_cases.waves.approve_wave import approve_wave
from chalicelib.use_cases.waves.desk import Desk
from chalicelib.use_cases.waves.look_at_series import SeriesLine, Standing, look_at_series
from chalicelib.use_cases.waves.plan_wave import plan_wave

Row = dict[str, object]


def plan_series(series: Series, officer: Officer, *, is_dry: bool, is_quiet: bool = True) -> list[Row]:
    """One row a wave. Nothing is planned where one row is a mistake."""
    desk = _desk()
    lines = look_at_series(plans_of(series), desk=desk)
    if is_dry or any(line.is_mistake for line in lines):
        return [_row_of(line) for line in lines]
    return [_planned(line, officer, desk) for line in tqdm(lines, "plan", disable=is_quiet, file=sys.stderr)]


def _planned(line: SeriesLine, officer: Officer, desk: Desk) -> Row:
    if line.standing is Standing.THERE:
        return _row_of(line)
    try:
        return {**told(plan_wave(line.plan, officer, desk=desk)), "standing": "planned"}
    except Rejected as fault:  # somebody else planned another one in the meantime
        return _refused(line.plan.number, fault)


def approve(numbers: Iterable[int], officer: Officer) -> list[Row]:
    return [_approved(number, officer, _desk()) for number in numbers]


def _approved(number: int, officer: Officer, desk: Desk) -> Row:
    try:
        wave = desk.known(WaveNumber(number))
        return {**told(approve_wave(wave.number, wave.version, officer, desk=desk)), "standing": "approved"}
    except Rejected as fault:
        return _refused(number, fault)


def show(numbers: Iterable[int]) -> list[Row]:
    found = _desk().named_by(*numbers)
    return [{**told(found[number]), "standing": found[number].state.value} for number in sorted(found)]


def told(wave: Wave) -> Row:
    return {
        "number": int(wave.number),
        "opens": _minute(wave.opens_at),
        "closes": _minute(wave.closes_at),
        "draws": _minute(wave.drawn_from),
        "announces": _minute(wave.announces_at),
        "quota": wave.quota,
        "scheme": wave.scheme,
        "basis": wave.basis,
    }


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(WIB):%Y-%m-%d %H:%M}"


def _row_of(line: SeriesLine) -> Row:
    if line.wave is None:
        return _refused(line.plan.number, line.fault or Rejected())
    row = {**told(line.wave), "standing": line.standing.value}
    return {**row, "differs": list(line.differs)} if line.differs else row


def _refused(number: int, fault: Fault) -> Row:
    return {
        "number": number,
        "standing": Standing.REFUSED.value,
        "code": fault.code,
        "field": fault.field,
        "reason": message(fault.code, Language.ENGLISH, fault.details),
    }


_COLUMNS = ("number", "opens", "closes", "draws", "announces", "quota", "standing")
_WIDTHS = (6, 16, 16, 16, 16, 11, 8)


def readable(rows: Sequence[Row]) -> str:
    return "\n".join([_line(dict(zip(_COLUMNS, _COLUMNS, strict=True))), *map(_line, rows)])


def _line(row: Row) -> str:
    cells = [f"{row.get(name, '-')!s:>{width}}" for name, width in zip(_COLUMNS, _WIDTHS, strict=True)]
    return "  ".join([*cells, *_remarks(row)])


def _remarks(row: Row) -> Iterator[str]:
    if row.get("differs"):
        yield f"planned before with another {', '.join(map(str, row['differs']))}"  # type: ignore[call-overload]
    if row.get("reason"):
        yield f"{row['field'] or ''}: {row['reason']}".removeprefix(": ")


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        rows: list[Row] = given.run(given)
    except Fault as fault:
        print(message(fault.code, Language.ENGLISH, fault.details), file=sys.stderr)
        return 1
    print(json.dumps(rows) if given.json else readable(rows))
    mistakes = (Standing.DIFFERS.value, Standing.REFUSED.value)
    return 1 if any(row["standing"] in mistakes for row in rows) else 0


def _run_series(given: argparse.Namespace) -> list[Row]:
    series = Series(
        first=given.first,
        count=given.count,
        opens_at=given.opens,
        open_for=timedelta(days=given.open_days),
        announced_after=timedelta(days=given.announce_after_days),
        every=timedelta(days=given.every_days),
        quota=given.quota,
        scheme=given.scheme,
        basis=given.basis,
    )
    return plan_series(series, Officer(given.staff, Role.STAFF), is_dry=given.dry_run, is_quiet=given.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    series = commands.add_parser("series", help="plan waves alike, one after the other")
    _add_series(series)
    series.set_defaults(run=_run_series)
    shown = commands.add_parser("show", help="look at waves")
    shown.set_defaults(run=lambda given: show(given.numbers))
    approved = commands.add_parser("approve", help="approve waves that somebody else planned")
    approved.set_defaults(run=lambda given: approve(given.numbers, Officer(given.staff, Role.APPROVER)))
    for each in (shown, approved):
        each.add_argument("--numbers", type=numbers_in, required=True, help="e.g. 4 or 4-15")
    for each in (series, approved):
        each.add_argument("--as", dest="staff", type=_staff, required=True, help="your staff name: it goes on record")
    for each in (series, shown, approved):
        each.add_argument("--json", action="store_true", help="for programs")
    return parser


def _add_series(series: argparse.ArgumentParser) -> None:
    series.add_argument("--from", dest="first", type=_number, required=True, help="the first wave's number")
    series.add_argument("--count", type=int, required=True, help=f"how many, {MOST_WAVES} at most")
    series.add_argument("--opens", type=moment_in, required=True, help="when the first opens, e.g. 2026-12-05T12:00")
    series.add_argument("--open-days", type=_days, required=True)
    series.add_argument("--announce-after-days", type=_days, required=True, help="after closing")
    series.add_argument("--every-days", type=_days, default=7.0)
    series.add_argument("--quota", type=int, required=True, help="places of each wave")
    series.add_argument("--scheme", required=True)
    series.add_argument("--basis", help="of the provinces; today's if left out")
    series.add_argument("--dry-run", action="store_true", help="show what would be planned")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= 999_999):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a wave: 1 to 999999 is expected")
    return int(text)


def numbers_in(text: str) -> range:
    first, _, last = text.partition("-")
    found = range(_number(first), _number(last or first) + 1)
    if not 1 <= len(found) <= MOST_WAVES:
        raise argparse.ArgumentTypeError(f"{text!r}: 1 to {MOST_WAVES} waves are expected, e.g. 4-15")
    return found


def moment_in(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment: e.g. 2026-12-05T12:00 is expected") from None
    return found if found.tzinfo else found.replace(tzinfo=WIB)


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = 0.0
    if not 0 < days <= 366:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days: more than 0 and at most 366 are expected")
    return days


def _staff(text: str) -> StaffId:
    if not text.strip() or len(text) > 64:
        raise argparse.ArgumentTypeError("a staff name is expected")
    return StaffId(text.strip())


def _desk() -> Desk:
    return Desk(
        waves=bootstrap.waves(),
        audit_log=bootstrap.audit_log(),
        beacon=bootstrap.beacon(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )


if __name__ == "__main__":
    sys.exit(main())
