"""Everything as it lies there, seen without a call: for people, who read their page, and for checkers."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger_chain import LedgerEntry
from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_accounts import PayoutAccount
from chalicelib.domain.payout_batches import Batch
from chalicelib.domain.payout_channels import Channel
from chalicelib.domain.payouts import Payout
from chalicelib.domain.reconciliation.days import Day
from chalicelib.domain.reconciliation.differences import Difference
from chalicelib.domain.registration import Account
from chalicelib.domain.selection.freed_places import FreedPlace
from chalicelib.domain.statements import Statement
from chalicelib.domain.surveys import FilledSurvey
from chalicelib.domain.training import Purchase, Schedule
from chalicelib.domain.verification import Applicant
from chalicelib.domain.waves import Wave, WaveEntry, WaveState

Item = TypeVar("Item")


_KEYS: dict[type, Callable[[Any], Any]] = {
    Account: lambda each: each.id,
    Applicant: lambda each: each.id,
    Wave: lambda each: each.number,
    WaveEntry: lambda each: (each.wave, each.applicant_id),
    Membership: lambda each: each.applicant_id,
    Purchase: lambda each: each.id,
    Schedule: lambda each: (each.course_code, each.code),
    PayoutAccount: lambda each: each.applicant_id,
    Payout: lambda each: each.id,
    Batch: lambda each: each.id,
    Channel: lambda each: each.bank,
    Day: lambda each: (each.bank, each.day),
    Statement: lambda each: (each.bank, each.day, each.number),
    Difference: lambda each: (each.bank, each.day, each.key),
    FilledSurvey: lambda each: (each.applicant_id, each.number),
    FreedPlace: lambda each: (each.wave, each.freed_by),
    LedgerEntry: lambda each: (each.posting.owner, each.posting.key),
}


class Sight:
    def __init__(self) -> None:
        self._items: defaultdict[type, dict[Any, Any]] = defaultdict(dict)
        self.changes = 0

    def hear(self, _before: Any, after: Any) -> None:
        key_of = _KEYS.get(type(after))
        if key_of is not None:
            self._items[type(after)][key_of(after)] = after
            self.changes += 1

    def all(self, of: type[Item]) -> list[Item]:
        return list(self._items[of].values())

    def one(self, of: type[Item], key: Any) -> Item | None:
        return self._items[of].get(key)

    def like(self, item: Any) -> Any:
        """As this item was when one looked last."""
        key_of = _KEYS.get(type(item))
        return self._items[type(item)].get(key_of(item)) if key_of else None

    def is_member(self, id: ApplicantId) -> bool:
        return id in self._items[Membership]

    def entry(self, wave: int, id: ApplicantId) -> WaveEntry | None:
        return self.one(WaveEntry, (wave, id))

    def purchases_of(self, id: ApplicantId) -> list[Purchase]:
        return [each for each in self.all(Purchase) if each.applicant_id == id]

    def payouts_of(self, id: ApplicantId) -> list[Payout]:
        return [each for each in self.all(Payout) if each.applicant_id == id]

    def open_waves(self) -> list[int]:
        return [int(each.number) for each in self.all(Wave) if each.state is WaveState.OPEN]

    def waves_to_come(self) -> list[int]:
        return [int(each.number) for each in self.all(Wave) if each.state is not WaveState.ANNOUNCED]
