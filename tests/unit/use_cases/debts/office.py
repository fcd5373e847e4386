"""Who was paid, and the office that asks it back."""

from chalicelib.domain import ledger
from chalicelib.domain.debts import Debt, DebtReason, WriteOffReason
from chalicelib.domain.identifiers import PayoutId, PurchaseId, StaffId
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.money import Rupiah
from chalicelib.domain.officers import Officer
from chalicelib.domain.references import LABEL, reference_from, spoken
from chalicelib.domain.registration import Role
from chalicelib.use_cases.debts.agree_to_receipt import agree_to_receipt
from chalicelib.use_cases.debts.ask_write_off import ask_write_off
from chalicelib.use_cases.debts.decline_debt import decline_debt
from chalicelib.use_cases.debts.demand_debt import demand_debt
from chalicelib.use_cases.debts.propose_debt import propose_debt
from chalicelib.use_cases.debts.state_receipt import state_receipt
from chalicelib.use_cases.debts.write_off_debt import write_off_debt
from chalicelib.use_cases.support.casework import Casework
from tests.builders import an_applicant, an_applicant_id
from tests.fakes import World

ANI, BUDI = (Officer(StaffId(name), Role.APPROVER) for name in ("ani", "budi"))
PAID, BOUGHT = "incentive-paid/payout-1/1", "purchase/purchase-1"
RECEIPTS = ("A" * 16, "B" * 16)


class Office:
    def __init__(self) -> None:
        self.world = World()
        self.casework = Casework(self.world.applicants, self.world.audit_log, self.world.clock)
        self.person = an_applicant_id()
        self.reference = spoken(reference_from(self.world.indexer.derived(LABEL, self.person)))
        self.world.applicants.save(an_applicant())
        self._pay()

    def _pay(self) -> None:
        now, payout, amount = self.world.clock.now(), PayoutId("payout-1"), Rupiah(600_000)
        postings = (
            ledger.grant(self.person, wave=1, amount=Rupiah(1_000_000), now=now),
            ledger.purchase(self.person, PurchaseId("purchase-1"), partner="pijar", amount=Rupiah(400_000), now=now),
            ledger.incentive_due(self.person, payout, amount=amount, now=now),
            ledger.incentive_paid(self.person, payout, bank="bni", attempt=1, amount=amount, now=now),
        )
        for posting in postings:
            self.world.ledger.post(posting)

    def propose(self, *entitlements: str, by: Officer = ANI) -> Debt:
        proposed = propose_debt(
            self.reference,
            entitlements or (PAID, BOUGHT),
            DebtReason.NOT_ELIGIBLE,
            by,
            debts=self.world.debts,
            ledger=self.world.ledger,
            chance=self.world.chance,
            casework=self.casework,
        )
        return self.now(proposed)

    def demand(self, debt: Debt, by: Officer = BUDI) -> Debt:
        world = self.world
        demand_debt(debt.id, by, debts=world.debts, ledger=world.ledger, casework=self.casework)
        return self.now(debt)

    def repay(self, debt: Debt, amount: int, receipt: str = RECEIPTS[0], by: Officer = BUDI) -> Debt:
        """Stated by one, agreed to by the other."""
        self.state(debt, amount, receipt)
        return self.agree(debt, amount, receipt, by)

    def state(
        self, debt: Debt, amount: int, receipt: str = RECEIPTS[0], by: Officer = ANI, *, gives_back: bool = False
    ) -> Debt:
        debts, paid = self.world.debts, Rupiah(amount)
        state_receipt(debt.id, receipt, paid, by, gives_back=gives_back, debts=debts, casework=self.casework)
        return self.now(debt)

    def agree(self, debt: Debt, amount: int, receipt: str = RECEIPTS[0], by: Officer = BUDI) -> Debt:
        agree_to_receipt(debt.id, receipt, amount, by, debts=self.world.debts, casework=self.casework)
        return self.now(debt)

    def ask_write_off(self, debt: Debt, by: Officer = ANI) -> Debt:
        why = WriteOffReason.CANNOT_PAY
        return ask_write_off(debt.id, by, why, debts=self.world.debts, casework=self.casework)

    def decline(self, debt: Debt, by: Officer = BUDI) -> Debt:
        return decline_debt(debt.id, by, debts=self.world.debts, casework=self.casework)

    def write_off(self, debt: Debt, amount: int, by: Officer = BUDI) -> Debt:
        write_off_debt(debt.id, by, amount, debts=self.world.debts, casework=self.casework)
        return self.now(debt)

    def now(self, debt: Debt) -> Debt:
        found = self.world.debts.get(debt.id)
        assert found is not None
        return found

    @property
    def owed(self) -> int:
        return self.world.ledger.balance(self.person, OwnedAccount.REPAYMENT)
