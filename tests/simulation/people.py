"""Who registers, how often, and how they spell themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from random import Random

_NETWORKS = 40


@dataclass(frozen=True, slots=True)
class Registration:
    """``person`` is known to whoever wrote the test, not to the platform."""

    id: str
    person: int
    email: str
    source: str | None

    @property
    def body(self) -> dict[str, str | None]:
        return {"email": self.email, "language": "id", "registration_id": self.id, "source": self.source}


NOBODY = -1
"""The person of an address that cannot be one: a gateway put it on the queue unseen."""


def registrations(people: int, chance: Random, *, again: float = 0.1) -> list[Registration]:
    """One of each; of ten, one message is sent again as it is, and ``again`` of all try again under another spelling,
    or that many times where it is more than one."""
    first = [_by(person, f"r{person}", spelling(person), chance) for person in range(people)]
    replayed = chance.sample(first, people // 10)
    tries = min(people, ceil(people * again)) if again <= 1 else int(people * again)
    persons = [person % people for person in chance.sample(range(max(people, tries)), tries)]
    repeated = [
        _by(person, f"again-{place}-{person}", another_spelling(person, chance), chance)
        for place, person in enumerate(persons)
    ]
    wrong = [Registration(f"wrong-{place}", NOBODY, text, None) for place, text in enumerate(_WRONG[: people // 50])]
    return [*first, *replayed, *repeated, *wrong]


_WRONG = ("", "a@b", "no.at.example", "x" * 65 + "@contoh.example", "nul\0@contoh.example", "a..b@gmail.com")


def spelling(person: int) -> str:
    if person % 2:
        return f"siti.aminah{person}@gmail.com"
    return f"orang{person}@sekolah{person % 7}.sch.id"


def another_spelling(person: int, chance: Random) -> str:
    local, _, domain = spelling(person).partition("@")
    if domain != "gmail.com":
        return chance.choice([f"{local.upper()}@{domain}", f"{local}+prakerja@{domain.upper()}"])
    return chance.choice(list(dot_variants(local.replace(".", ""), 40))) + chance.choice(
        ["@gmail.com", "+kartu@gmail.com", "@googlemail.com", "@GMAIL.com"]
    )


def dot_variants(letters: str, most: int) -> Iterator[str]:
    """The ways in which Gmail's owner may put dots between the letters, at most so many."""
    for gaps in range(min(most, 2 ** (len(letters) - 1))):
        yield "".join(letter + "." * (gaps >> place & 1) for place, letter in enumerate(letters))


def mailbox(address: str) -> str:
    """Whose mailbox it is, worked out apart from the code under test."""
    local, _, domain = address.casefold().partition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '')}@gmail" if domain in ("gmail.com", "googlemail.com") else f"{local}@{domain}"


def _by(person: int, id: str, email: str, chance: Random) -> Registration:
    network = chance.randrange(_NETWORKS)
    return Registration(id, person, email, f"10.0.{network}.{chance.randrange(1, 255)}")
