"""Brings everybody of the cast to where they stand when a test begins.

By use cases and doors; where those would take many writes, by the domain's own steps and one write, because every call
to moto costs 10 ms.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial, reduce

from chalicelib import bootstrap
from chalicelib.domain import ledger, registration, training, verification
from chalicelib.domain.faces import FaceAnswer, record_face
from chalicelib.domain.identifiers import ClientCode, CourseCode, InvoiceCode, RedeemCode, ScheduleCode, WaveNumber
from chalicelib.domain.mail import Language
from chalicelib.domain.membership import INDUCTION_VIDEOS, Due, watch_video
from chalicelib.domain.money import Rupiah
from chalicelib.domain.registration import SESSION_LIVES, Role, Session
from chalicelib.domain.verification import Check, Outcome, PersonStatus, Photo, PhotoKind, PhotoState, Registry
from chalicelib.domain.waves import EntryEvent, move_entry, shard_of
from chalicelib.use_cases.registration.open_account import Asked, DoneTogether, Opening, open_account
from chalicelib.use_cases.training.offer_purchase import Offer, offer_purchase
from tests.integration import cast, paying
from tests.integration.bank_day import bring_statements
from tests.integration.bookkeeping import keep_books
from tests.integration.casework import bring_before_people
from tests.integration.cast import CAST, NOON, Person
from tests.integration.debtors import bring_debts
from tests.integration.founding import Told, draw, found
from tests.integration.money_people import bring_to_money
from tests.integration.partner_client import PartnerClient
from tests.integration.photography import clean_key
from tests.integration.stages import Stage
from tests.integration.town import Town

Step = Callable[[Town, Person], None]


def bring_up(town: Town) -> None:
    """From the evening to noon."""
    found(town)
    latecomer, *rest = CAST.values()  # whose code is good for ten minutes only
    for person in rest:
        lift(town, person, Stage.OPENED, min(person.stage, Stage.JOINED))
    draw(town)
    town.clock.at = NOON
    lift(town, latecomer, Stage.OPENED, latecomer.stage)
    for person in rest:
        lift(town, person, Stage.CHOSEN, person.stage)
    partner(town, cast.PLATFORM).got("payment/void", {"invoice_code": CAST["vina"].invoice})
    _buy_in_sandbox(town, CAST["wati"])
    bring_before_people(town)
    _exclude(CAST["ulfa"])
    _miss_the_deadline(CAST["siska"])
    bring_to_money(town)
    paying.hold_back(CAST["vivi"], town)
    paying.reject(CAST["yulia"], town)
    bring_statements(town)
    bring_debts()
    keep_books(town)
    town.overlook_changes()


def lift(town: Town, person: Person, first: Stage, last: Stage) -> None:
    for stage in Stage:
        if first <= stage <= last:
            _STEPS[stage](town, person)


def partner(town: Town, client_code: str) -> PartnerClient:
    return PartnerClient(town, client_code, cast.SIGN_KEYS[client_code])


def _do(method: str, path: str, body: object, town: Town, person: Person) -> None:
    reply = town.ask(method, path, body, token=person.token)
    assert reply.status < 300, (path, reply.text)


def _tell(function: str, town: Town, person: Person, **more: object) -> None:
    town.tell(function, applicant_id=person.id, **more)


# --- Step by step -----------------------------------------------------------------------------------------------------


def _open(town: Town, person: Person) -> None:
    opening = Opening(
        accounts=bootstrap.accounts(),
        buckets=bootstrap.buckets(),
        disposable_domains=bootstrap.disposable_domains(),
        indexer=bootstrap.indexer(),
        clock=town.clock,
    )
    asked = Asked(person.email, Language.INDONESIAN, person.registration_id)
    open_account(asked, DoneTogether(), opening=opening, messages=bootstrap.messages())


def _activate(town: Town, person: Person) -> None:
    account = bootstrap.accounts().get(person.id)
    assert account is not None
    bootstrap.accounts().save(registration.activate(account, password_hash=_password_hash()))
    session = Session(person.id, Role.APPLICANT, town.clock.now() + SESSION_LIVES)
    bootstrap.accounts().add_session(cast.INDEXER.index("session", person.token), session)


@cache
def _password_hash() -> str:
    return bootstrap.passwords().hashed(cast.PASSWORD)


def _verify(town: Town, person: Person) -> None:
    applicant = bootstrap.applicants().get(person.id)
    for registry in Registry:
        applicant = verification.record_check(applicant, registry, Check(Outcome.PASSED, (), town.clock.now()))
    bootstrap.applicants().save(applicant)


def _photograph(town: Town, person: Person) -> None:
    applicant = bootstrap.applicants().get(person.id)
    for kind, fingerprint in ((PhotoKind.ID_CARD, None), (PhotoKind.SELFIE, f"{person.number:04x}" * 4)):
        photo = Photo(PhotoState.ACCEPTED, None, clean_key(person, kind), town.clock.now(), fingerprint)
        applicant = verification.record_photo(applicant, kind, photo)
    bootstrap.applicants().save(applicant)


def _complete(town: Town, person: Person) -> None:
    applicant = bootstrap.applicants().get(person.id)
    selfie = replace(applicant.photo(PhotoKind.SELFIE), alike=())
    applicant = verification.record_photo(applicant, PhotoKind.SELFIE, selfie)
    answer = FaceAnswer(PersonStatus.FOUND, 95, town.clock.now())
    applicant = record_face(applicant, answer)
    bootstrap.applicants().save(verification.sign_declaration(applicant, now=town.clock.now()))


def _induct(town: Town, person: Person) -> None:
    membership = bootstrap.memberships().get(person.id)
    assert membership is not None
    bootstrap.memberships().save(reduce(watch_video, INDUCTION_VIDEOS, membership))


def _offer(town: Town, person: Person) -> None:
    membership = bootstrap.memberships().get(person.id)
    assert membership is not None
    course, schedule = CourseCode(cast.COURSE), ScheduleCode(cast.SCHEDULE)
    offer_purchase(
        Offer(ClientCode(cast.PLATFORM), membership.card_number, course, schedule, Rupiah(cast.PRICE)),
        courses=bootstrap.courses(),
        purchases=bootstrap.purchases(),
        memberships=bootstrap.memberships(),
        ledger=bootstrap.ledger(),
        indexer=bootstrap.indexer(),
        chance=Told(person.payment_token),
        clock=town.clock,
    )


def _pay(town: Town, person: Person) -> None:
    invoice = {"invoice_code": person.invoice, "invoice_url": f"https://pijar.example/{person.invoice}"}
    body = {"otp": person.otp, **invoice}
    partner(town, cast.PLATFORM).got("payment/authorize", body, payment_token=person.payment_token)


def redeem_code_of(person: Person) -> str:
    purchase = bootstrap.purchases().get(person.purchase_id)
    assert purchase is not None
    return str(purchase.redeem_code)


def _redeem(town: Town, person: Person) -> None:
    partner(town, cast.PROVIDER).got("payment/redeem-code/commit", {"redeem_code": redeem_code_of(person)})


def invitation(town: Town, person: Person, sequence: int) -> str:
    """The state by which a provider invites to attend."""
    asked = {"redeem_code": redeem_code_of(person), "sequence": sequence, "redirect_uri": "https://lembaga.example/"}
    return str(partner(town, cast.PROVIDER).got("oauth/url-generate", asked)["state"])


def _train(town: Town, person: Person) -> None:
    purchase = bootstrap.purchases().get(person.purchase_id)
    assert purchase is not None
    for sequence in cast.SEQUENCES:
        purchase = training.attend(purchase, sequence, now=town.clock.now())
    bootstrap.purchases().save(purchase)


def _review(town: Town, person: Person) -> None:
    review = {"redeem_code": redeem_code_of(person), "stars": 5, "text": "Jelas dan berguna."}
    _do("POST", "/v1/me/reviews", review, town, person)


_STEPS: dict[Stage, Step] = {
    Stage.OPENED: _open,
    Stage.ACTIVE: _activate,
    Stage.SUBMITTED: lambda town, person: _do("PUT", "/v1/me/identity", person.identity(), town, person),
    Stage.CHECKING: partial(_tell, "claim_identities", submission=1),
    Stage.VERIFIED: _verify,
    Stage.PHOTOGRAPHED: _photograph,
    Stage.COMPLETE: _complete,
    Stage.JOINED: lambda town, person: _do("PUT", f"/v1/me/waves/{person.wave}/entry", None, town, person),
    Stage.CHOSEN: lambda town, person: town.tell("record_wave_results", wave=person.wave, shard=shard_of(person.id)),
    Stage.AWARDED: partial(_tell, "make_awards", wave=cast.DRAWN_WAVE),
    Stage.INDUCTED: _induct,
    Stage.OFFERED: _offer,
    Stage.PAID: _pay,
    Stage.REDEEMED: _redeem,
    Stage.TRAINED: _train,
    Stage.CERTIFIED: lambda town, person: town.tell("issue_certificates", purchase_id=person.purchase_id),
    Stage.REVIEWED: _review,
    Stage.LINKED: lambda town, person: _do(
        "PUT", "/v1/me/payout-account", {"bank": "bni", "account_no": person.account_no}, town, person
    ),
    Stage.ACCOUNT_VERIFIED: partial(_tell, "verify_payout_accounts"),
    Stage.PREPARED: partial(_tell, "prepare_incentives"),
    Stage.BATCHED: paying.put_in_batch,
    Stage.APPROVED: paying.approve,
    Stage.OUT_OF_SIGHT: paying.lose_sight,
}


def _exclude(person: Person) -> None:
    (entry,) = bootstrap.waves().entries_of(person.id, [WaveNumber(person.wave)])
    bootstrap.waves().save_entry(move_entry(entry, EntryEvent.EXCLUDE, reason="blocklist"))


def _miss_the_deadline(person: Person) -> None:
    membership = bootstrap.memberships().get(person.id)
    assert membership is not None
    past = NOON - timedelta(minutes=10)
    bootstrap.memberships().save(replace(membership, first_purchase_by=past, due=Due.REVOKE, due_at=past))


def _buy_in_sandbox(town: Town, person: Person) -> None:
    """Through the store: none of the partners is of the sandbox, see ``test_sandbox.py``."""
    _offer(town, person)
    offered = bootstrap.purchases().get(person.purchase_id)
    assert offered is not None
    paid = training.authorize(
        offered,
        invoice=InvoiceCode(person.invoice),
        invoice_url="",
        transaction_code="TRX-WATI",
        redeem_code=RedeemCode(cast.SANDBOX_CODE),
    )
    posting = ledger.purchase(person.id, paid.id, partner=paid.platform, amount=paid.amount, now=town.clock.now())
    bootstrap.purchases().pay(paid, posting)
    redeemed = replace(paid, version=paid.version + 1)
    bootstrap.purchases().save(training.redeem(redeemed, now=town.clock.now()))
