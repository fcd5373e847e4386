"""Money that is asked back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.debts import Debt, DebtState, Repayment
from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import Posting
from tests.fakes.ledger import FakeLedger
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside


class FakeDebts(FakeStore):
    name = "debts"

    def __init__(self, ledger: FakeLedger, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._ledger = ledger
        self._debts: Shelf[str, Debt] = Shelf()
        self._claims: Shelf[tuple[ApplicantId, str], str] = Shelf()
        self._receipts: Shelf[str, str] = Shelf()
        self._swept: dict[DebtState, str | None] = {}

    @outside
    def add(self, debt: Debt) -> None:
        try:
            self._write(self._put(debt), *(self._claim(debt, key) for key in debt.entitlements))
        except Refused as refused:
            if min(refused.places) > 0:
                raise Conflict("entitlement_reclaimed", field="entitlements") from None
            raise AlreadyDone from None

    @outside
    def get(self, id: str) -> Debt | None:
        return self._debts.get(id)

    @outside
    def of_applicant(self, applicant_id: ApplicantId) -> Sequence[Debt]:
        mine = [debt for debt in self._debts.values() if debt.applicant_id == applicant_id]
        return sorted(mine, key=lambda debt: debt.proposed_at)

    @outside
    def page(
        self, state: DebtState, *, after: str | None, limit: int, until: datetime | None = None
    ) -> tuple[Sequence[str], str | None]:
        if after and "|" not in after:
            raise InvalidInput("cursor_invalid", field="after")
        rows = sorted(
            ((debt.due_at or debt.proposed_at).isoformat(), debt.id)
            for debt in self._debts.values()
            if debt.state is state is not DebtState.DECLINED
        )
        seen = tuple(reversed(after.split("|"))) if after else ("", "")
        rest = [row for row in rows if row > seen and (until is None or row[0] <= until.isoformat())]
        page = rest[:limit]
        return [id for _, id in page], f"{page[-1][1]}|{page[-1][0]}" if len(rest) > limit else None

    @outside
    def swept_to(self, state: DebtState) -> str | None:
        return self._swept.get(state)

    @outside
    def keep_swept(self, state: DebtState, after: str | None) -> None:
        self._swept[state] = after

    @outside
    def save(self, debt: Debt) -> None:
        self._save(self._put(debt))

    @outside
    def save_with(self, debt: Debt, posting: Posting, *, after: int | None = None) -> None:
        if after is not None and self._ledger.number_of(posting.owner) != after:
            raise StaleWrite("debt_contended")
        self._together(self._put(debt), *self._ledger.puts_of(posting))

    @outside
    def decline(self, debt: Debt) -> None:
        owners = [(debt.applicant_id, key) for key in debt.entitlements]
        freed = [self._claims.put(owner, "", self._claims.version(owner)) for owner in owners]
        self._together(self._put(debt), *freed)

    @outside
    def save_repayment(self, debt: Debt, repayment: Repayment, posting: Posting) -> None:
        once = self._receipts.put(repayment.receipt, debt.id)
        try:
            self._write(self._put(debt), once, *self._ledger.puts_of(posting))
        except Refused as refused:
            if 1 in refused.places:
                raise AlreadyDone("receipt_counted", field="receipt") from None
            raise StaleWrite("debt_contended") from None

    def _claim(self, debt: Debt, key: str) -> Put:
        owner = (debt.applicant_id, key)
        is_free = self._claims.get(owner) == ""
        return self._claims.put(owner, debt.id, self._claims.version(owner) if is_free else 0)

    def _put(self, debt: Debt) -> Put:
        return self._debts.put(debt.id, replace(debt, version=debt.version + 1), debt.version)

    def _together(self, *puts: Put) -> None:
        try:
            self._write(*puts)
        except Refused as refused:
            raise StaleWrite("debt_contended", places=sorted(refused.places)) from None
