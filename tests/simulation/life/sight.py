"""Everything as it lies there, seen without a call: for people, who read their page, and for checkers."""

from collections import defaultdict
from typing import Any, TypeVar

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_accounts import PayoutAccount
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.registration import Account
from chalicelib.domain.training import Purchase, Schedule
from chalicelib.domain.verification import Applicant
from chalicelib.domain.waves import Wave, WaveEntry, WaveState

Item = TypeVar("Item")


def _key(item: Any) -> Any:
    if isinstance(item, (Membership, PayoutAccount)):
        return item.applicant_id
    if isinstance(item, WaveEntry):
        return item.wave, item.applicant_id
    if isinstance(item, Wave):
        return item.number
    if isinstance(item, Posting):
        return posted_to(item), item.key
    if isinstance(item, Schedule):
        return item.course_code, item.code
    return item.id


def posted_to(posting: Posting) -> str:
    return str(posting.applicant_id)


_SEEN = (Account, Applicant, Wave, WaveEntry, Membership, Purchase, PayoutAccount, Payout, Posting, Schedule)


class Sight:
    def __init__(self) -> None:
        self._items: defaultdict[type, dict[Any, Any]] = defaultdict(dict)

    def hear(self, _before: Any, after: Any) -> None:
        if isinstance(after, _SEEN):
            self._items[type(after)][_key(after)] = after

    def all(self, of: type[Item]) -> list[Item]:
        return list(self._items[of].values())

    def one(self, of: type[Item], key: Any) -> Item | None:
        return self._items[of].get(key)

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

    def awaiting_approval(self) -> list[Payout]:
        return [each for each in self.all(Payout) if each.state in _UNAPPROVED]


_UNAPPROVED = (PayoutState.AWAITING_APPROVAL, PayoutState.APPROVED_ONCE)
