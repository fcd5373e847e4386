"""Banks' statements, days, differences; and the files behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.photos import UploadForm
from chalicelib.domain.reconciliation.days import Day
from chalicelib.domain.reconciliation.differences import Difference
from chalicelib.domain.reconciliation.verdicts import Found
from chalicelib.domain.statements import Statement, StatementUpload
from tests.fakes.ledger import FakeLedger
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Fake, Trouble, outside


class FakeReconciliations(FakeStore):
    name = "reconciliations"

    def __init__(self, ledger: FakeLedger, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._ledger = ledger
        self._days: Shelf[tuple[str, date], Day] = Shelf()
        self._statements: Shelf[tuple[str, date, int], Statement] = Shelf()
        self._uploads: Shelf[tuple[str, str], int] = Shelf()
        self._differences: Shelf[tuple[str, date, str], Difference] = Shelf()

    @outside
    def day(self, bank: str, day: date) -> Day:
        return self._days.get((bank, day)) or Day(bank, day)

    @outside
    def save_day(self, day: Day) -> None:
        self._save(self._put_day(day))

    @outside
    def days(self, bank: str, *, limit: int, before: date | None = None) -> Sequence[Day]:
        mine = [each for each in self._days.values() if each.bank == bank and (before is None or each.day < before)]
        return sorted(mine, key=lambda each: each.day, reverse=True)[:limit]

    @outside
    def open_days(self, *, after: str | None, limit: int) -> tuple[Sequence[tuple[str, date]], str | None]:
        if after and (after.count("|") != 2 or not all(after.split("|"))):
            raise InvalidInput("cursor_invalid", field="after")
        rows = sorted((str(each.day), each.bank) for each in self._days.values() if each.open)
        rest = [row for row in rows if not after or row > (after.split("|")[1], after.split("|")[0])]
        page = [(bank, date.fromisoformat(day)) for day, bank in rest[:limit]]
        return page, f"{page[-1][0]}|{page[-1][1]}|row" if len(rest) > limit else None

    @outside
    def receive(self, day: Day, statement: Statement) -> None:
        upload = statement.upload
        once = self._uploads.put((upload.object_key, upload.tag), statement.number)
        try:
            self._write(self._put_statement(statement), once, self._put_day(day))
        except Refused as refused:
            if 1 in refused.places:
                raise AlreadyDone("statement_received") from None
            raise StaleWrite("reconciliation_contended") from None

    @outside
    def statement(self, bank: str, day: date, number: int) -> Statement | None:
        return self._statements.get((bank, day, number))

    @outside
    def statements(self, bank: str, day: date, *, limit: int, before: int | None = None) -> Sequence[Statement]:
        mine = [each for each in self._statements.values() if (each.bank, each.day) == (bank, day)]
        older = [each for each in mine if before is None or each.number < before]
        return sorted(older, key=lambda each: -each.number)[:limit]

    @outside
    def save_statement(self, statement: Statement) -> None:
        self._save(self._put_statement(statement))

    @outside
    def put_in_force(self, day: Day, *statements: Statement) -> None:
        self._together(self._put_day(day), *map(self._put_statement, statements))

    @outside
    def difference(self, bank: str, day: date, key: str) -> Difference | None:
        return self._differences.get((bank, day, key))

    @outside
    def differences(
        self, bank: str, day: date, *, after: str | None, limit: int
    ) -> tuple[Sequence[Difference], str | None]:
        mine = [each for each in self._differences.values() if (each.bank, each.day) == (bank, day)]
        rest = sorted((each for each in mine if not after or each.key > after), key=lambda each: each.key)
        return rest[:limit], rest[limit - 1].key if len(rest) > limit else None

    @outside
    def save_difference(self, day: Day, difference: Difference, postings: Sequence[Posting]) -> None:
        key = (difference.bank, difference.day, difference.key)
        moved = replace(difference, version=difference.version + 1)
        posted = self._ledger.puts_of(*postings) if postings else []
        self._together(self._differences.put(key, moved, difference.version), self._put_day(day), *posted)

    def all(self) -> list[Difference]:
        """For whoever checks the books."""
        return self._differences.values()

    def _put_day(self, day: Day) -> Put:
        return self._days.put((day.bank, day.day), replace(day, version=day.version + 1), day.version)

    def _put_statement(self, statement: Statement) -> Put:
        moved = replace(statement, version=statement.version + 1)
        key = (statement.bank, statement.day, statement.number)
        return self._statements.put(key, moved, statement.version)

    def _together(self, *puts: Put) -> None:
        try:
            self._write(*puts)
        except Refused as refused:
            raise StaleWrite("reconciliation_contended", places=sorted(refused.places)) from None


class FakeStatementFiles(Fake):
    name = "statement_files"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._uploads: dict[str, tuple[StatementUpload, bytes]] = {}
        self._runs: dict[str, tuple[Sequence[Found], Sequence[str]]] = {}

    def receives(self, object_key: str, content: bytes, uploader: str = "ani") -> None:
        """A file is dropped."""
        self._uploads[object_key] = (
            StatementUpload(object_key, f'"{sha256(content).hexdigest()[:32]}"', len(content), uploader),
            content,
        )

    @outside
    def upload_form(self, object_key: str, uploader: StaffId) -> UploadForm:
        return UploadForm("https://bucket.example", {"key": object_key, "x-amz-meta-uploader": uploader})

    @outside
    def upload(self, object_key: str) -> StatementUpload | None:
        held = self._uploads.get(object_key)
        return held[0] if held else None

    @outside
    def pieces(self, upload: StatementUpload) -> Iterator[bytes]:
        held = self._uploads.get(upload.object_key)
        if held is None or held[0].tag != upload.tag:
            raise Conflict("statement_file_replaced")
        return iter([held[1]])

    @outside
    def keep_run(self, name: str, differences: Sequence[Found], carried: Sequence[str]) -> None:
        self._runs[name] = (list(differences), list(carried))

    @outside
    def differences(self, name: str) -> Sequence[Found]:
        return self._run(name)[0]

    @outside
    def carried(self, name: str) -> Sequence[str]:
        return self._run(name)[1]

    def _run(self, name: str) -> tuple[Sequence[Found], Sequence[str]]:
        if name not in self._runs:
            raise StoreUnavailable("bucket_unavailable", name=name)
        return self._runs[name]
