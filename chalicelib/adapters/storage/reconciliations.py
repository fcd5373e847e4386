"""Table ``reconciliations``: statements, days, and the differences that stand."""

import hashlib
from collections.abc import Sequence
from datetime import date

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Write, found, save, save_together
from chalicelib.adapters.storage.ledger import posting_writes
from chalicelib.adapters.storage.reconciliations_item import ReconciliationsItem, ReconciliationsMeta
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.ledger import Posting
from chalicelib.domain.reconciliation.days import Day
from chalicelib.domain.reconciliation.differences import Difference
from chalicelib.domain.statements import Statement

_STANDING = "standing"


class DayItem(ReconciliationsItem):
    """pk = ``day#`` and the channel, sk = the day."""

    class Meta(ReconciliationsMeta):
        pass

    bank = UnicodeAttribute()
    day = UnicodeAttribute()
    newest = NumberAttribute()
    newest_tag = UnicodeAttribute(default="")
    in_force = NumberAttribute()
    run = NumberAttribute()
    step = NumberAttribute()
    after = UnicodeAttribute(default="")
    file = UnicodeAttribute(default="")
    counts = JSONAttribute()
    theirs = NumberAttribute()
    booked = NumberAttribute()
    open = NumberAttribute()
    compared_at = UnicodeAttribute(null=True)


class StatementItem(ReconciliationsItem):
    """pk = ``statement#``, channel and day, sk = ``version#`` and the number in six digits."""

    class Meta(ReconciliationsMeta):
        pass

    bank = UnicodeAttribute()
    day = UnicodeAttribute()
    number = NumberAttribute()
    upload = JSONAttribute()
    received_at = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    reason_details = JSONAttribute()
    lines = NumberAttribute()
    failed = NumberAttribute()
    fees = NumberAttribute()
    counts = JSONAttribute()
    changes = JSONAttribute()


class StatementUploadItem(ReconciliationsItem):
    """pk = ``upload#`` and a digest of key and tag, sk = ``-``: this file was received."""

    class Meta(ReconciliationsMeta):
        pass


class DifferenceItem(ReconciliationsItem):
    """pk = ``differences#``, channel and day, sk = the movement."""

    class Meta(ReconciliationsMeta):
        pass

    bank = UnicodeAttribute()
    day = UnicodeAttribute()
    reference = UnicodeAttribute()
    movement_kind = UnicodeAttribute()
    verdict = UnicodeAttribute()
    amount = NumberAttribute()
    theirs = NumberAttribute()
    booked = NumberAttribute()
    payout_id = UnicodeAttribute(default="")
    line = NumberAttribute()
    suspended = NumberAttribute()
    settled = NumberAttribute()
    moves = NumberAttribute()
    found_at = UnicodeAttribute(null=True)
    against = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    asked_by = UnicodeAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    cleared_at = UnicodeAttribute(null=True)


class ReconciliationTable:
    def day(self, bank: str, day: date) -> Day:
        item = found(DayItem, f"day#{bank}", day.isoformat())
        return from_fields(Day, item) if item else Day(bank, day)

    def save_day(self, day: Day) -> None:
        write = _day_write(day)
        save(write.item, read_version=write.read_version)

    def days(self, bank: str, *, limit: int, before: date | None = None) -> Sequence[Day]:
        older = DayItem.sk < before.isoformat() if before else None
        try:
            rows = DayItem.query(f"day#{bank}", older, scan_index_forward=False, limit=limit, consistent_read=True)
            return [from_fields(Day, item) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def open_days(self, *, after: str | None, limit: int) -> tuple[Sequence[tuple[str, date]], str | None]:
        start = _row_at(after) if after else None
        try:
            rows = ReconciliationsItem.by_open.query(_STANDING, limit=limit, last_evaluated_key=start)
            days = [(item.pk.removeprefix("day#"), date.fromisoformat(item.sk)) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return days, _place(rows.last_evaluated_key)

    def receive(self, day: Day, statement: Statement) -> None:
        upload = statement.upload
        key = hashlib.sha256(f"{upload.object_key}\0{upload.tag}".encode()).hexdigest()
        id = f"{statement.bank}/{statement.day.isoformat()}/{statement.number}"
        once = StatementUploadItem(f"upload#{key}", "-", kind="statement_upload", id=id, state="received")
        try:
            save_together([_statement_write(statement), Write(once, 0), _day_write(day)])
        except Refused as refused:
            if 1 in refused.places:
                raise AlreadyDone("statement_received") from None
            raise StaleWrite("reconciliation_contended") from None

    def statement(self, bank: str, day: date, number: int) -> Statement | None:
        item = found(StatementItem, _statements(bank, day), _number(number))
        return from_fields(Statement, item) if item else None

    def statements(self, bank: str, day: date, *, limit: int, before: int | None = None) -> Sequence[Statement]:
        older = StatementItem.sk < _number(before) if before is not None else None
        key = _statements(bank, day)
        try:
            rows = StatementItem.query(key, older, scan_index_forward=False, limit=limit, consistent_read=True)
            return [from_fields(Statement, item) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def save_statement(self, statement: Statement) -> None:
        write = _statement_write(statement)
        save(write.item, read_version=write.read_version)

    def put_in_force(self, day: Day, *statements: Statement) -> None:
        _together([_day_write(day), *map(_statement_write, statements)])

    def difference(self, bank: str, day: date, key: str) -> Difference | None:
        item = found(DifferenceItem, _differences(bank, day), key)
        return from_fields(Difference, item) if item else None

    def differences(
        self, bank: str, day: date, *, after: str | None, limit: int
    ) -> tuple[Sequence[Difference], str | None]:
        later = DifferenceItem.sk > after if after else None
        try:
            rows = DifferenceItem.query(_differences(bank, day), later, limit=limit, consistent_read=True)
            listed = [from_fields(Difference, item) for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return listed, listed[-1].key if rows.last_evaluated_key and listed else None

    def save_difference(self, day: Day, difference: Difference, postings: Sequence[Posting]) -> None:
        posted = posting_writes(*postings) if postings else []
        _together([_difference_write(difference), _day_write(day), *posted])


def _together(writes: list[Write]) -> None:
    try:
        save_together(writes)
    except Refused as refused:
        raise StaleWrite("reconciliation_contended", places=sorted(refused.places)) from None


def _day_write(day: Day) -> Write:
    name = day.day.isoformat()
    item = DayItem(f"day#{day.bank}", name, kind="day", id=f"{day.bank}/{name}", **to_fields(day))
    if day.open:
        item.standing, item.standing_since = _STANDING, f"{name}#{day.bank}"
    return Write(item, day.version)


def _statement_write(statement: Statement) -> Write:
    id = f"{statement.bank}/{statement.day.isoformat()}/{statement.number}"
    key = _statements(statement.bank, statement.day)
    item = StatementItem(key, _number(statement.number), kind="statement", id=id, **to_fields(statement))
    return Write(item, statement.version)


def _difference_write(difference: Difference) -> Write:
    id = f"{difference.bank}/{difference.day.isoformat()}/{difference.key}"
    key = _differences(difference.bank, difference.day)
    return Write(
        DifferenceItem(key, difference.key, kind="difference", id=id, **to_fields(difference)), difference.version
    )


def _statements(bank: str, day: date) -> str:
    return f"statement#{bank}#{day.isoformat()}"


def _differences(bank: str, day: date) -> str:
    return f"differences#{bank}#{day.isoformat()}"


def _number(number: int) -> str:
    return f"version#{number:06d}"


def _place(last: dict[str, dict[str, str]] | None) -> str | None:
    return f"{last['pk']['S']}|{last['sk']['S']}|{last['standing_since']['S']}" if last else None


def _row_at(place: str) -> dict[str, dict[str, str]]:
    parts = place.split("|")
    if len(parts) != 3 or not all(parts):
        raise InvalidInput("cursor_invalid", field="after")
    names = ("pk", "sk", "standing_since")
    return {"standing": {"S": _STANDING}, **{name: {"S": part} for name, part in zip(names, parts, strict=True)}}
