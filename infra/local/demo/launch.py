"""The stages of the launch, each with its progress bar."""

import math
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from infra.local.country import Country
from infra.local.demo.api import Api, ApiClock, PartnerApi
from infra.local.demo.check_draw import problem_with
from infra.local.demo.counts import EMAIL_VERIFIED, JOINED, NIK_VERIFIED, PLACES, REGISTERED, Counts
from infra.local.demo.hands import Hands, await_stillness, progress
from infra.local.demo.people import Person, person_of
from infra.local.demo.postbox import Postbox
from infra.local.demo.stock import take_stock
from infra.local.neighbours import COUNTRY_SIZE
from infra.local.sample import PLATFORM, PROVIDER, enrol_partners, list_courses

WAVE = 1
_HANDS = 6
_WAITING_HANDS = 24
"""For what mostly waits for a mail."""
_SEQUENCES = (1, 2, 999)


def _somewhat_more_than(wanted: int) -> int:
    return math.ceil(wanted * 1.05)


class Launch:
    def __init__(self, url: str, *, scale: int, seed: int) -> None:
        self.api = Api(url)
        self.postbox = Postbox(self.api)
        self.clock = ApiClock(self.api)
        self.counts = Counts(places=max(1, PLACES // scale))
        self._scale = scale
        self._country = Country(seed, COUNTRY_SIZE)
        self._staff = self._staff_token("staf-1", "staff")
        self._approvers = [self._staff_token(f"penyetuju-{n}", "approver") for n in (1, 2)]
        self._boxes: dict[str, str] = {}
        self._partners: dict[str, PartnerApi] = {}
        self._wave: dict[str, Any] = {}
        self._hands, self._waiting_hands = Hands(_HANDS), Hands(_WAITING_HANDS)

    def run(self) -> Counts:
        try:
            return self._run()
        finally:
            self._hands.rest()
            self._waiting_hands.rest()
            self.api.close()

    def _run(self) -> Counts:
        self._prepare()
        verified = self._launch_day()
        joined = self._days_until_closing(verified)
        self._draw()
        self.postbox.fetch()
        found = self._hands.each(
            "award: card and balance", joined, lambda person: person.find_card(self._boxes[person.email])
        )
        recipients = [person for person, has_card in zip(joined, found, strict=True) if has_card]
        self._train(recipients)
        self._pay(recipients)
        await_stillness(self.api)
        take_stock(self.counts, self.api, self._staff)
        self.postbox.fetch()
        self.counts.mails_sent = self.postbox.count
        return self.counts

    # --- Before ---------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        now = datetime.fromisoformat(self.api.get("/local/clock")["now"])
        self._opens = now + timedelta(seconds=5)
        self._closes = self._opens + timedelta(days=4, hours=21)
        self._announces = self._closes + timedelta(days=1)
        plan = {
            "number": WAVE,
            "opens_at": self._opens.isoformat(),
            "closes_at": self._closes.isoformat(),
            "announces_at": self._announces.isoformat(),
            "quota": self.counts.places,
            "scheme": "2023",
        }
        version = self.api.post("/v1/staff/waves", plan, self._staff)["version"]
        approval = f"/v1/staff/waves/{WAVE}/approval"
        self._wave = self.api.post(approval, {"version": version}, self._approvers[0])
        keys = enrol_partners(self.api.url, self._staff)
        self._partners = {code: PartnerApi(self.api, code, keys[code], self.clock) for code in (PLATFORM, PROVIDER)}
        list_courses(self.api.url, self._staff, now.date(), seats=self.counts.places)
        self._move_to(self._opens + timedelta(seconds=30))

    # --- The first 21 hours ---------------------------------------------------------------------------------------

    def _launch_day(self) -> list[Person]:
        crowd = [person_of(self._country, index, self.api, self.postbox) for index in range(self._share(REGISTERED))]
        self._hands.each("register", crowd, Person.register)
        await_stillness(self.api)
        self.postbox.fetch()
        opened = self._one_per_mailbox(crowd)
        self.counts.registered = len(crowd)
        active = opened[: self._share(EMAIL_VERIFIED)]
        wanted = self._share(NIK_VERIFIED)
        at_once = _somewhat_more_than(wanted)
        self._hands.each(
            "verify e-mail, state identity", range(len(active)), lambda n: self._begin(active[n], n < at_once)
        )
        self.counts.email_verified = len(active)
        verified = self._until_enough(active, wanted, stated=at_once)
        self.counts.nik_verified = len(verified)
        first = verified[: self._share(JOINED)]
        self._make_ready("photos and declaration, first day", first)
        self.counts.joined = self.counts.joined_at_21_hours = self._join(first)
        self._move_to(self._opens + timedelta(hours=21))
        return verified

    def _one_per_mailbox(self, crowd: Sequence[Person]) -> list[Person]:
        """Those whose account a mail has gone to; a second spelling of one mailbox leads to the first one's account."""
        owners: dict[str, Person] = {}
        for person in crowd:
            if self.postbox.received(person.email.lower()):
                self._boxes[person.email] = person.email.lower()
                owners.setdefault(person.email.lower(), person)
        return list(owners.values())

    def _begin(self, person: Person, goes_on: bool) -> None:
        """Who opens the mail's link goes on at once to state who they are; or leaves it at that, as a third did."""
        person.verify_email(self._boxes[person.email])
        if goes_on:
            person.state_identity()

    def _until_enough(self, people: Sequence[Person], wanted: int, *, stated: int) -> list[Person]:
        """People state who they are (the first ``stated`` have) until as many are verified as on the launch day."""
        verified: list[Person] = []
        rest = list(people)
        with progress("identity: three registries", wanted) as bar:
            while rest and len(verified) < wanted:
                size = stated or _somewhat_more_than(wanted - len(verified))
                batch, rest = rest[:size], rest[size:]
                if not stated:
                    self._hands.work(batch, Person.state_identity)
                stated = 0
                await_stillness(self.api)
                steps = self._hands.work(batch, lambda person: person.step("identity"))
                passed = [person for person, step in zip(batch, steps, strict=True) if step["state"] == "done"]
                for step in steps:
                    if step["state"] != "done":
                        self.counts.not_verified[step["reason"]] = self.counts.not_verified.get(step["reason"], 0) + 1
                verified += passed
                bar.update(min(len(passed), wanted - bar.n))
        return verified[:wanted] if len(verified) > wanted else verified

    def _make_ready(self, what: str, people: Sequence[Person]) -> None:
        def ready(person: Person) -> None:
            person.send_photos()
            person.declare()

        self._hands.each(what, people, ready)
        await_stillness(self.api)

    def _join(self, people: Sequence[Person]) -> int:
        taken = self._hands.each("join the wave", people, lambda person: person.join(WAVE))
        self.counts.not_eligible += taken.count(False)
        return sum(taken)

    # --- Until the announcement -----------------------------------------------------------------------------------

    def _days_until_closing(self, verified: Sequence[Person]) -> list[Person]:
        self._move_to(self._opens + timedelta(days=2))
        rest = verified[self._share(JOINED) :]
        self._hands.work(rest, Person.sign_in)
        self._make_ready("photos and declaration, until closing", rest)
        self.counts.joined += self._join(rest)
        return list(verified)

    def _draw(self) -> None:
        drawn = datetime.fromisoformat(self._wave["draws_at"]) + timedelta(minutes=1)
        roots = []
        with progress("close, freeze, draw, announce", 4) as bar:
            for moment in (self._closes, self._closes + timedelta(minutes=3), drawn, self._announces):
                self._move_to(moment + timedelta(seconds=1))
                await_stillness(self.api)
                roots.append(self.api.get(f"/v1/waves/{WAVE}")["frozen_root"])
                bar.update(1)
        published = self.api.get(f"/v1/waves/{WAVE}/draw")
        wrong = problem_with(published, self.api.url, noted_root=roots[1])
        self.counts.draw_verified = wrong is None
        if wrong:
            print(f"the draw does not verify: {wrong}", file=sys.stderr)

    def _finds_card(self, person: Person) -> bool:
        return person.find_card(self._boxes[person.email])

    # --- Training and money ---------------------------------------------------------------------------------------

    def _train(self, recipients: Sequence[Person]) -> None:
        self.counts.awarded = len(recipients)
        platform, provider = self._partners[PLATFORM], self._partners[PROVIDER]
        self._hands.each("induction", recipients, Person.watch_induction)

        def train(person: Person) -> None:
            person.buy(platform, provider, self._boxes[person.email])
            person.attend(provider, _SEQUENCES)

        self._waiting_hands.each("buy and attend a course", recipients, train)
        await_stillness(self.api)
        states = self._hands.work(recipients, lambda person: person.step("certificate")["state"])
        self.counts.completed = states.count("done")

    def _pay(self, recipients: Sequence[Person]) -> None:
        self._hands.each("review", recipients, Person.review)
        self._hands.each("payout account", recipients, Person.link_account)
        await_stillness(self.api)
        self.api.post("/v1/staff/payout-batches", None, self._staff)
        await_stillness(self.api)
        self._hands.each("two approvals of each batch", list(self._batches("waiting")), self._approve)
        await_stillness(self.api)
        states = self._hands.work(recipients, lambda person: person.step("incentive")["state"])
        self.counts.incentives_paid = states.count("done")

    def _approve(self, id: str) -> None:
        """By the checksum of the list, which both would have looked at."""
        path = f"/v1/staff/payout-batches/{id}"
        checksum = self.api.get(path, self._staff)["checksum"]
        for token in self._approvers:
            self.api.put(f"{path}/approval", {"checksum": checksum}, token)

    def _batches(self, state: str) -> Iterable[str]:
        after = ""
        while True:
            page = self.api.get(f"/v1/staff/payout-batches/by-state/{state}?limit=100&after={after}", self._staff)
            yield from page["batches"]
            if not page["next"]:
                return
            after = page["next"]

    # --- Means ----------------------------------------------------------------------------------------------------

    def _share(self, count: int) -> int:
        return max(1, round(count / self._scale))

    def _staff_token(self, name: str, role: str) -> str:
        return str(self.api.post("/local/staff", {"name": name, "role": role})["token"])

    def _move_to(self, moment: datetime) -> None:
        self.api.post("/local/clock", {"to": moment.isoformat()})
        self.clock.follow()
