"""S4: postings never change and sum to zero, no forbidden balance is negative, and money follows what happened."""

from collections import Counter
from typing import Any

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import PersonAccount, Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.training import Purchase, PurchaseState, Schedule
from tests.simulation.life.checks.checker import Checker
from tests.simulation.life.sight import posted_to

_COSTS = frozenset(PurchaseState) - {PurchaseState.OFFERED, PurchaseState.VOIDED}
_OWED = {PayoutState.READY, PayoutState.SUBMITTING, PayoutState.UNKNOWN, PayoutState.REJECTED}


class TheBooksAreRight(Checker):
    name = "S4"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._balances: Counter[tuple[str, str]] = Counter()
        self._touched: set[str] = set()

    def hear(self, before: Any, after: Any) -> None:
        if isinstance(after, Posting):
            self._post(before, after)
        elif isinstance(after, (Purchase, Membership, Payout)):
            self._touched.add(after.applicant_id)

    def _post(self, before: Posting | None, posting: Posting) -> None:
        if before is not None:
            self.broken(f"posting {posting.key} was written again")
        if sum(amount for _, amount in posting.lines()) != 0 or int(posting.amount) <= 0:
            self.broken(f"posting {posting.key} does not sum to zero")
        owner = posted_to(posting)
        self._balances[owner, posting.account] += int(posting.amount) * (1 if posting.adds else -1)
        if self._balances[owner, posting.account] < 0:
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
        spent = sum(int(each.amount) for each in sight.purchases_of(id) if each.state in _COSTS)
        if self._balances[id, PersonAccount.TRAINING_BALANCE] != grant - spent:
            held = self._balances[id, PersonAccount.TRAINING_BALANCE]
            self.broken(f"training balance {held} where {grant} was granted and {spent} spent")
        owed = sum(int(each.amount) for each in sight.payouts_of(id) if each.state in _OWED)
        if self._balances[id, PersonAccount.INCENTIVE_DUE] != owed:
            self.broken(f"incentive due {self._balances[id, PersonAccount.INCENTIVE_DUE]} where {owed} is owed")

    def at_the_end(self) -> None:
        for (owner, account), balance in sorted(self._balances.items()):
            kept = int(self.town.world.ledger.balance(ApplicantId(owner), PersonAccount(account)))
            if kept != balance:
                self.broken(f"the kept {account} is {kept}, its postings sum to {balance}")
