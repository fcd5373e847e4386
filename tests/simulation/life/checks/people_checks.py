"""S1 and S2: nobody who was acknowledged is lost, and nobody is there twice."""

from collections import defaultdict
from typing import Any

from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.registration import Account
from chalicelib.domain.verification import Applicant, IdentityState
from tests.simulation.life.checks.checker import Checker
from tests.simulation.people import mailbox

_ACTIVE = {IdentityState.CHECKING, IdentityState.VERIFIED}
MOST_OF_A_FAMILY = 2


class NobodyIsLost(Checker):
    """Each acknowledged registration is an account, or a message that is not done with."""

    name = "S1"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._acknowledged: dict[str, str] = {}
        self._mailboxes: set[str] = set()

    def see(self, queue: Queue, body: Any) -> None:
        if queue is Queue.REGISTRATIONS_TO_OPEN:
            self._acknowledged[body["registration_id"]] = mailbox(body["email"])

    def hear(self, before: Any, after: Any) -> None:
        if isinstance(after, Account):
            self._mailboxes.add(mailbox(after.email))

    def after_event(self) -> None:
        if not self._acknowledged:
            return
        opened = [id for id, whose in self._acknowledged.items() if whose in self._mailboxes]
        for id in opened:
            del self._acknowledged[id]
        if self._acknowledged:
            self._look_on_queues()

    def _look_on_queues(self) -> None:
        queues = self.town.world.queues
        lying = {each.body.get("registration_id") for each in (*queues.all(), *queues.dead)}
        for id in self._acknowledged.keys() - lying:
            if not self.town.is_midway:
                self.broken(f"registration {id} is neither an account nor on a queue")

    def at_the_end(self) -> None:
        if self._acknowledged:
            self.broken(f"{len(self._acknowledged)} registrations were never opened")


class NobodyIsThereTwice(Checker):
    """One account a mailbox, one active applicant a NIK, two recipients a family."""

    name = "S2"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._accounts: dict[str, ApplicantId] = {}
        self._holders: defaultdict[str, set[ApplicantId]] = defaultdict(set)
        self._families: defaultdict[str, set[ApplicantId]] = defaultdict(set)
        self._numbers: dict[tuple[str, str], ApplicantId] = {}
        self._cards: dict[str, ApplicantId] = {}

    def hear(self, before: Any, after: Any) -> None:
        if isinstance(after, Account):
            self._account(after)
        if isinstance(after, Applicant) and after.identity:
            self._applicant(before, after)
        if isinstance(after, Membership) and before is None:
            self._membership(after)
        if isinstance(after, PayoutAccount) and after.state is AccountState.VERIFIED:
            number = after.account.bank, after.account.account_no
            if self._numbers.setdefault(number, after.applicant_id) != after.applicant_id:
                self.broken("one account number is two people's")

    def _account(self, account: Account) -> None:
        first = self._accounts.setdefault(mailbox(account.email), account.id)
        if first != account.id:
            self.broken(f"one mailbox has accounts {first} and {account.id}")

    def _applicant(self, before: Applicant | None, after: Applicant) -> None:
        if before is not None and before.identity:
            self._holders[before.identity.nik].discard(after.id)
        if after.identity and after.state in _ACTIVE:
            holders = self._holders[after.identity.nik]
            holders.add(after.id)
            if len(holders) > 1:
                self.broken(f"one NIK is held by {sorted(holders)}")

    def _membership(self, member: Membership) -> None:
        known = self.town.sight.one(Applicant, member.applicant_id)
        family = known.identity.family_card_no if known and known.identity else "?"
        self._families[family].add(member.applicant_id)
        if len(self._families[family]) > MOST_OF_A_FAMILY:
            self.broken(f"one family has recipients {sorted(self._families[family])}")
        if self._cards.setdefault(member.card_number, member.applicant_id) != member.applicant_id:
            self.broken("one card has two holders")
