"""Who lives here: what is true of each, and what they believe and do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from random import Random

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.mail import Mail
from chalicelib.domain.verification import Identity, ListMatch
from chalicelib.use_cases.registration.account_of import account_id_of
from tests.builders import a_family_card_no, an_identity
from tests.fakes.surroundings import NOON
from tests.money import a_bank_account
from tests.simulation.life.machine import Answer
from tests.simulation.life.town import Town
from tests.simulation.people import another_spelling, spelling

PASSWORD = "kata sandi yang panjang"
_PROVINCES = ("31", "32", "11")


_NOBODY = ApplicantId("")


@dataclass
class Person:
    """``states`` is what they type into the form: now and then it is wrong, or somebody else's."""

    number: int
    truth: Identity
    states: Identity
    email: str
    banks_as: str
    account_no: str
    id: ApplicantId = _NOBODY
    waves: tuple[int, ...] = ()
    mails: list[Mail] = field(default_factory=list)
    plan: int = 0
    is_busy: bool = False
    has_ended: bool = False
    wake: Callable[[], None] = lambda: None
    stopped_at: str = ""
    regrets: bool = False
    surveys: int = 0
    second_account: str = ""

    def gets(self, mail: Mail) -> None:
        """Codes do not live long: whoever gets one does not wait."""
        self.mails.append(mail)
        if mail.send_key.startswith(("verify_email/", "purchase_code/", "payout_account_code/")):
            self.wake()

    def mailed(self, template: str) -> dict[str, str] | None:
        """The blanks of the newest mail of this kind."""
        for mail in reversed(self.mails):
            if mail.send_key.startswith(f"{template}/"):
                return dict(line.split("=", 1) for line in mail.text.splitlines() if "=" in line)
        return None

    @property
    def fingerprint(self) -> str:
        return sha256(f"face {self.number}".encode()).hexdigest()[:16]


Step = Callable[["Town", Person, Random], bool | timedelta]
"""Tries to do one thing; True when it is done; how long there is nothing to try."""


def inhabitants(town: Town) -> list[Person]:
    """Some are of one family, some type something wrong, some state another's NIK or name another's account."""
    chance = town.chance
    people: list[Person] = []
    for number in range(1, chance.choice(town.size.people) + 1):
        people.append(_somebody(number, people, chance))
    for person in people:
        _make_known(town, person, chance)
    return people


def _somebody(number: int, before: list[Person], chance: Random) -> Person:
    family = a_family_card_no(number if chance.random() < 0.7 else 1)
    disabled, province = chance.random() < 0.1, chance.choice(_PROVINCES)
    truth = an_identity(
        number, family_card_no=family, disabled=disabled, province_code=province, regency_code=f"{province}74"
    )
    if before and chance.random() < 0.05:
        truth = chance.choice(before).truth  # somebody who comes twice, with another mailbox
    states = truth
    if chance.random() < 0.1:
        states = replace(truth, mother_name="Sri Wahyuni")
    account = a_bank_account(number)
    return Person(number, truth, states, spelling(number), truth.full_name, account.account_no)


def _make_known(town: Town, person: Person, chance: Random) -> None:
    world = town.world
    world.population.knows(person.truth)
    person.id = account_id_of(person.email, world.indexer)
    world.bank.opens(a_bank_account(person.number, holder_name=person.banks_as))
    person.surveys = chance.choice(town.size.surveys)
    if chance.random() < town.size.moving:
        second = a_bank_account(100 + person.number, holder_name=person.banks_as)
        person.second_account = second.account_no
        world.bank.opens(second)
    if chance.random() < 0.06:
        world.education.lists(person.truth.nik, ListMatch("DAPODIK", "student", NOON))


def live(town: Town, person: Person, steps: tuple[Step, ...]) -> None:
    """Step by step; what does not go today may go tomorrow. In the end everybody gives up."""
    doing = _steps(town, person, steps)

    def go_on(plan: int) -> None:
        if plan != person.plan or person.is_busy:
            return  # a mail came first, or this very moment
        person.is_busy = True
        pause = next(doing, None)
        person.is_busy = False
        if pause is None:
            person.has_ended = True
        else:
            _go_on_after(pause)

    def _go_on_after(pause: timedelta) -> None:
        person.plan += 1
        plan = person.plan
        town.after(pause, lambda: go_on(plan))

    person.wake = lambda: _go_on_after(timedelta(minutes=town.chance.uniform(1, 6)))
    _go_on_after(timedelta(hours=8 * town.chance.random()))


_PATIENCE = (10, 30, 60, 120, 240, 480, 720, *(1440,) * 9)
"""Minutes from one try to the next."""


def _steps(town: Town, person: Person, steps: tuple[Step, ...]) -> Iterator[timedelta]:
    chance = town.chance
    for step in steps:
        for minutes in _PATIENCE:
            done = step(town, person, chance)
            while isinstance(done, timedelta):
                yield done
                done = step(town, person, chance)
            if done:
                break
            yield timedelta(minutes=minutes * chance.uniform(0.5, 1.5))
        else:
            person.stopped_at = step.__name__
            town.tell(f"person {person.number} gives up at {step.__name__}")
            return
        if person.stopped_at:
            return
        yield timedelta(minutes=chance.expovariate(1 / 20))


def other_address(person: Person, chance: Random) -> str:
    return another_spelling(person.number, chance) if chance.random() < 0.3 else person.email


def is_over(answer: Answer, *codes: str) -> bool:
    """Done, or done before."""
    return answer.is_fine or answer.code in codes
