"""A drawn wave awarded in one process: messages and changes come doubled, out of order, and to workers that are killed.

Nothing is real but the use cases. One seeded source of chance, so that a run can be repeated.
"""

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.errors import Rejected, Unavailable
from chalicelib.domain.identifiers import ApplicantId, Index, WaveNumber
from chalicelib.domain.verification import Applicant, IdentityState, Registry
from chalicelib.domain.waves import EntryState, WaveEntry, shard_of
from chalicelib.use_cases.membership.make_award import make_award
from chalicelib.use_cases.selection.follow_wave import follow_wave
from chalicelib.use_cases.selection.kept_outcomes import KeptOutcomes
from chalicelib.use_cases.selection.record_results import record_results
from chalicelib.use_cases.selection.refill_place import refill_place
from tests.builders import a_verified_applicant, a_wave, an_entry, checks
from tests.drawn import drawn_wave
from tests.fakes import Killed, World

NUMBER = WaveNumber(1)
PROVINCES = ("11", "31", "32")
MOST_DELIVERIES = 40_000
Message = tuple[Queue, dict[str, Any]]


class Awarding:
    """``blocked``: which share was found on the blocklist after joining; ``unknown``: of whom something is still being
    asked; ``killed``: of all calls outside those that are somebody's last; ``doubled``: of all messages and changes;
    ``overtaken``: of all calls those before which another worker does a whole message; ``turning``: of the calls of an
    award those before which a list names that person, or no longer does, and another worker takes the message too."""

    def __init__(
        self,
        seed: int,
        *,
        people: int = 60,
        places: int = 6,
        blocked: float = 0.3,
        unknown: float = 0.0,
        killed: float = 0.0,
        doubled: float = 0.0,
        overtaken: float = 0.0,
        turning: float = 0.0,
    ) -> None:
        self.chance, self.world = random.Random(seed), World(seed)
        self._killed, self._doubled, self._overtaken = killed, doubled, overtaken
        self._turning, self._decided_about = turning, ""
        self._is_overtaken = self._is_calm = False
        self._changes: deque[Change] = deque()
        self.places = dict.fromkeys(PROVINCES, places)
        self.entries = [self._somebody(number, blocked, unknown) for number in range(1, people + 1)]
        drawn_wave(a_wave(), self.entries, self.places, waves=self.world.waves, files=self.world.draw_files)
        self._seen: dict[ApplicantId, EntryState] = {entry.applicant_id: entry.state for entry in self.entries}
        bodies: list[dict[str, Any]] = [{"wave": 1, "shard": shard} for shard in self._shards()]
        self._messages: list[Message] = [(Queue.RESULTS_TO_RECORD, body) for body in bodies]

    def _somebody(self, number: int, blocked: float, unknown: float) -> WaveEntry:
        """Four in a row are of one family, which no list of families knew of: the award finds out."""
        lists = {"lists": ("blocklist:PEMERIKSA",)} if self.chance.random() < blocked else {}
        applicant = a_verified_applicant(number, checks=checks(**lists))
        if self.chance.random() < unknown:
            applicant = self._still_checked(applicant)
        self.world.applicants.save(applicant)
        return an_entry(
            number,
            province_code=self.chance.choice(PROVINCES),
            group=self.chance.randrange(2),
            is_woman=self.chance.random() < 0.5,
            family=Index(f"0.family-{number // 4}"),
        )

    def _still_checked(self, applicant: Applicant) -> Applicant:
        return replace(applicant, state=IdentityState.CHECKING, checks={})

    def _shards(self) -> Sequence[int]:
        return sorted({shard_of(entry.applicant_id) for entry in self.entries})

    # --- Running --------------------------------------------------------------------------------------------------

    def drain(self) -> None:
        """Until nothing moves any more but what waits for answers."""
        self.world.trouble.stand(self._rule)
        for _ in range(MOST_DELIVERIES):
            if not self._step():
                break
        else:
            raise AssertionError("it never comes to an end")
        self.world.trouble.ends()

    def again(self, messages: Sequence[Message]) -> None:
        """Dead letters of days ago."""
        self._messages += messages

    def _rule(self, _name: str, after: bool) -> BaseException | None:
        if self._is_calm:
            return None
        if not after and not self._is_overtaken:
            self._is_overtaken = True
            self._others_come_between()
            self._is_overtaken = False
        return Killed() if self.chance.random() < self._killed else None

    def _others_come_between(self) -> None:
        id = self._decided_about
        if self.chance.random() < self._overtaken:
            self._step()
        if id and self.chance.random() < self._turning:
            self._turn(ApplicantId(id))
            self._deliver((Queue.AWARDS_TO_MAKE, {"wave": 1, "applicant_id": id, "is_copy": True}))
        self._decided_about = id

    def _turn(self, id: ApplicantId) -> None:
        """By somebody who is never killed."""
        self._is_calm = True
        applicant = self.world.applicants.get(id)
        is_listed = bool(applicant.checks[Registry.LISTS].reasons)
        lists = checks() if is_listed else checks(lists=("blocklist:PEMERIKSA",))
        self.world.applicants.save(replace(applicant, checks=lists))
        self._is_calm = False

    def _step(self) -> bool:
        ready = [number for number, (_, body) in enumerate(self._messages) if not body.get("waits")]
        if self._changes and (not ready or self.chance.random() < 0.5):
            self._follow(self._changes.popleft())
        elif ready:
            self._deliver(self._messages.pop(self.chance.choice(ready)))
        else:
            return False
        self._note_changes()
        return True

    def _deliver(self, message: Message) -> None:
        queue, body = message
        if not body.get("is_copy") and self.chance.random() < self._doubled:
            self._messages.append((queue, {**body, "is_copy": True}))
        self._decided_about = ""
        try:
            self._workers()[queue](body)
        except Rejected:
            pass
        except Unavailable as fault:
            waits = {"waits": True} if fault.code == "award_awaits_answers" else {}
            self._messages.append((queue, {**body, **waits}))
        except Killed:
            self._messages.append(message)
        self._collect()

    def _follow(self, change: Change) -> None:
        try:
            follow_wave(change, messages=self.world.messages)
        except Killed:
            self._changes.appendleft(change)
        if self.chance.random() < self._doubled:
            self._changes.appendleft(change)
        self._collect()

    def _collect(self) -> None:
        sent, self.world.messages.sent[:] = list(self.world.messages.sent), []
        self._messages += [(queue, dict(body)) for queue, body in sent if queue in self._workers()]

    def _note_changes(self) -> None:
        for entry in self.states():
            before = self._seen[entry.applicant_id]
            if entry.state is not before:
                facts: dict[str, str | int] = {"wave": 1, "reason": entry.reason or ""}
                self._changes.append(Change("entry", entry.applicant_id, before, entry.state, facts))
                self._seen[entry.applicant_id] = entry.state

    def _workers(self) -> dict[Queue, Callable[[dict[str, Any]], None]]:
        return {
            Queue.RESULTS_TO_RECORD: self._record,
            Queue.AWARDS_TO_MAKE: self._award,
            Queue.PLACES_TO_REFILL: self._refill,
        }

    def _record(self, body: dict[str, Any]) -> None:
        world = self.world
        outcomes = KeptOutcomes(world.draw_files)
        record_results(
            NUMBER,
            body["shard"],
            body.get("after"),
            waves=world.waves,
            outcomes=outcomes,
            messages=world.messages,
            clock=world.clock,
        )

    def _award(self, body: dict[str, Any]) -> None:
        world, self._decided_about = self.world, body["applicant_id"]
        make_award(
            body["applicant_id"],
            NUMBER,
            waves=world.waves,
            applicants=world.applicants,
            memberships=world.memberships,
            notary=world.notary,
        )

    def _refill(self, body: dict[str, Any]) -> None:
        world = self.world
        refill_place(NUMBER, body["applicant_id"], waves=world.waves, places=world.places, files=world.draw_files)

    # --- Looking: no calls outside --------------------------------------------------------------------------------

    def states(self) -> list[WaveEntry]:
        return self.world.waves.all_entries()

    def recipients(self) -> set[ApplicantId]:
        return {membership.applicant_id for membership in self.world.memberships.all()}
