"""Three books of one day, as short as a test wants them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.comparison import compare
from chalicelib.domain.reconciliation.journals import pile_postings, pile_requests, request_row
from chalicelib.domain.reconciliation.movements import Piles, Source
from chalicelib.domain.reconciliation.theirs import pile_statement
from chalicelib.domain.reconciliation.verdicts import Found, Tally
from chalicelib.domain.statement_lines import COLUMNS

DAY = date(2026, 3, 2)
ANI, BUDI = "payout-ani", "payout-budi"


@dataclass
class Books:
    """Each in its own words; ``day`` counts from the statement's."""

    statement: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    postings: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def bank_pays(self, payout: str, amount: int = 600_000, *, attempt: int = 1) -> "Books":
        self.statement.append(line(reference_of(payout, attempt), amount))
        return self

    def bank_takes_back(self, payout: str, amount: int = 600_000) -> "Books":
        self.statement.append(line(reference_of(payout, 1), amount, "reversal"))
        return self

    def bank_fails(self, payout: str) -> "Books":
        self.statement.append(line(reference_of(payout, 1), 600_000, "failed"))
        return self

    def we_ask(
        self, payout: str, state: str = "settled", amount: int = 600_000, *, day: int = 0, version: int = 3
    ) -> "Books":
        on = DAY + timedelta(days=day)
        reference = reference_of(payout, 1)
        row = request_row(reference, amount=amount, state=state, day=on, payout_id=payout, version=version)
        self.requests.append(row)
        return self

    def ledger_has(
        self, payout: str, event: str = "incentive-paid", amount: int = 600_000, *, day: int = 0, bank: str = "bni"
    ) -> "Books":
        self.postings.append(posting(f"{event}/{payout}/1", amount, DAY + timedelta(days=day), bank))
        return self

    def all_agree_on(self, payout: str) -> "Books":
        return self.bank_pays(payout).we_ask(payout).ledger_has(payout)

    def found(self, *elsewhere: str) -> Sequence[Found]:
        piles = Piles()
        pile_statement([_file(self.statement)], piles, bank="bni", day=DAY)
        pile_statement([_file(self.earlier)], piles, bank="bni", day=DAY, source=Source.EARLIER)
        pile_requests(["".join(self.requests).encode()], piles)
        pile_postings(["".join(self.postings).encode()], piles, bank="bni")
        return list(compare(piles, DAY, elsewhere=frozenset(elsewhere), tally=self.tally))


def line(reference: str, amount: int, status: str = "success") -> str:
    back = "R1" if status == "reversal" else ""
    return f"{DAY},bni,{reference},R-{reference[:20]},{amount}.00,0.00,{status},{DAY}T10:00:00+07:00,{back}"


def posting(key: str, amount: int, day: date, bank: str = "bni") -> str:
    against = f"bank:{bank}"
    row = {"key": key, "owner": "1.ani", "account": "incentive_due", "against": against, "adds": False, "number": 2}
    return json.dumps({**row, "amount": amount, "posted_at": f"{day}T10:00:00+07:00"}) + "\n"


def _file(lines: Sequence[str]) -> bytes:
    return "".join(f"{each}\n" for each in (",".join(COLUMNS), *lines)).encode()
