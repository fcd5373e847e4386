"""Where incentives go, and whose account a number is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import PayoutAccount
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside


class FakePayoutAccounts(FakeStore):
    name = "payout_accounts"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._accounts: Shelf[ApplicantId, PayoutAccount] = Shelf()
        self._holders: Shelf[tuple[str, str], ApplicantId] = Shelf()

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
    def save_verified(self, account: PayoutAccount) -> None:
        number = (account.account.bank, account.account.account_no)
        if self._holders.get(number) not in (None, account.applicant_id):
            raise AlreadyDone("account_claimed")
        claim = self._holders.put(number, account.applicant_id, self._holders.version(number))
        self._together(self._put_of(account), claim)

    def _put_of(self, account: PayoutAccount) -> Put:
        moved = replace(account, version=account.version + 1)
        return self._accounts.put(account.applicant_id, moved, account.version)

    def _together(self, *puts: Put) -> None:
        try:
            self._write(*puts)
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None
