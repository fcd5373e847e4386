"""A bank whose statements come, and the office that compares them: all messages taken at once."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib.domain.commands import Change
from chalicelib.domain.ledger import OwnedAccount, channel_owner
from chalicelib.domain.ledger_journal import folder_of
from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.days import Day, Phase
from chalicelib.domain.reconciliation.differences import Difference
from chalicelib.domain.reconciliation.journals import request_row, requests_folder
from chalicelib.domain.statement_lines import COLUMNS
from chalicelib.domain.statements import Statement, object_key_of
from chalicelib.domain.time import wib_date
from chalicelib.use_cases.reconciliation.desk import Desk
from chalicelib.use_cases.reconciliation.enter_differences import enter_differences
from chalicelib.use_cases.reconciliation.receive_statement import receive_statement
from chalicelib.use_cases.reconciliation.reconcile_day import reconcile_day
from tests.fakes import World
from tests.unit.domain.reconciliation.books import posting

BANK = "bni"


class Office:
    def __init__(self, world: World) -> None:
        self.world = world
        self.day = wib_date(world.clock.now()) - timedelta(days=1)
        self.desk = Desk(world.reconciliations, world.statement_files, world.journal, world.clock)
        self._uploads = 0

    def we_ask(
        self, payout: str, state: str = "settled", amount: int = 600_000, *, version: int = 3, days: int = 0
    ) -> None:
        day = self.day + timedelta(days=days)
        row = request_row(
            reference_of(payout, 1), amount=amount, state=state, day=day, payout_id=payout, version=version
        )
        self.world.journal.keep(f"{requests_folder(BANK, day)}{payout}-{version}.tsv", row.encode())

    def ledger_has(self, payout: str, event: str = "incentive-paid", amount: int = 600_000, *, days: int = 0) -> None:
        day = self.day + timedelta(days=days)
        key = f"{event}/{payout}/1"
        self.world.journal.keep(f"{folder_of(day)}{payout}-{event}.jsonl", posting(key, amount, day).encode())

    def paid(self, payout: str, amount: int = 600_000, status: str = "success", *, day: date | None = None) -> str:
        """A line of the statement."""
        on, back = day or self.day, "R1" if status == "reversal" else ""
        reference = reference_of(payout, 1)
        return f"{on},{BANK},{reference},R{reference[3:20]},{amount}.00,0.00,{status},{on}T10:00:00+07:00,{back}"

    def statement_comes(self, *lines: str, day: date | None = None, by: str = "ani") -> Statement:
        """And is compared; the newest one as it stands then."""
        key = self.drop(*lines, day=day, by=by)
        self.receive(key)
        return self.compare(day=day)

    def statement_replaces(self, *lines: str) -> Statement:
        """Sent by two people."""
        self.statement_comes(*lines)
        return self.statement_comes(*lines, by="budi")

    def drop(self, *lines: str, day: date | None = None, by: str = "ani") -> str:
        self._uploads += 1
        key = object_key_of(BANK, day or self.day, f"upload-{self._uploads}")
        content = "".join(f"{line}\n" for line in (",".join(COLUMNS), *lines)).encode()
        self.world.statement_files.receives(key, content, by)
        return key

    def receive(self, key: str) -> None:
        receive_statement(
            key, reconciliations=self.world.reconciliations, files=self.world.statement_files, clock=self.world.clock
        )

    def compare(self, *, day: date | None = None) -> Statement:
        day = day or self.day
        newest = self.world.reconciliations.day(BANK, day).newest
        reconcile_day(BANK, day, newest, None, desk=self.desk)
        self.enter(day=day)
        found = self.world.reconciliations.statement(BANK, day, newest)
        assert found is not None
        return found

    def compare_again(self) -> None:
        known = self.known
        reconcile_day(BANK, self.day, known.in_force, known.run + 1, desk=self.desk)
        self.enter()

    def enter(self, *, day: date | None = None) -> None:
        """Step by step, as the table's stream drives it."""
        day = day or self.day
        while (known := self.world.reconciliations.day(BANK, day)).state in (Phase.ENTER, Phase.REVIEW):
            enter_differences(BANK, day, known.run, known.state, known.step, desk=self.desk)

    @property
    def known(self) -> Day:
        return self.world.reconciliations.day(BANK, self.day)

    @property
    def suspense(self) -> int:
        return self.world.ledger.balance(channel_owner(BANK, self.day), OwnedAccount.SUSPENSE)

    @property
    def standing(self) -> Sequence[Difference]:
        return [each for each in self.world.reconciliations.all() if each.stands]

    def verdicts(self) -> dict[str, int]:
        return {each.verdict.value: each.suspended for each in self.standing}


def all_agree_on(office: Office, payout: str) -> str:
    office.we_ask(payout)
    office.ledger_has(payout)
    return office.paid(payout)


def a_change(difference: Difference, before: str | None = None) -> Change:
    facts: dict[str, str | int] = {
        "payout_id": difference.payout_id,
        "verdict": difference.verdict.value,
        "suspended": difference.suspended,
    }
    return Change("difference", "x", before, difference.state.value, json.loads(json.dumps(facts)))
