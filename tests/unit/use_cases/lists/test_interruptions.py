"""A load that is killed, repeated, doubled or cut off from its replies ends as one that nobody disturbed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest

from chalicelib.domain.errors import IllegalTransition, StaleWrite, StoreUnavailable, Unavailable
from chalicelib.domain.identifiers import ApplicantId, Index
from chalicelib.domain.lists import ListVersion, VersionState
from chalicelib.domain.verification import IdentityState, Outcome, Registry
from chalicelib.use_cases.lists.load_list import load_list
from chalicelib.use_cases.lists.screen_listed import screen_listed
from chalicelib.use_cases.verification.renew_list_check import renew_list_check
from tests.builders import a_verified_applicant, an_applicant_id
from tests.fakes import Killed, World
from tests.unit.use_cases.lists.office import BSU, Office, a_file

FIRST, SECOND = a_file(range(1, 41)), a_file(range(11, 51))
LISTED, TAKEN_OFF, ADDED = 20, 5, 45
MOST_DELIVERIES = 6
End = tuple[list[ListVersion], list[tuple[Index, int, str]], list[tuple[str, ...]]]


def delivered(do: Callable[[], object]) -> None:
    """As the queue does it: again, until it is done."""
    for _ in range(MOST_DELIVERIES):
        try:
            do()
            return
        except (Killed, Unavailable):
            continue
        except IllegalTransition:
            return  # activated, and the reply was lost
    raise AssertionError("never done")


class Course:
    """Two versions of a list, and three applicants whom it touches."""

    def __init__(self) -> None:
        self.world = World()
        self.office = Office(self.world, piece_bytes=450)
        for number in (LISTED, TAKEN_OFF, ADDED):
            self.world.applicants.save_claim(a_verified_applicant(number))
        self.world.trouble.calls.clear()

    def runs(self) -> "Course":
        for content in (FIRST, SECOND):
            delivered(partial(self.office.receives, self.office.drops(content)))
            while self.office.newest().is_loading:
                delivered(self.office.takes_step)
            delivered(partial(self.office.activates, self.office.newest().number))
            for shard in range(self.office.newest().shards):
                delivered(partial(self.screens, shard))
            self._renews_all()
        return self

    def screens(self, shard: int) -> None:
        world, number = self.world, self.office.newest().number
        stores: Any = {"lists": world.lists, "files": world.list_files, "applicants": world.applicants}
        screen_listed(BSU, number, shard, **stores, indexer=world.indexer, messages=world.messages)

    def renews(self, id: ApplicantId) -> None:
        world = self.world
        renew_list_check(id, applicants=world.applicants, registry=world.loaded_lists, clock=world.clock)

    def _renews_all(self) -> None:
        for _, body in self.world.messages.sent:
            delivered(partial(self.renews, body["applicant_id"]))
        self.world.messages.sent.clear()

    def end(self) -> End:
        """All that counts, without the versions of items."""
        world = self.world
        versions = [replace(each, version=0) for each in world.lists.all()]
        entries = sorted((entry.nik, entry.since, entry.category) for entry in world.list_entries.all())
        people = (world.applicants.get(an_applicant_id(number)) for number in (LISTED, TAKEN_OFF, ADDED))
        return versions, entries, [one.check(Registry.LISTS).reasons for one in people]


@pytest.fixture(scope="module")
def undisturbed() -> Course:
    return Course().runs()


def test_undisturbed_it_ends_as_it_should(undisturbed: Course) -> None:
    versions, entries, reasons = undisturbed.end()
    assert [each.state for each in versions] == [VersionState.REPLACED, VersionState.ACTIVE]
    assert versions[1].pieces > 2
    assert len(entries) == 40 + 10 + 10
    assert reasons == [("wage_subsidy:BSU",), (), ("wage_subsidy:BSU",)]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [Killed, StoreUnavailable])
def test_it_may_be_killed_at_every_call(undisturbed: Course, error: type[BaseException], after: bool) -> None:
    """F3: before and after each call outside, found by counting them. A store that fails there is no other (F5)."""
    calls = len(Course().runs().world.trouble.calls)
    assert calls > 80
    for number in range(calls):
        course = Course()
        course.world.trouble.fail_at(number, error(), after=after)
        assert course.runs().end() == undisturbed.end(), course.world.trouble.calls[number]


def test_every_write_may_lose_its_reply(undisturbed: Course) -> None:
    """F7."""
    for writes in range(40):
        course = Course()

        def lose(name: str, after: bool, course: Course = course, at: list[int] = [writes]) -> None:  # noqa: B006
            if not after and name in ("lists.save", "lists.receive", "lists.activate", "applicants.save"):
                at[0] -= 1
                if at[0] == -1:
                    course.world.trouble.lose_reply()

        course.world.trouble.stand(lose)
        assert course.runs().end() == undisturbed.end()


@pytest.mark.parametrize(
    "call", ["lists.save", "list_entries.add_each", "list_files.write_rows", "list_files.write_flaws"]
)
def test_two_workers_may_meet_on_every_step(undisturbed: Course, call: str) -> None:
    """F1, at once: another takes the same step while one is in the midst of it."""
    course, busy = Course(), [False]

    def meet(name: str, after: bool) -> None:
        if name == call and not after and not busy[0]:
            busy[0] = True
            delivered(course.office.takes_step)
            busy[0] = False

    def takes_step() -> None:
        try:
            Office.takes_step(course.office)
        except StaleWrite:
            assert busy[0] is False

    course.office.takes_step = takes_step  # type: ignore[method-assign]
    course.world.trouble.stand(meet)
    assert course.runs().end() == undisturbed.end()


@pytest.mark.parametrize("seed", range(10))
def test_old_messages_may_come_again_in_any_order(undisturbed: Course, seed: int) -> None:
    """F1, F2: half of all steps once more, hours later."""
    course, chance = Course(), Random(seed)
    seen: list[ListVersion] = []
    takes_step = course.office.takes_step

    def steps_among_old_ones() -> None:
        seen.append(course.office.newest())
        takes_step()
        for old in chance.sample(seen, len(seen) // 2):
            _again(course, old)

    course.office.takes_step = steps_among_old_ones  # type: ignore[method-assign]
    assert course.runs().end() == undisturbed.end()


def _again(course: Course, old: ListVersion) -> None:
    world = course.world
    stores: Any = {"lists": world.lists, "files": world.list_files, "entries": world.list_entries}
    load_list(BSU, old.number, old.phase, old.step, **stores, indexer=world.indexer, piece_bytes=450)


def test_nobody_is_screened_for_a_version_that_is_not_in_force() -> None:
    """F15: a message that the table's stream cannot have sent."""
    course = Course()
    course.office.loads(FIRST)
    course.screens(0)
    assert not course.world.messages.sent


def test_a_check_on_its_way_is_made_here() -> None:
    """It may have been asked just before the list changed, or never."""
    course = Course()
    held = course.world.applicants.get(an_applicant_id(ADDED))
    course.world.applicants.save(replace(held, state=IdentityState.CHECKING, checks={}))
    course.renews(held.id)
    assert course.world.applicants.get(held.id).check(Registry.LISTS).outcome is Outcome.PASSED
