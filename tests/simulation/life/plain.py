"""A plain life: nobody errs, nothing goes wrong, everybody is paid. What an accident must not change."""

from datetime import timedelta
from random import Random

from tests.simulation.life.run import problem_of
from tests.simulation.life.sizes import PLAIN
from tests.simulation.life.storm import Weather
from tests.simulation.life.town import Town

_FINE = Weather(ends=timedelta())


class PlainChance(Random):
    """Always in the middle: neither an error nor a stroke of luck is ever drawn."""

    def random(self) -> float:
        return 0.5

    def getrandbits(self, k: int, /) -> int:
        return super().getrandbits(k)


def plain_town(seed: int = 1) -> Town:
    town = Town(seed, chance=PlainChance(seed), weather=_FINE)
    town.world.bank.tells = 1.0
    return town


def lived(town: Town) -> str | None:
    return problem_of(town, PLAIN)


def fates(town: Town) -> list[str]:
    """Where everybody is in the end, without moments and without what follows from chance."""
    told = []
    for person in town.people:
        purchases = sorted(str(each.state) for each in town.sight.purchases_of(person.id))
        payouts = sorted(f"{each.purpose} {each.period} {each.state}" for each in town.sight.payouts_of(person.id))
        told.append(f"{person.number}: stopped at {person.stopped_at or 'nothing'}, {purchases[-1:]}, {payouts}")
    return told
