"""A seeded synthetic country: the people whom the demo, the benchmarks, the simulator and the stand-ins all know.

The same seed gives the same people in any process. Each family has a random source of its own, so a person can be had
alone or in order, and a larger country begins with the people of a smaller one. Nobody here exists.
"""

from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum
from itertools import accumulate
from random import Random
from typing import Any

from infra.local import country_names as words
from infra.local.country_names import Draw, Home, Numbering, Relative, pick_for


class PopulationStatus(Enum):
    DECEASED = "deceased"
    DUPLICATE = "duplicate"
    INACTIVE = "inactive"
    ALIVE = "alive"


class Mistake(Enum):
    """How an application differs from the truth. Each value is also the name of its share in `Rates`."""

    NIK_TYPO = "nik_typo"  # well formed, but nobody's
    NAME_TYPO = "name_typo"  # one letter doubled
    WRONG_NAME = "wrong_name"
    WRONG_BIRTH_DATE = "wrong_birth_date"
    WRONG_MOTHER_NAME = "wrong_mother_name"
    MALFORMED_NIK = "malformed_nik"
    DUPLICATE_OF_OTHER = "duplicate_of_other"  # another's whole identity, own e-mail and phone
    EMAIL_DOT_VARIANT = "email_dot_variant"  # own identity, another's mail box spelt with other dots


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares, 0 to 1, of all people. Statuses exclude one another, and so do mistakes; all else is independent."""

    women: float = 0.52
    disabled: float = 0.03
    outside_age: float = 0.03
    moved: float = 0.08
    deceased: float = 0.005
    duplicate: float = 0.002
    inactive: float = 0.003
    student: float = 0.06
    other_aid: float = 0.08
    excluded_profession: float = 0.03
    blocklisted: float = 0.01
    nik_typo: float = 0.008
    name_typo: float = 0.01
    wrong_name: float = 0.003
    wrong_birth_date: float = 0.004
    wrong_mother_name: float = 0.003
    malformed_nik: float = 0.002
    duplicate_of_other: float = 0.01
    email_dot_variant: float = 0.003

    def __post_init__(self) -> None:
        shares = [getattr(self, field.name) for field in fields(self)]
        sums = [self.up_to(kind)[-1] for kind in (PopulationStatus, Mistake)]
        if min(shares) < 0 or max(shares + sums) > 1 + 1e-9:
            raise ValueError("every share lies between 0 and 1, and so does the sum of those that exclude one another")

    def up_to(self, kinds: type[Enum]) -> Sequence[float]:
        """Running sums of the shares named like the values of `kinds`, in its order."""
        return tuple(accumulate(getattr(self, kind.value) for kind in kinds if hasattr(self, kind.value)))


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an applicant states. NIK and family card: 16 digits; sex: male or female; rt, rw: three digits or None."""

    index: int
    nik: str
    family_card_no: str
    full_name: str
    sex: str
    birth_date: date
    birth_place: str
    mother_name: str
    street: str
    rt: str | None
    rw: str | None
    province_code: str
    regency_code: str
    regency_name: str
    phone: str
    email: str
    occupation: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class Person(Particulars):
    """The truth, with the facts that only the registries know."""

    life: PopulationStatus
    student: str | None
    other_aid: tuple[str, ...]
    excluded_profession: str | None
    blocklisted: bool


@dataclass(frozen=True, slots=True)
class Application(Particulars):
    """What person `index` types. `copied_from`: the person whose identity or mail box it repeats."""

    mistake: Mistake | None = None
    copied_from: int | None = None


class Country:
    """`population` people, numbered from 0. `rates`: the shares; `as_of`: the day on which ages are counted."""

    def __init__(self, seed: int, population: int, rates: Rates = Rates(), *, as_of: date = date(2026, 1, 1)) -> None:
        if not 0 <= population <= Numbering.CAPACITY:
            raise ValueError(f"a country holds 0 to {Numbering.CAPACITY} people")
        draw = Random(f"country {seed}").random
        self.seed, self.population, self.rates, self.as_of = seed, population, rates, as_of
        self._family_seed, self._application_seed = (int(draw() * 2**53) << 32 for _ in range(2))
        self._niks, self._cards = Numbering(draw), Numbering(draw)
        self._statuses, self._mistakes = rates.up_to(PopulationStatus), rates.up_to(Mistake)
        self._starts = words.family_starts(draw)
        self._latest: tuple[Person, ...] = ()

    def __len__(self) -> int:
        return self.population

    def person(self, index: int) -> Person:
        if not 0 <= index < self.population:
            raise IndexError(f"there is no person {index} among {self.population}")
        family = self._latest
        if not (family and family[0].index <= index <= family[-1].index):
            family = self._latest = self._family(self._family_of(index))
        return family[index - family[0].index]

    def people(self) -> Iterator[Person]:
        for number in range(self._family_of(self.population - 1) + 1):
            yield from self._family(number)

    def by_nik(self, nik: str) -> Person | None:
        """Serial and birthday say whose it can be, so no index is kept."""
        if len(nik) != 16 or not (nik.isascii() and nik.isdecimal()):
            return None
        index = self._niks.number(int(nik[12:]), int(nik[8:10]), int(nik[6:8]) % 40)
        person = self.person(index) if 0 <= index < self.population else None
        return person if person and person.nik == nik else None

    def application(self, index: int) -> Application:
        """What the person submits: mostly the truth."""
        draw = Random(self._application_seed + index).random
        mistake = (*Mistake, None)[bisect(self._mistakes, draw())]
        truth = Application(**_stated(self.person(index)))
        slips = _SLIPS[mistake](self, truth, draw) if mistake else {}
        return replace(truth, mistake=mistake, **slips) if slips else truth

    def _another(self, index: int, draw: Draw, mail_domain: str = "") -> Person | None:
        """Somebody else, whose mail box is at that domain if one is named."""
        first = int(draw() * self.population)
        others = (self.person((first + step) % self.population) for step in range(self.population))
        return next((other for other in others if other.index != index and other.email.endswith(mail_domain)), None)

    def _family_of(self, index: int) -> int:
        cycle, place = divmod(index, words.CYCLE_PEOPLE)
        return cycle * (len(self._starts) - 1) + bisect(self._starts, place) - 1

    def _family(self, number: int) -> tuple[Person, ...]:
        cycle, place = divmod(number, len(self._starts) - 1)
        first, size = cycle * words.CYCLE_PEOPLE + self._starts[place], self._starts[place + 1] - self._starts[place]
        draw = Random(self._family_seed + number).random
        home = words.home(draw, self._cards.place(number), self.as_of)
        culture = words.culture_in(home.district.province_code, draw)
        family = words.relatives(draw, culture, size, self.rates.women, self.rates.student, self.rates.outside_age)
        inside = enumerate(family[: self.population - first], first)
        return tuple([self._person(draw, index, who, home) for index, who in inside])

    def _person(self, draw: Draw, index: int, who: Relative, home: Home) -> Person:
        rates = self.rates
        serial, month, day = self._niks.place(index)
        born = words.birth_date(draw, who.age, month, day, self.as_of)
        origin = words.any_district(draw) if draw() < rates.moved else home.district
        student = words.student_register(who.study, rates.student, who.age)
        excluded = pick_for(draw(), rates.excluded_profession if who.age >= 18 else 0, words.EXCLUDED_PROFESSIONS)
        return Person(
            index=index,
            nik=words.card_number(origin.code, born, born.day + (40 if who.sex == "female" else 0), serial),
            family_card_no=home.family_card_no,
            full_name=who.full_name,
            sex=who.sex,
            birth_date=born,
            birth_place=origin.town,
            mother_name=who.mother_name,
            street=home.street,
            rt=home.rt,
            rw=home.rw,
            province_code=home.district.province_code,
            regency_code=home.district.regency_code,
            regency_name=home.district.regency_name,
            phone=words.phone_number(draw, index),
            email=words.mail_address(draw, who.full_name, index),
            occupation=words.occupation(draw, excluded, student),
            disabled=draw() < rates.disabled,
            life=_STATUSES[bisect(self._statuses, draw())],
            student=student,
            other_aid=pick_for(draw(), rates.other_aid, words.AID) or (),
            excluded_profession=excluded,
            blocklisted=draw() < rates.blocklisted,
        )


def _stated(person: Person) -> dict[str, Any]:
    return {field.name: getattr(person, field.name) for field in fields(Particulars)}


def _unregistered_nik(country: Country, truth: Application, draw: Draw) -> dict[str, Any]:
    typo = truth.nik
    while typo.endswith("0000") or country.by_nik(typo):
        typo = words.one_digit_off(draw, truth.nik)
    return {"nik": typo}


def _identity_of_another(country: Country, truth: Application, draw: Draw) -> dict[str, Any]:
    other = country._another(truth.index, draw)
    own = {name: getattr(truth, name) for name in ("index", "phone", "email")}
    return {**_stated(other), **own, "copied_from": other.index} if other else {}


def _mail_box_of_another(country: Country, truth: Application, draw: Draw) -> dict[str, Any]:
    other = country._another(truth.index, draw, words.FOLDING_MAIL_DOMAIN)
    return {"email": words.other_dots(draw, other.email), "copied_from": other.index} if other else {}


_STATUSES = tuple(PopulationStatus)
_SLIPS: Mapping[Mistake, Callable[[Country, Application, Draw], dict[str, Any]]] = {
    Mistake.NIK_TYPO: _unregistered_nik,
    Mistake.NAME_TYPO: lambda _, truth, draw: {"full_name": words.letter_doubled(draw, truth.full_name)},
    Mistake.WRONG_NAME: lambda _, truth, draw: {"full_name": words.other_name(draw, truth.full_name, truth.sex)},
    Mistake.WRONG_BIRTH_DATE: lambda _, truth, draw: {"birth_date": truth.birth_date + words.some_days(draw)},
    Mistake.WRONG_MOTHER_NAME: lambda _, truth, draw: {"mother_name": words.other_name(draw, truth.mother_name)},
    Mistake.MALFORMED_NIK: lambda _, truth, draw: {"nik": words.malformed(draw, truth.nik)},
    Mistake.DUPLICATE_OF_OTHER: _identity_of_another,
    Mistake.EMAIL_DOT_VARIANT: _mail_box_of_another,
}
