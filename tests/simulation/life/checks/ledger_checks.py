"""S4: postings never change and sum to zero, no forbidden balance is negative, and money follows what happened."""

from collections import Counter
from datetime import date
from typing import Any

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import OwnedAccount, Posting, channel_owner
from chalicelib.domain.ledger_chain import LedgerEntry, digest_of, genesis
from chalicelib.domain.membership import Membership
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.reconciliation.days import Day
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.training import Purchase, PurchaseState, Schedule
from tests.simulation.life.checks.checker import Checker

_COSTS = frozenset(PurchaseState) - {PurchaseState.OFFERED, PurchaseState.VOIDED}
_NOT_OWED = {PayoutState.SETTLED, PayoutState.CANCELLED}
_NEVER_BELOW = {OwnedAccount.TRAINING_BALANCE, OwnedAccount.INCENTIVE_DUE}


class TheBooksAreRight(Checker):
    name = "S4"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._balances: Counter[tuple[str, str]] = Counter()
        self._touched: set[str] = set()
        self._ends: dict[str, tuple[int, str]] = {}

    def hear(self, before: Any, after: Any) -> None:
        if isinstance(after, LedgerEntry):
            self._chain(before, after)
            self._post(after.posting)
        elif isinstance(after, (Purchase, Membership, Payout)):
            self._touched.add(after.applicant_id)

    def _chain(self, before: LedgerEntry | None, entry: LedgerEntry) -> None:
        owner, key = entry.posting.owner, entry.posting.key
        if before is not None:
            self.broken(f"posting {key} was written again")
        number, last = self._ends.get(owner, (0, genesis(owner)))
        if entry.number != number + 1 or entry.previous != last or entry.digest != digest_of(entry):
            self.broken(f"posting {key} does not follow from the one before it")
        self._ends[owner] = entry.number, entry.digest

    def _post(self, posting: Posting) -> None:
        if sum(amount for _, amount in posting.lines()) != 0 or int(posting.amount) <= 0:
            self.broken(f"posting {posting.key} does not sum to zero")
        owner = posting.owner
        self._balances[owner, posting.account] += int(posting.amount) * (1 if posting.adds else -1)
        if posting.account in _NEVER_BELOW and self._balances[owner, posting.account] < 0:
            self.broken(f"{posting.account} is below zero after {posting.key}")
        self._touched.add(owner)

    def after_event(self) -> None:
        for owner in sorted(self._touched):
            self._compare(ApplicantId(owner))
        if self._touched:
            self._count_seats()
        self._touched.clear()

    def _count_seats(self) -> None:
        sold = Counter(each.schedule_code for each in self.town.sight.all(Purchase) if each.state in _COSTS)
        for schedule in self.town.sight.all(Schedule):
            if schedule.seats_taken != sold[schedule.code] or schedule.seats_taken > schedule.seats:
                self.broken(f"{schedule.seats_taken} of {schedule.seats} seats taken, {sold[schedule.code]} sold")

    def _compare(self, id: ApplicantId) -> None:
        """With what was awarded, sold and approved."""
        sight = self.town.sight
        member = sight.one(Membership, id)
        grant = int(scheme_named(member.scheme).training_grant) if member else 0
        back = int(member.returned) if member else 0
        spent = sum(int(each.by_grant) for each in sight.purchases_of(id) if each.state in _COSTS)
        held = self._balances[id, OwnedAccount.TRAINING_BALANCE]
        if held != grant - spent - back:
            self.broken(f"training balance {held} where {grant} was granted, {spent} spent and {back} returned")
        owed = sum(int(each.amount) for each in sight.payouts_of(id) if each.state not in _NOT_OWED)
        if self._balances[id, OwnedAccount.INCENTIVE_DUE] != owed:
            self.broken(f"incentive due {self._balances[id, OwnedAccount.INCENTIVE_DUE]} where {owed} is owed")

    def at_the_end(self) -> None:
        for (owner, account), balance in sorted(self._balances.items()):
            kept = int(self.town.world.ledger.balance(owner, OwnedAccount(account)))
            if kept != balance:
                self.broken(f"the kept {account} is {kept}, its postings sum to {balance}")


class SuspenseIsExplained(Checker):
    """The bank's statement of every day, the ledger and what is in suspense: in the end nothing is."""

    name = "S4"

    def at_the_end(self) -> None:
        town = self.town
        moved: Counter[date] = Counter()
        for each in town.world.bank.movements():
            moved[each.day] += int(each.order.amount) * (-1 if each.is_back else 1)
        for day in town.sight.all(Day):
            suspense = int(town.world.ledger.balance(channel_owner(day.bank, day.day), OwnedAccount.SUSPENSE))
            if suspense:
                self.broken(f"{suspense} of {day.day} is in suspense for ever")
            if day.theirs != moved[day.day] or day.booked != day.theirs:
                self.broken(f"{day.day}: {moved[day.day]} moved, {day.theirs} by the statement, {day.booked} booked")
