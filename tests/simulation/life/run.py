"""One seed from its first moment until nothing moves any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.mail import Mail
from chalicelib.use_cases.registration.account_of import account_id_of
from tests.simulation.life.checks.checker import Broken
from tests.simulation.life.later import change_account, fill_surveys
from tests.simulation.life.lives import (
    await_award,
    declare,
    join_wave,
    register,
    send_photos,
    state_identity,
    verify_address,
    watch_videos,
)
from tests.simulation.life.notices import bring_notices
from tests.simulation.life.office import Office
from tests.simulation.life.papers import overheard
from tests.simulation.life.people import Person, Step, inhabitants, live
from tests.simulation.life.schooling import attend, buy, link_account, redeem, review
from tests.simulation.life.sizes import Size, some_size
from tests.simulation.life.stage import on_stage
from tests.simulation.life.town import Plant, Town

STEPS = (
    register,
    verify_address,
    state_identity,
    send_photos,
    declare,
    join_wave,
    await_award,
    watch_videos,
    buy,
    redeem,
    attend,
    review,
    link_account,
    change_account,
    fill_surveys,
)
MOST_EVENTS, LONGEST = 30_000, timedelta(days=200)


@dataclass(frozen=True)
class Outcome:
    """``operations``: calls of what is outside, stores and neighbours. ``problem`` is what the checker that found it
    says first of all: its name."""

    seed: int
    events: int
    operations: int
    log_hash: str
    problem: str | None = None
    last: tuple[str, ...] = ()


def run_seed(
    seed: int,
    *,
    plant: Plant = lambda _town: None,
    tell: Callable[[str], None] | None = None,
) -> Outcome:
    """``tell`` gets every line of the log."""
    town = Town(seed, plant=plant)
    town.listener = tell
    problem = problem_of(town)
    return outcome_of(seed, town, problem)


def outcome_of(seed: int, town: Town, problem: str | None) -> Outcome:
    told = tuple(town.events) if problem else ()
    return Outcome(seed, town.count, len(town.storm.calls), town.log_hash, problem, told)


def problem_of(town: Town, size: Size | None = None) -> str | None:
    """What a checker says of this town's whole life; None when all held."""
    town.size = size or some_size(town.chance)
    more = {"messages_gathered": lambda: town.world.messages.gathered()}
    with on_stage(town.world, more), overheard(town.overhear), town.undo:
        try:
            _live_through(town)
        except (Broken, AssertionError) as error:
            return str(error) or repr(error)
    return None


def _live_through(town: Town) -> None:
    people = town.people = inhabitants(town)
    for person in people:
        live(town, person, _in_some_order(town.chance))
    Office(town).open()
    bring_notices(town)
    mailboxes = {person.id: person for person in people}
    for provider in town.world.providers:
        provider.arrives = lambda mail: _deliver(town, mailboxes, mail)
    for _ in range(MOST_EVENTS):
        if not town.has_plans and town.is_at_rest():
            break
        town.move()
        town.check()
        assert town.clock.at < town.began + LONGEST, f"L1: it never comes to rest: {town.troubles()}"
    else:
        raise AssertionError(f"L1: events without end: {town.troubles()}")
    town.check_the_end()


def _in_some_order(chance: Random) -> tuple[Step, ...]:
    """Some link their account as soon as they have a card."""
    if chance.random() < 0.7:
        return STEPS
    early = [each for each in STEPS if each is not link_account]
    early.insert(early.index(buy), link_account)
    return tuple(early)


def _deliver(town: Town, mailboxes: dict[ApplicantId, Person], mail: Mail) -> None:
    person = mailboxes.get(account_id_of(mail.to, town.world.indexer))
    if person:
        person.gets(mail)
