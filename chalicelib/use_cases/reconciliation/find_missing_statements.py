"""Days on which a bank was asked to pay and of which no statement is in force, though it is time."""

from collections.abc import Iterator
from datetime import date, timedelta

from chalicelib.domain.payout_accounts import BANKS
from chalicelib.domain.reconciliation.journals import REQUESTS, requests_folder
from chalicelib.domain.statements import is_statement_late
from chalicelib.domain.time import wib_date
from chalicelib.ports import Journal
from chalicelib.use_cases.reconciliation.desk import Desk

LOOKS_BACK_DAYS = 45


def find_missing_statements(*, desk: Desk) -> Iterator[tuple[str, date]]:
    """Channel and day, each channel's oldest first. A statement that was refused is as good as none. What nobody
    brought in six weeks is warned of no more: the list of days shows that it is not there."""
    today = wib_date(desk.clock.now())
    for bank in BANKS:
        for day in _days_asked(bank, today, desk.journal):
            if is_statement_late(day, today) and not desk.reconciliations.day(bank, day).in_force:
                yield bank, day


def _days_asked(bank: str, today: date, journal: Journal) -> Iterator[date]:
    """From one day's first file to the next: a listing for each day on which the bank was asked, and one more."""
    day = today - timedelta(days=LOOKS_BACK_DAYS)
    for _ in range(LOOKS_BACK_DAYS):
        names = journal.names(f"{REQUESTS}{bank}/", after=requests_folder(bank, day))
        first = next(names, None)
        if first is None:
            return
        day = date.fromisoformat(first.split("/")[2])
        if day >= today:
            return
        yield day
        day += timedelta(days=1)
