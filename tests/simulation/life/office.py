"""The programme's own people: they plan waves, decide cases and approve payouts, and make operators' mistakes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib import bootstrap
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role
from chalicelib.domain.verification import Applicant, IdentityState, Registry
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.registration.enrol_staff import enrol_staff
from tests.builders import PLATFORM, PROVIDER, a_course, a_partner, a_schedule, passed
from tests.fakes.surroundings import NOON
from tests.simulation.life.bookkeeping import Bookkeeping
from tests.simulation.life.doors import door, staff
from tests.simulation.life.till_office import TillOffice
from tests.simulation.life.town import Town

_HOURS, _DAYS = timedelta(hours=1), timedelta(days=1)
_TRIES = 3
_REASON = "Dilihat dengan saksama."
MOST_DAYS = 190


class Office:
    def __init__(self, town: Town) -> None:
        self._town, self._chance = town, town.chance
        self._till, self._books = TillOffice(town), Bookkeeping(town)

    def open(self) -> None:
        """What is there before anybody comes."""
        courses = self._town.world.courses
        for code in (PLATFORM, PROVIDER):
            courses.put_partner(a_partner(code))
        courses.put(a_course())
        seats = 3 if self._chance.random() < 0.1 else 40
        courses.put_schedule(a_schedule(seats=seats, ends_on=(NOON + 60 * _DAYS).date()))
        self._town.after(timedelta(minutes=1), self._enrol)
        self._town.after(timedelta(minutes=2), self._plan_waves)
        work = self._work()
        self._town.after(12 * _HOURS, lambda: self._go_on(work))

    def _go_on(self, work: Iterator[timedelta]) -> None:
        pause = next(work, None)
        if pause is None:
            self._town.has_office = False
        else:
            self._town.after(pause, lambda: self._go_on(work))

    def _enrol(self) -> None:
        for _ in range(_TRIES):
            if self._town.ask("founder", enrol_officer, name="dewi").is_fine:
                return

    # --- Waves ----------------------------------------------------------------------------------------------------

    def _plan_waves(self) -> None:
        opens = self._town.clock.at + 2 * _HOURS
        for number in range(1, 2 + (self._chance.random() < self._town.size.second_wave)):
            self._plan_wave(number, opens + (number - 1) * 6 * _DAYS)

    def _plan_wave(self, number: int, opens: Any) -> None:
        quota = self._chance.randint(2, 10)
        view, body = door("planning.plan")
        times = {"opens_at": opens, "closes_at": opens + 3 * _DAYS, "announces_at": opens + 4 * _DAYS}
        plan = body(number=number, quota=quota, floor=self._chance.randrange(2), scheme=self._scheme(), **times)
        for _ in range(12):
            self._town.ask("ani", view, caller=staff("ani"), body=plan)
            if self._approve_wave(number):
                break
        for moment in (*times.values(), opens + 3.5 * _DAYS):  # the clock's own function looks again just then
            self._town.after(moment - self._town.clock.at + timedelta(minutes=11), lambda: None)
        self._town.after(opens + 3.9 * _DAYS - self._town.clock.at, self._list_people)

    def _scheme(self) -> str:
        """The older one pays by the month."""
        return "2020" if self._chance.random() < self._town.size.by_month else "2023"

    def _list_people(self) -> None:
        """After they joined and before the award, some are found on the blocklist: as a renewed check would say it."""
        for known in self._town.sight.all(Applicant):
            is_candidate = known.checks and not self._town.sight.is_member(known.id)
            is_listed = is_candidate and self._chance.random() < self._town.storm.weather.turning
            if is_listed:
                checks = {**known.checks, Registry.LISTS: passed("blocklist:PEMERIKSA")}
                self._town.world.applicants.save(replace(known, checks=checks))
                self._town.tell(f"{known.id} is found on the blocklist")

    def _approve_wave(self, number: int) -> bool:
        wave = self._town.sight.one(Wave, number)
        if wave is None:
            return False
        who = "ani" if self._town.errs() else "budi"
        view, body = door("planning.approve_plan")
        seen = body(version=wave.version)
        return self._town.ask(who, view, caller=staff(who), number=number, body=seen).is_fine

    # --- Days -----------------------------------------------------------------------------------------------------

    def _work(self) -> Iterator[timedelta]:
        """A few times a day, until nobody needs the office any more."""
        quiet = 0
        while quiet < 4 and self._town.clock.at < NOON + MOST_DAYS * _DAYS:
            self._decide_cases()
            self._till.work()
            self._books.work()
            if self._town.storm.has_passed:
                self._town.world.queues.redrive()
            is_quiet = self._town.is_deserted() and self._town.is_at_rest() and self._books.is_done()
            quiet = quiet + 1 if is_quiet else 0
            busy = not self._town.storm.has_passed or not self._town.is_at_rest()
            yield timedelta(hours=self._chance.uniform(4, 12) * (1 if busy else 4))

    def _decide_cases(self) -> None:
        for case in self._town.sight.all(Applicant):
            if case.state is IdentityState.IN_REVIEW and self._chance.random() < 0.7:
                self._decide(case)

    def _decide(self, case: Applicant) -> None:
        view, body = door("support.decide")
        outcome = self._chance.choice(["accept", "reopen", "refuse"])
        code = "review_not_the_holder" if outcome == "refuse" else None
        decision = body(outcome=outcome, reason=_REASON, review_version=case.version, code=code)
        reference = self._town.reference_of(case.id)
        self._town.ask("citra", view, caller=staff("citra"), reference=reference, body=decision)


def enrol_officer(name: str) -> None:
    """By a command, as the founders of the platform do it."""
    enrol_staff(
        StaffId(name),
        Role.STAFF,
        None,
        accounts=bootstrap.accounts(),
        indexer=bootstrap.indexer(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )
