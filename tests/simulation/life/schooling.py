"""One person's way from a card to money: a course bought, attended and reviewed, and an account to be paid to."""

from random import Random

from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.training import Purchase, PurchaseState
from tests.builders import a_course, a_schedule
from tests.money import a_bank_account
from tests.simulation.life.doors import SELLER, STRANGER, TEACHER, applicant, door
from tests.simulation.life.machine import Answer
from tests.simulation.life.people import Person, is_over
from tests.simulation.life.town import Town

_LIVING = {each for each in PurchaseState if each not in (PurchaseState.OFFERED, PurchaseState.VOIDED)}


def _bought(town: Town, person: Person) -> Purchase | None:
    return next((each for each in town.sight.purchases_of(person.id) if each.state in _LIVING), None)


def buy(town: Town, person: Person, chance: Random) -> bool:
    """The platform offers, the code comes by mail, and it is typed: now and then wrongly, or twice."""
    bought = _bought(town, person)
    if bought is not None:
        return not _is_regretted(town, person, bought, chance)
    token, mailed = town.tokens.get(person.number), person.mailed("purchase_code")
    if token is None or mailed is None or chance.random() < 0.2:
        _offer(town, person)
        return False
    answer = _authorize(town, person, token, mailed["code"] if chance.random() < 0.9 else "999999")
    if answer.code == "unavailable" or chance.random() < 0.2:
        answer = _authorize(town, person, token, mailed["code"])
    if answer.code == "code_wrong_or_expired" and chance.random() < 0.6:
        del town.tokens[person.number]  # it is offered anew
    return False


def _offer(town: Town, person: Person) -> None:
    member = town.sight.one(Membership, person.id)
    if member is None:
        return
    view, body = door("partners.send_otp")
    course = a_course()
    stated = body(
        course_code=course.code,
        schedule_code=a_schedule().code,
        user_platform_id="90",
        prakerja_id=member.card_number,
        amount=int(course.price),
    )
    answer = town.ask(f"platform for {person.number}", view, partner=SELLER, body=stated)
    if answer.is_fine:
        town.tokens[person.number] = answer.value["payment_token"]


def _authorize(town: Town, person: Person, token: str, code: str) -> Answer:
    view, body = door("partners.authorize")
    stated = body(otp=code, invoice_code=f"INV-{token[:12]}", invoice_url="https://belajar.example/invoice")
    return town.ask(f"platform for {person.number}", view, partner=SELLER, body=stated, token=token)


def _is_regretted(town: Town, person: Person, bought: Purchase, chance: Random) -> bool:
    """A sale is taken back, now and then: the platform may say so twice."""
    if bought.state is not PurchaseState.PAID or chance.random() > 0.1 or person.regrets:
        return False
    person.regrets = True
    view, body = door("partners.void")
    for _ in range(chance.randint(1, 2)):
        stated = body(invoice_code=bought.invoice_code)
        town.ask(f"platform for {person.number}", view, partner=SELLER, body=stated)
    return True


def redeem(town: Town, person: Person, chance: Random) -> bool:
    bought = _bought(town, person)
    if bought is None:
        return buy(town, person, chance) and False
    view, body = door("partners.redeem_code_commit")
    stated = body(redeem_code=bought.redeem_code)
    whose = TEACHER if chance.random() < 0.95 else STRANGER
    answer = town.ask(f"provider for {person.number}", view, partner=whose, body=stated)
    return whose is TEACHER and is_over(answer, "redeem_code_already_redeemed", "illegal_transition")


def attend(town: Town, person: Person, chance: Random) -> bool:
    bought = _bought(town, person)
    if bought is None or bought.state not in (PurchaseState.PAID, PurchaseState.REDEEMED):
        return bought is not None
    for sequence in chance.sample(bought.sequences, len(bought.sequences)):
        if sequence not in bought.attended and chance.random() < 0.8:
            _attend(town, person, str(bought.redeem_code), sequence)
    return False


def _attend(town: Town, person: Person, code: str, sequence: int) -> None:
    view, body = door("partners.url_generate")
    asked = body(redeem_code=code, sequence=sequence, redirect_uri="https://lembaga.example/")
    answer = town.ask(f"provider for {person.number}", view, partner=TEACHER, body=asked)
    if answer.is_fine:
        view, body = door("training.attend")
        present = body(state=answer.value["state"])
        town.ask(f"person {person.number}", view, caller=applicant(person.id), body=present)


def review(town: Town, person: Person, chance: Random) -> bool:
    bought = _bought(town, person)
    if bought is None:
        return False
    view, body = door("training.review")
    written = body(redeem_code=str(bought.redeem_code), stars=chance.randint(1, 5), text="Jelas dan berguna.")
    answer = town.ask(f"person {person.number}", view, caller=applicant(person.id), body=written)
    return is_over(answer, "review_already_written")


def link_account(town: Town, person: Person, chance: Random) -> bool:
    """One's own, in the end: the first try may name another's number, or one that nobody has."""
    linked = town.sight.one(PayoutAccount, person.id)
    if linked is not None and linked.state is AccountState.VERIFIED:
        return True
    if linked is not None and linked.state is AccountState.LINKED:
        return False
    number = person.account_no
    if linked is None and chance.random() < 0.1:
        others = [1, 2, 3, person.number % 5 or 5]  # the last of them has the same name
        number = a_bank_account(chance.choice(others)).account_no if chance.random() < 0.7 else "99999999"
    view, body = door("payout_accounts.put_account")
    stated = body(bank="bni", account_no=number)
    town.ask(f"person {person.number}", view, caller=applicant(person.id), body=stated)
    return False
