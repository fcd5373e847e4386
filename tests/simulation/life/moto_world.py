"""The same world with real tables and buckets under it, in moto: what the fakes promise, the adapters must keep."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from typing import Any

from chalicelib import bootstrap
from chalicelib.adapters.aws_clients import aws_client
from chalicelib.domain.identifiers import ApplicantId, BatchId, PayoutId, PurchaseId, WaveNumber
from chalicelib.domain.ledger_journal import entry_of
from chalicelib.domain.registration import Account
from chalicelib.domain.training import Purchase
from chalicelib.handlers.changes import _change
from chalicelib.settings import resource_name
from tests.simulation.life.town import Town

STORES = (
    "accounts applicants waves places draw_files draw_works ledger corrections journal memberships receipts courses "
    "purchases surveys payout_accounts payouts payout_batches payout_channels seen_notices batch_files outbox buckets "
    "mail_traffic suppressions waiting_checks registry_budgets registry_answers lists list_entries list_files "
    "reconciliations statement_files audit_log audit_roots gates"
)
_TABLES = ("applicants", "waves", "memberships", "training", "surveys", "payouts", "lists", "ledger", "reconciliations")
_PAGE = 1_000
_CALLED = {"waiting_checks": "waiting", "mail_traffic": "traffic", "registry_budgets": "budgets"}
Look = Callable[[str, tuple[Any, Any]], None]


class Troubled:
    """A real adapter whose calls are counted, and met by the storm, as a fake's are."""

    def __init__(self, name: str, real: Any, town: Town, look: Look) -> None:
        self._name, self._real, self._storm, self._look = _CALLED.get(name, name), real, town.world.trouble, look

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._real, method)
        return self._met(found, f"{self._name}.{method}") if callable(found) else found

    def _met(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        storm, look = self._storm, self._look

        @wraps(real)
        def call(*args: Any, **kwargs: Any) -> Any:
            number = len(storm.calls)
            storm.calls.append(name)
            storm.comes(name, number, after=False)
            try:
                answer = real(*args, **kwargs)
                look(name, (answer, args))
                return answer
            except Exception:
                look(name, (None, args))
                raise
            finally:
                storm.comes(name, number, after=True)

        return call


class Streams:
    """What the tables' streams tell, since one looked last; and what is not told there is read again."""

    def __init__(self, engine: Any, town: Town, reals: dict[str, Any]) -> None:
        self._readers = {table: engine.direct.record_reader(f"prakerja-local-{table}") for table in _TABLES}
        self._places: dict[str, str | None] = {table: self._end(reader) for table, reader in self._readers.items()}
        self._town, self._reals = town, reals

    def _end(self, reader: Any) -> str | None:
        place: str | None = None
        while page := reader.read("", place, _PAGE).last:
            place = page
        return place

    def look(self, call: str, seen: tuple[Any, Any]) -> None:
        if call == "audit_log.append" and seen[0] is not None:
            self._hear(None, seen[0])
        for item in _flat(seen):
            if isinstance(item, Account):
                self._see(Account, item.id, self._reals["accounts"].get(item.id))
            if isinstance(item, Purchase):
                self._see_schedules(item)
        for table, reader in self._readers.items():
            self._read(table, reader)

    def _see_schedules(self, purchase: Purchase) -> None:
        for schedule in self._reals["courses"].schedules(purchase.course_code):
            self._see(type(schedule), (schedule.course_code, schedule.code), schedule)

    def _read(self, table: str, reader: Any) -> None:
        page = reader.read("", self._places[table], _PAGE)
        self._places[table] = page.last or self._places[table]
        for record in page.records:
            if record["dynamodb"].get("NewImage"):
                change = _change(record)
                self._town.streams.tell(table, change)
                self._follow(change)

    def _follow(self, change: Any) -> None:
        facts, reals = change.facts, self._reals
        if change.kind == "posting":
            return self._hear(None, entry_of(facts))
        read = _READS.get(change.kind)
        if read is not None:
            item = read(reals, change.id, facts)
            self._hear(self._town.sight.like(item), item)
        return None

    def _see(self, kind: type, key: Any, after: Any) -> None:
        before: Any = self._town.sight.one(kind, key)
        if after is not None and after != before:
            self._hear(before, after)

    def _hear(self, before: Any, after: Any) -> None:
        for hear in self._town.heard:
            hear(before, after)


def _day_of(facts: Any) -> date:
    return date.fromisoformat(facts["day"])


def _drop(key: str, content: bytes, uploader: str) -> None:
    bucket, notes = resource_name("statements"), {"uploader": uploader}
    aws_client("s3").put_object(Bucket=bucket, Key=key, Body=content, Metadata=notes)


_READS: dict[str, Callable[[dict[str, Any], str, Any], Any]] = {
    "applicant": lambda reals, id, _: reals["applicants"].get(ApplicantId(id)),
    "wave": lambda reals, _, facts: reals["waves"].get(WaveNumber(int(facts["number"]))),
    "entry": lambda reals, id, facts: reals["waves"].entries_of(ApplicantId(id), [WaveNumber(int(facts["wave"]))])[0],
    "place": lambda reals, id, facts: reals["places"].freed(WaveNumber(int(facts["wave"])), ApplicantId(id)),
    "membership": lambda reals, id, _: reals["memberships"].get(ApplicantId(id)),
    "purchase": lambda reals, id, _: reals["purchases"].get(PurchaseId(id)),
    "survey": lambda reals, id, facts: reals["surveys"].get(ApplicantId(id), int(facts["number"])),
    "day": lambda reals, _, facts: reals["reconciliations"].day(facts["bank"], _day_of(facts)),
    "statement": lambda reals, _, facts: reals["reconciliations"].statement(
        facts["bank"], _day_of(facts), int(facts["number"])
    ),
    "difference": lambda reals, id, facts: reals["reconciliations"].difference(
        facts["bank"], _day_of(facts), id.partition(f"/{facts['day']}/")[2]
    ),
    "payout": lambda reals, id, _: reals["payouts"].get(PayoutId(id)),
    "payout_account": lambda reals, id, _: reals["payout_accounts"].get(ApplicantId(id)),
    "payout_batch": lambda reals, id, _: reals["payout_batches"].get(BatchId(id)),
    "payout_channel": lambda reals, id, _: reals["payout_channels"].get(id),
}


def _flat(items: Any) -> Iterator[Any]:
    if isinstance(items, (tuple, list)):
        for each in items:
            yield from _flat(each)
    else:
        yield items


def move_in(town: Town, engine: Any) -> None:
    """The town's stores are the real ones from here on."""
    reals = {name: getattr(bootstrap, name)() for name in STORES.split() if hasattr(bootstrap, name)}
    streams = Streams(engine, town, reals)
    for name, real in reals.items():
        setattr(town.world, name, Troubled(name, real, town, streams.look))
    town.drop_statement = _drop
    town.world.indexer = bootstrap.indexer()  # type: ignore[assignment]
    town.world.rest_on_stores()
