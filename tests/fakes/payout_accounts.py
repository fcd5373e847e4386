"""Where incentives go, and whose account a number is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account_changes import next_look_at
from chalicelib.domain.account_namings import AccountNaming
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import PayoutAccount, is_same_number
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside

Number = tuple[str, str]


class FakePayoutAccounts(FakeStore):
    name = "payout_accounts"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._accounts: Shelf[ApplicantId, PayoutAccount] = Shelf()
        self._holders: Shelf[Number, ApplicantId | None] = Shelf()
        self._namings: Shelf[Number, AccountNaming] = Shelf()

    @outside
    def get(self, applicant_id: ApplicantId) -> PayoutAccount | None:
        return self._accounts.get(applicant_id)

    @outside
    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, PayoutAccount]:
        return {id: found for id in ids if (found := self._accounts.get(id))}

    @outside
    def save(self, account: PayoutAccount) -> None:
        self._save(self._put_of(account))

    @outside
    def save_verified(
        self, account: PayoutAccount, *, naming: AccountNaming | None = None, released: BankAccount | None = None
    ) -> None:
        number = _number(account.account)
        if self._holders.get(number) not in (None, account.applicant_id):
            raise AlreadyDone("account_claimed")
        puts = [self._put_of(account), self._holders.put(number, account.applicant_id, self._holders.version(number))]
        if released and not is_same_number(released, account.account):
            puts += self._release(_number(released), account.applicant_id)
        self._together(*puts, *self._naming_puts(number, naming))

    @outside
    def save_refused(self, account: PayoutAccount, naming: AccountNaming) -> None:
        self._together(self._put_of(account), *self._naming_puts(_number(account.account), naming))

    @outside
    def naming(self, account: BankAccount) -> AccountNaming:
        return self._namings.get(_number(account)) or AccountNaming(account.bank)

    @outside
    def to_look_at(self, *, now: datetime, limit: int) -> Sequence[ApplicantId]:
        changing = [(next_look_at(each.change), each.applicant_id) for each in self._accounts.values() if each.change]
        due = sorted((due_at, id) for due_at, id in changing if due_at and due_at <= now)
        return [id for _, id in due[:limit]]

    @outside
    def suspicious(self, *, after: str | None, limit: int) -> tuple[Sequence[AccountNaming], str | None]:
        start = _place_of(after) if after else 0
        found = [each for each in self._namings.values() if each.suspicious_at]
        newest = sorted(found, key=lambda each: str(each.suspicious_at), reverse=True)
        page = newest[start : start + limit]
        return page, str(start + limit) if start + limit < len(newest) else None

    def _release(self, number: Number, applicant_id: ApplicantId) -> list[Put]:
        if self._holders.get(number) != applicant_id:
            return []
        return [self._holders.put(number, None, self._holders.version(number))]

    def _naming_puts(self, number: Number, naming: AccountNaming | None) -> list[Put]:
        if naming is None:
            return []
        return [self._namings.put(number, replace(naming, version=naming.version + 1), naming.version)]

    def _put_of(self, account: PayoutAccount) -> Put:
        moved = replace(account, version=account.version + 1)
        return self._accounts.put(account.applicant_id, moved, account.version)

    def _together(self, *puts: Put) -> None:
        try:
            self._write(*puts)
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None


def _number(account: BankAccount) -> Number:
    return account.bank, account.account_no


def _place_of(cursor: str) -> int:
    if not cursor.isdigit():
        raise InvalidInput("cursor_invalid", field="after")
    return int(cursor)
