"""A bank's day and its neighbours, as full as one likes, in files: the statement, requests and postings as they lie in
the buckets."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chalicelib.domain.ledger_journal import folder_of
from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.journals import request_row, requests_folder
from chalicelib.domain.statement_lines import COLUMNS
from chalicelib.domain.statements import StatementUpload, object_key_of
from chalicelib.use_cases.reconciliation.desk import Desk
from chalicelib.use_cases.reconciliation.receive_statement import receive_statement
from tests.fakes import FakeClock, FakeJournal, FakeStatementFiles, World

DAY = date(2026, 3, 2)
NEIGHBOURS = (-1, 1)
PIECE_BYTES = 1 * 1024 * 1024
A_FILE = 5_000
"""Notes: as many as the stream's reader takes at once."""
_DIFFERS = 10_000
_AT = "2026-03-02T10:00:00+07:00"
_STATEMENT = object_key_of("bni", DAY, "upload")


class Folder(FakeJournal):
    """The journal's bucket, in files: it is larger than memory."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def read(self, name: str) -> bytes | None:
        return (self._root / name).read_bytes()

    def names(self, prefix: str, *, after: str = "") -> Iterator[str]:
        return iter(sorted(f"{prefix}{path.name}" for path in (self._root / prefix).glob("*")))


class StatementInFolder(FakeStatementFiles):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def upload(self, object_key: str) -> StatementUpload | None:
        return StatementUpload(object_key, "tag", self._path.stat().st_size, "ani")

    def pieces(self, upload: StatementUpload) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece


def desk_of(root: Path) -> Desk:
    """With the statement received."""
    clock = FakeClock(datetime(2026, 3, 4, 3, tzinfo=UTC))
    desk = Desk(World().reconciliations, StatementInFolder(root / _STATEMENT), Folder(root), clock)
    receive_statement(_STATEMENT, reconciliations=desk.reconciliations, files=desk.files, clock=clock)
    return desk


def write_books(root: Path, count: int) -> None:
    _write_statement(root / _STATEMENT, count)
    for away in (0, *NEIGHBOURS):
        day = DAY + timedelta(days=away)
        for first in range(0, count, A_FILE):
            numbers = range(first, min(first + A_FILE, count))
            _keep(root / requests_folder("bni", day) / f"{first:09d}.tsv", _requests(day, numbers))
            _keep(root / folder_of(day) / f"{first:09d}.jsonl", _postings(day, numbers))


def _write_statement(path: Path, count: int) -> None:
    path.parent.mkdir(parents=True)
    with path.open("w") as statement:
        statement.write(",".join(COLUMNS) + "\n")
        for n in range(count):
            amount = 600_001 if n % _DIFFERS == 1 else 600_000
            payout_id = _payout_id(DAY + timedelta(days=-1 if n % _DIFFERS == 2 else 0), n)
            reference = reference_of(payout_id, 1)
            statement.write(f"{DAY},bni,{reference},R{n:012d},{amount}.00,0.00,success,{_AT},\n")


def _keep(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))


def _payout_id(day: date, n: int) -> str:
    return f"1.{day:%m%d}{n:039d}"


def _requests(day: date, numbers: range) -> list[str]:
    """A note of each move: as the stream tells them, those of many payouts mixed."""
    return [
        request_row(
            reference_of(payout_id, 1), amount=600_000, state=state, day=day, payout_id=payout_id, version=version
        )
        for version, state in enumerate(("submitting", "unknown", "settled"), start=3)
        for payout_id in (_payout_id(day, n) for n in numbers)
    ]


def _postings(day: date, numbers: range) -> list[str]:
    return [json.dumps(_posting(day, n), sort_keys=True, separators=(",", ":")) + "\n" for n in numbers]


def _posting(day: date, n: int) -> dict[str, object]:
    """As ``ledger_journal.line_of`` lays it down."""
    return {
        "key": f"incentive-paid/{_payout_id(day, n)}/1",
        "owner": f"1.person{n:037d}",
        "account": "incentive_due",
        "against": "bank:bni",
        "adds": False,
        "amount": 600_000,
        "posted_at": f"{day}T03:00:00+00:00",
        "number": 3,
        "previous": f"{n:064x}",
        "digest": f"{n + 1:064x}",
    }
