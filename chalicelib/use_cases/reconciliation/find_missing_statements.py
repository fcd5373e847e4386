"""Days on which a bank was asked to pay and of which no statement is in force, though it is time."""

from collections.abc import Iterator
from datetime import date, timedelta

from chalicelib.domain.payout_accounts import BANKS
from chalicelib.domain.reconciliation.journals import requests_folder
from chalicelib.domain.statements import is_statement_late
from chalicelib.domain.time import wib_date
from chalicelib.use_cases.reconciliation.desk import Desk

LOOKS_BACK_DAYS = 45


def find_missing_statements(*, desk: Desk) -> Iterator[tuple[str, date]]:
    """Channel and day, oldest first. A statement that was refused is as good as none. What nobody brought in six weeks
    is warned of no more: the list of days shows that it is not there."""
    today = wib_date(desk.clock.now())
    for back in range(LOOKS_BACK_DAYS, 0, -1):
        day = today - timedelta(days=back)
        if is_statement_late(day, today):
            yield from ((bank, day) for bank in BANKS if _is_missing(bank, day, desk))


def _is_missing(bank: str, day: date, desk: Desk) -> bool:
    was_asked = any(True for _ in desk.journal.names(requests_folder(bank, day)))
    return was_asked and not desk.reconciliations.day(bank, day).in_force
