"""Two deliveries of one award, and a list that comes or is taken back between them: awarded or excluded, never both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.verification import Check, Registry
from chalicelib.domain.waves import EntryState
from chalicelib.use_cases.membership.make_award import make_award
from tests.builders import a_verified_applicant, a_wave, an_applicant_id, an_entry, checks
from tests.fakes import World

ME, NUMBER = an_applicant_id(), WaveNumber(1)
Answers = Mapping[Registry, Check]
FREE, LISTED = checks(), checks(lists=("blocklist:KPK",))


def chosen(answers: Answers) -> World:
    world = World()
    world.waves.add(a_wave())
    world.applicants.save(a_verified_applicant(checks=answers))
    world.waves.add_entry(an_entry(state=EntryState.CHOSEN))
    return world


def award(world: World) -> None:
    make_award(
        ME,
        NUMBER,
        waves=world.waves,
        applicants=world.applicants,
        memberships=world.memberships,
        notary=world.notary,
    )


def learns(world: World, answers: Answers) -> None:
    world.applicants.save(replace(world.applicants.get(ME), checks=answers))


def delivered(world: World) -> None:
    """Until it comes to an end, as a queue would."""
    for _ in range(5):
        try:
            return award(world)
        except Unavailable:
            world.clock.passes(minutes=1)
    pytest.fail("it never comes to an end")


def ending(world: World) -> Sequence[object]:
    return [world.waves.entries_of(ME, [NUMBER])[0].state, len(world.memberships.all())]


def calls_of(answers: Answers) -> int:
    """How many calls outside a delivery makes."""
    world = chosen(answers)
    before = len(world.trouble.calls)
    award(world)
    return len(world.trouble.calls) - before


def overtake(world: World, place: int, answers: Answers) -> None:
    """Before the call of this number all turns out otherwise, and another delivery runs to its end."""
    first = len(world.trouble.calls)

    def between(_name: str, after: bool) -> BaseException | None:
        if not after and len(world.trouble.calls) == first + place + 1:
            learns(world, answers)
            delivered(world)
        return None

    world.trouble.stand(between)


@pytest.mark.parametrize(("at_first", "then"), [(LISTED, FREE), (FREE, LISTED)], ids=["taken back", "comes"])
def test_whatever_comes_between_somebody_is_awarded_or_excluded(at_first: Answers, then: Answers) -> None:
    for place in range(calls_of(at_first)):
        world = chosen(at_first)
        overtake(world, place, then)
        delivered(world)
        expected: Sequence[object] = [EntryState.CHOSEN, 1] if then is FREE else [EntryState.EXCLUDED, 0]
        assert ending(world) == expected, place
