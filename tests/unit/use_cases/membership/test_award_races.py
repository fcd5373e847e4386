"""Two deliveries of one award, and a list that comes or is taken back between them: awarded or excluded, never both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.money import Rupiah
from chalicelib.domain.verification import Check, Registry
from chalicelib.domain.waves import EntryEvent, EntryState, move_entry
from tests.builders import a_membership, a_verified_applicant, a_wave, an_entry, checks
from tests.fakes import NOON, World
from tests.unit.use_cases.membership.awarding import ME, NUMBER, award

Answers = Mapping[Registry, Check]
FREE, LISTED = checks(), checks(lists=("blocklist:KPK",))


def chosen(answers: Answers) -> World:
    world = World()
    world.waves.add(a_wave())
    world.applicants.save(a_verified_applicant(checks=answers))
    world.waves.add_entry(an_entry(state=EntryState.CHOSEN))
    return world


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


def overtake(world: World, place: int, by: Callable[[], None]) -> None:
    """Before the call of this number another does this."""
    first = len(world.trouble.calls)

    def between(_name: str, after: bool) -> BaseException | None:
        if not after and len(world.trouble.calls) == first + place + 1:
            by()
        return None

    world.trouble.stand(between)


def _another_delivery(world: World, answers: Answers) -> None:
    learns(world, answers)
    delivered(world)


@pytest.mark.parametrize(("at_first", "then"), [(LISTED, FREE), (FREE, LISTED)], ids=["taken back", "comes"])
def test_whatever_comes_between_somebody_is_awarded_or_excluded(at_first: Answers, then: Answers) -> None:
    for place in range(calls_of(at_first)):
        world = chosen(at_first)
        overtake(world, place, partial(_another_delivery, world, then))
        delivered(world)
        expected: Sequence[object] = [EntryState.CHOSEN, 1] if then is FREE else [EntryState.EXCLUDED, 0]
        assert ending(world) == expected, place


def test_an_exclusion_that_was_decided_long_before_is_noticed_by_the_award() -> None:
    """A slow delivery, whose list was taken back before the award's own look: the applicant has not changed since."""
    for place in range(calls_of(FREE)):
        world = chosen(FREE)
        slow = move_entry(world.waves.entries_of(ME, [NUMBER])[0], EntryEvent.EXCLUDE, reason="blocklist")
        overtake(world, place, partial(world.memberships.exclude, slow))
        delivered(world)
        assert ending(world) == [EntryState.EXCLUDED, 0], place


def test_an_exclusion_that_comes_after_the_award_is_none() -> None:
    world = chosen(LISTED)
    entry = world.waves.entries_of(ME, [NUMBER])[0]
    overtake(world, calls_of(LISTED) - 1, partial(_another_delivery, world, FREE))
    award(world)
    assert world.waves.entries_of(ME, [NUMBER]) == [entry]
    assert len(world.memberships.all()) == 1


def test_the_newest_receipt_says_why_whoever_was_excluded_is_not_a_recipient() -> None:
    """A delivery that had decided already keeps its decision after a relative took the last place and another delivery
    excluded this person: on its next attempt it puts that right."""
    for place in range(calls_of(FREE)):
        world = chosen(FREE)
        overtake(world, place, partial(_relatives_and_another_delivery, world))
        delivered(world)
        assert ending(world) == [EntryState.EXCLUDED, 2], place
        newest = world.receipts.newest_first(ME, limit=1)[0]
        assert [each["code"] for each in newest.body["reasons"]] == ["family_limit"], place


def _relatives_and_another_delivery(world: World) -> None:
    for number in (2, 3):
        relative = a_membership(number, family=an_entry().family)
        posting = ledger.grant(relative.applicant_id, wave=1, amount=Rupiah(1), now=NOON)
        world.memberships.award(relative, posting, most_per_family=2)
    delivered(world)
