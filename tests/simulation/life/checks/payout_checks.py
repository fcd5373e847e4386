"""S5 and S6: the bank's own books show each entitlement once, and nothing leaves that nobody earned."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.incentives import COMPLETION, SURVEY
from chalicelib.domain.membership import Membership, MembershipState
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payout_batches import Batch
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.surveys import FilledSurvey
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.domain.verification import Applicant, Identity, Registry
from tests.simulation.life.bank import Booked
from tests.simulation.life.checks.checker import Checker


class _AtTheBank(Checker):
    """Looks at what came into the bank's books since it looked last."""

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._seen = 0
        self._references: dict[str, str] = {}

    def after_event(self) -> None:
        books = self.town.world.bank.books
        if len(books) > self._seen:
            for booked in list(books.values())[self._seen :]:
                self._came(booked)
            self._seen = len(books)

    def _came(self, booked: Booked) -> None:
        raise NotImplementedError

    def hear(self, before: Any, after: Any) -> None:
        if isinstance(after, Payout):
            self._references[after.reference] = after.id

    def _payout_of(self, booked: Booked) -> Payout:
        payout = self.town.sight.one(Payout, self._references.get(booked.order.reference))
        if payout is None:
            self.broken(f"the bank was given reference {booked.order.reference}, which is no payout's")
        return payout


class EachIsPaidOnce(_AtTheBank):
    """Of all attempts at one entitlement at most one leaves money with the person."""

    name = "S5"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._attempts: defaultdict[tuple[str, str, int], list[Booked]] = defaultdict(list)

    def _came(self, booked: Booked) -> None:
        payout = self._payout_of(booked)
        what_for = payout.applicant_id, payout.purpose, payout.period
        attempts = self._attempts[what_for]
        attempts.append(booked)
        if sum(each.keeps(self.town.clock.at) for each in attempts) > 1:
            self.broken(f"{what_for} is paid twice")
        if int(booked.order.amount) != int(payout.amount) or int(booked.order.amount) not in self._due(payout):
            self.broken(f"{what_for}: {booked.order.amount} left where {payout.amount} is due")

    def _due(self, payout: Payout) -> set[int]:
        member = self.town.sight.one(Membership, payout.applicant_id)
        incentives = scheme_named(member.scheme).incentives if member else ()
        return {int(each.amount) for each in incentives if each.purpose == payout.purpose}

    def at_the_end(self) -> None:
        now = self.town.clock.at
        for payout in self.town.sight.all(Payout):
            attempts = self._attempts[payout.applicant_id, payout.purpose, payout.period]
            is_paid = any(each.keeps(now) for each in attempts)
            if is_paid != (payout.state is PayoutState.SETTLED):
                truth = "paid" if is_paid else "not paid"
                self.broken(f"payout {payout.id} is {payout.state}; by the bank's books it is {truth}")


class OnlyWhatWasEarnedIsPaid(_AtTheBank):
    name = "S6"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._checksums: dict[str, str] = {}

    def hear(self, before: Any, after: Any) -> None:
        super().hear(before, after)
        if isinstance(after, Payout) and before is None and self._not_earned(after):
            self.broken(f"payout {after.id} was prepared without {self._not_earned(after)}")
        if isinstance(after, Batch):
            self._checksums.setdefault(after.id, after.checksum)

    def _came(self, booked: Booked) -> None:
        payout = self._payout_of(booked)
        for missing in (self._not_earned(payout), self._not_approved(payout), self._not_theirs(payout, booked)):
            if missing:
                self.broken(f"payout {payout.id} left without {missing}")

    def _not_earned(self, payout: Payout) -> str | None:
        sight, id = self.town.sight, payout.applicant_id
        member = sight.one(Membership, id)
        if member is None or member.state is MembershipState.REVOKED:
            return "an award"
        trained = [each for each in sight.purchases_of(id) if each.certificate_no and self._is_attended(each)]
        if payout.purpose == SURVEY:
            filled = sight.one(FilledSurvey, (id, payout.period))
            return None if filled and trained else "a filled survey after a completed training"
        if not any(each.review and each.state is PurchaseState.REVIEWED for each in trained):
            return "a completed training with evidence and review"
        return None

    def _is_attended(self, purchase: Purchase) -> bool:
        return set(purchase.sequences) <= set(purchase.attended)

    def _not_approved(self, payout: Payout) -> str | None:
        batch = self.town.sight.one(Batch, payout.batch)
        if batch is None or batch.checksum != self._checksums.get(batch.id):
            return "a batch of which the list is as it was built"
        by = {batch.first_approver, batch.second_approver} - {None, batch.built_by}
        return None if len(by) == 2 else "two different approvers"

    def _not_theirs(self, payout: Payout, booked: Booked) -> str | None:
        account = self.town.sight.one(PayoutAccount, payout.applicant_id)
        if account is None or account.state is not AccountState.VERIFIED:
            return "a verified account"
        if account.account.account_no != booked.order.to.account_no:
            return "the person's own account"
        known = self.town.sight.one(Applicant, payout.applicant_id)
        holder = self.town.world.bank.holder_of(booked.order.to)
        if known is None or known.identity is None or known.identity.full_name != holder:
            return "a holder of the person's name"
        if known.identity not in self._truths():
            return "an identity that the registry knows"
        return "a clean blocklist" if self._is_blocked(known) else None

    def _truths(self) -> list[Identity]:
        return [person.truth for person in self.town.people]

    def _is_blocked(self, known: Applicant) -> bool:
        return any(reason.startswith("blocklist:") for reason in known.check(Registry.LISTS).reasons)


class NothingEarnedIsLost(Checker):
    """Two surveys pay the same, and are two."""

    name = "L2"

    def at_the_end(self) -> None:
        sight = self.town.sight
        for account in sight.all(PayoutAccount):
            if account.state is AccountState.VERIFIED:
                prepared = {(each.purpose, each.period) for each in sight.payouts_of(account.applicant_id)}
                lost = set(self._earned(account.applicant_id)) - prepared
                if lost:
                    self.broken(f"{account.applicant_id} earned {sorted(lost)}, and nothing is prepared")

    def _earned(self, id: ApplicantId) -> Iterator[tuple[str, int]]:
        sight = self.town.sight
        member = sight.one(Membership, id)
        is_reviewed = any(each.state is PurchaseState.REVIEWED for each in sight.purchases_of(id))
        for incentive in scheme_named(member.scheme).incentives if member else ():
            for period in incentive.numbers:
                by_survey = sight.one(FilledSurvey, (id, period)) is not None
                if by_survey if incentive.purpose == SURVEY else incentive.purpose == COMPLETION and is_reviewed:
                    yield incentive.purpose, period
