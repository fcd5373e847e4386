"""What happens to rows, told twice: to whoever checks, and as the tables' streams would tell the platform."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any

from chalicelib.domain.commands import Change
from chalicelib.domain.faces import selfie_to_compare, selfie_to_match
from chalicelib.domain.ledger import Posting
from chalicelib.domain.ledger_chain import LedgerEntry
from chalicelib.domain.lists import ListVersion
from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_accounts import PayoutAccount
from chalicelib.domain.payout_batches import Batch
from chalicelib.domain.payout_channels import Channel
from chalicelib.domain.payouts import Payout
from chalicelib.domain.reconciliation.days import Day
from chalicelib.domain.reconciliation.differences import Difference
from chalicelib.domain.selection.work import DrawWork
from chalicelib.domain.statements import Statement
from chalicelib.domain.surveys import FilledSurvey
from chalicelib.domain.training import Purchase
from chalicelib.domain.verification import Applicant
from chalicelib.domain.waves import Wave, WaveEntry
from tests.fakes.shelves import Shelf
from tests.fakes.trouble import Fake

Facts = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of item is told by its table's stream, as ``adapters/storage`` writes it."""

    table: str
    name: str
    id: Callable[[Any], str]
    more: Callable[[Any], dict[str, Any]] = lambda _each: {}
    sealed: frozenset[str] = frozenset()
    state: Callable[[Any], Any] = lambda each: each.state


def _posting(entry: LedgerEntry) -> dict[str, Any]:
    return {name: getattr(entry.posting, name) for name in _names(Posting)}


def _selfies(applicant: Applicant) -> dict[str, Any]:
    return {"selfie_to_compare": selfie_to_compare(applicant), "selfie_to_match": selfie_to_match(applicant)}


def _reminders(account: PayoutAccount) -> dict[str, Any]:
    return {"reminders": int(account.change.reminded) if account.change else 0}


_ACCOUNTS = frozenset({"account", "change", "claimed"})
KINDS: dict[type, Kind] = {
    Applicant: Kind("applicants", "applicant", lambda each: each.id, _selfies, frozenset({"identity"})),
    Wave: Kind("waves", "wave", lambda each: str(int(each.number)), sealed=frozenset({"secret"})),
    WaveEntry: Kind("waves", "entry", lambda each: each.applicant_id),
    DrawWork: Kind("waves", "draw_work", lambda each: str(int(each.wave)), lambda e: {"draw_attempt": e.attempt}),
    Membership: Kind("memberships", "membership", lambda each: each.applicant_id),
    Purchase: Kind("training", "purchase", lambda each: each.id),
    Payout: Kind("payouts", "payout", lambda each: each.id, lambda each: {"payment_attempt": each.attempt}),
    Batch: Kind("payouts", "payout_batch", lambda each: each.id),
    Channel: Kind("payouts", "payout_channel", lambda each: each.bank),
    LedgerEntry: Kind("ledger", "posting", lambda each: each.digest, _posting, state=lambda _each: "posted"),
    PayoutAccount: Kind("payouts", "payout_account", lambda each: each.applicant_id, _reminders, _ACCOUNTS),
    FilledSurvey: Kind(
        "surveys", "survey", lambda each: each.applicant_id, sealed=frozenset({"answers"}), state=lambda _each: "filled"
    ),
    Day: Kind("reconciliations", "day", lambda each: f"{each.bank}/{each.day}"),
    Statement: Kind("reconciliations", "statement", lambda each: f"{each.bank}/{each.day}/{each.number}"),
    Difference: Kind("reconciliations", "difference", lambda each: f"{each.bank}/{each.day}/{each.key}"),
    ListVersion: Kind("lists", "list_version", lambda each: f"{each.list}/{each.number}"),
}


def change_of(before: Any, after: Any) -> tuple[str, Change] | None:
    """(table, change) as the table's stream tells it; None for what no function follows."""
    kind = KINDS.get(type(after))
    if kind is None:
        return None
    old = facts_of(before, kind) if before is not None else {}
    state = str(kind.state(before)) if before is not None else None
    return kind.table, Change(kind.name, kind.id(after), state, str(kind.state(after)), facts_of(after, kind), old)


def facts_of(item: Any, kind: Kind) -> Facts:
    told = {name: getattr(item, name) for name in _names(type(item)) if name not in kind.sealed}  # type: ignore[arg-type]
    return dict(_clear({**told, **kind.more(item), "kind": kind.name, "id": kind.id(item)}.items()))


@cache
def _names(of: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of))


def _clear(values: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str | int]]:
    for name, value in values:
        if isinstance(value, str):
            yield name, str(value)
        elif isinstance(value, (bool, int)):
            yield name, int(value)
        elif isinstance(value, date):
            yield name, value.isoformat()


class Rows(dict[Any, Any]):
    """A shelf's rows that tell of each write."""

    def __init__(self, tell: Callable[[Any, Any], None]) -> None:
        super().__init__()
        self._tell = tell

    def __setitem__(self, key: Any, row: Any) -> None:
        before = self.get(key)
        super().__setitem__(key, row)
        self._tell(before.value if before else None, row.value)


def watch(world: Any, tell: Callable[[Any, Any], None]) -> None:
    """From now on ``tell`` hears of every row that any of the world's fakes writes: (before, after)."""
    for fake in vars(world).values():
        if isinstance(fake, Fake):
            for shelf in vars(fake).values():
                if isinstance(shelf, Shelf):
                    shelf.rows = Rows(tell)
