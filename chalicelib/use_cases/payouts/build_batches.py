"""Put the payouts that are due into batches, for two people to approve."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import PayoutId, StaffId
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payout_batches import (
    MOST_IN_BATCH,
    BatchState,
    Line,
    content_of,
    line_of,
    make_batch,
)
from chalicelib.domain.payouts import PayoutState
from chalicelib.domain.time import wib_date
from chalicelib.ports import BatchFiles, Clock, PayoutAccounts, PayoutBatches, Payouts

_PAGE = 100
_MOST_PAGES = 2_000
_MOST_OF_A_LIST = 20
"""So often the same list may be refused on one day."""


def build_batches(
    *,
    by: StaffId | None,
    payouts: Payouts,
    payout_accounts: PayoutAccounts,
    batches: PayoutBatches,
    files: BatchFiles,
    clock: Clock,
    most: int = MOST_IN_BATCH,
) -> int:
    """How many batches were begun. None while others are being filled: their payouts still look free."""
    if batches.page(BatchState.FILLING, after=None, limit=1)[0]:
        return 0
    begun = 0
    piles: defaultdict[str, list[Line]] = defaultdict(list)
    for bank, line in _due(payouts, payout_accounts, clock):
        piles[bank].append(line)
        if len(piles[bank]) == most:
            begun += _begin(bank, piles.pop(bank), by, batches, files, clock)
    return begun + sum(_begin(bank, pile, by, batches, files, clock) for bank, pile in sorted(piles.items()))


def _due(payouts: Payouts, payout_accounts: PayoutAccounts, clock: Clock) -> Iterator[tuple[str, Line]]:
    """With the bank of the account to which each is to go; who has no verified one is left for another day."""
    after: str | None = None
    now = clock.now()
    for _ in range(_MOST_PAGES):
        ids, after = payouts.page(PayoutState.PREPARED, after=after, limit=_PAGE, until=now)
        yield from _with_banks(ids, payouts, payout_accounts)
        if after is None:
            return


def _with_banks(
    ids: Sequence[PayoutId], payouts: Payouts, payout_accounts: PayoutAccounts
) -> Iterator[tuple[str, Line]]:
    found = [each for each in payouts.get_each(ids).values() if each.state is PayoutState.PREPARED]
    people = sorted({each.applicant_id for each in found})
    accounts = payout_accounts.get_each(people)
    for payout in sorted(found, key=lambda each: (each.due_on, each.id)):
        account = accounts.get(payout.applicant_id)
        if account and account.state is AccountState.VERIFIED:
            yield account.account.bank, line_of(payout)


def _begin(
    bank: str, lines: Sequence[Line], by: StaffId | None, batches: PayoutBatches, files: BatchFiles, clock: Clock
) -> int:
    """The list is written first, under a name that follows from it: a batch without its list would stand for ever."""
    for number in range(1, _MOST_OF_A_LIST + 1):
        batch = make_batch(lines, bank=bank, number=number, by=by, now=clock.now(), day=wib_date(clock.now()))
        files.write(batch.id, content_of(lines))
        try:
            batches.add(batch)
        except AlreadyDone:
            same = batches.get(batch.id)
            if same and same.state is BatchState.DISSOLVED:
                continue  # refused, and its payouts are free again
            return 0
        return 1
    return 0
