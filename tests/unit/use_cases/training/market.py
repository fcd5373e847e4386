"""A course on the list, a recipient with money, and the steps from an offer to a certificate, over fakes."""

from dataclasses import dataclass, field

from chalicelib.domain import ledger
from chalicelib.domain.identifiers import ClientCode, InvoiceCode, PurchaseId, RedeemCode
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.money import Rupiah
from chalicelib.domain.training import Purchase
from chalicelib.use_cases.registration.proofs import code_of
from chalicelib.use_cases.training.authorize_purchase import Authorization, authorize_purchase
from chalicelib.use_cases.training.offer_purchase import Offer, offer_purchase
from chalicelib.use_cases.training.redeem_course import redeem_course
from tests.builders import (
    PLATFORM,
    PROVIDER,
    a_course,
    a_membership,
    a_partner,
    a_schedule,
    an_account,
    an_applicant_id,
)
from tests.fakes import NOON, World

GRANT = 1_000_000
STRANGER = ClientCode("stranger")


@dataclass
class Market:
    """Recipient 1 has a million and may buy a course of half a million."""

    world: World = field(default_factory=World)
    token: str = ""

    def __post_init__(self) -> None:
        for code in (PLATFORM, PROVIDER):
            self.world.courses.put_partner(a_partner(code))
        self.world.courses.put(a_course())
        self.world.courses.put_schedule(a_schedule())
        self.welcome(1)

    def welcome(self, number: int, *, money: int = GRANT) -> None:
        world, recipient = self.world, a_membership(number)
        posting = ledger.grant(recipient.applicant_id, wave=1, amount=Rupiah(money), now=NOON)
        world.memberships.award(recipient, posting, most_per_family=2)
        world.accounts.add(an_account(number))

    def offer(self, number: int = 1) -> str:
        """The payment token, which is also kept."""
        card, course, schedule = a_membership(number).card_number, a_course(), a_schedule()
        asked = Offer(PLATFORM, card, course.code, schedule.code, course.price)
        self.token = ask_offer(self.world, asked)
        return self.token

    def id_of(self, token: str = "") -> PurchaseId:
        return PurchaseId(self.world.indexer.index("payment_token", token or self.token))

    def code(self, token: str = "") -> str:
        """As it stands in the buyer's mail."""
        return code_of("purchase", self.id_of(token), self.world.indexer)

    def asked(self, *, invoice: str = "INV-1", code: str = "", token: str = "") -> Authorization:
        token = token or self.token
        return Authorization(
            PLATFORM, token, code or self.code(token), InvoiceCode(invoice), "https://belajar.example/1"
        )

    def authorize(self, asked: Authorization | None = None) -> Purchase:
        world = self.world
        return authorize_purchase(
            asked or self.asked(), purchases=world.purchases, indexer=world.indexer, clock=world.clock
        )

    def redeemed(self) -> Purchase:
        self.offer()
        code = self.authorize().redeem_code
        assert code
        return redeem_course(PROVIDER, code, purchases=self.world.purchases, clock=self.world.clock)

    def purchase(self, token: str = "") -> Purchase:
        """As it is stored now."""
        found = self.world.purchases.get(self.id_of(token))
        assert found
        return found

    def redeem_code(self) -> RedeemCode:
        code = self.purchase().redeem_code
        assert code
        return code

    def balance(self, number: int = 1) -> int:
        return int(self.world.ledger.balance(an_applicant_id(number), OwnedAccount.TRAINING_BALANCE))

    def seats_left(self) -> int:
        schedule = self.world.courses.schedule(a_course().code, a_schedule().code)
        assert schedule
        return schedule.seats_left


def ask_offer(world: World, asked: Offer) -> str:
    return offer_purchase(
        asked,
        courses=world.courses,
        purchases=world.purchases,
        memberships=world.memberships,
        ledger=world.ledger,
        indexer=world.indexer,
        chance=world.chance,
        clock=world.clock,
    )
