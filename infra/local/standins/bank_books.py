"""The bank's books of transfers: every one it took, for ever, and what has become of it by now."""

import csv
import io
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.time import WIB, wib_date

STATEMENT_COLUMNS = (
    "settlement_date",
    "channel",
    "partner_reference_no",
    "provider_reference_no",
    "amount",
    "fee",
    "status",
    "completed_at",
    "reversal_of",
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Its whole fate is settled when it is taken; time only shows it."""

    reference: str
    service: str
    channel: str
    account_no: str
    amount: int
    provider_reference: str
    external_id: str
    taken_at: datetime
    seen_from: datetime
    """Before this an inquiry does not find it."""
    done_at: datetime
    ends_as: str
    reversed_at: datetime | None = None

    def status(self, now: datetime) -> str:
        """``latestTransactionStatus``."""
        if now < self.seen_from:
            return "07"
        if now < self.done_at:
            return "03"
        return "04" if self.is_reversed(now) else self.ends_as

    def has_paid(self, now: datetime) -> bool:
        """Whether the money ever arrived, reversed later or not."""
        return self.ends_as == "00" and now >= self.done_at

    def is_reversed(self, now: datetime) -> bool:
        return self.has_paid(now) and self.reversed_at is not None and now >= self.reversed_at


class TransferBooks:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._by_reference: dict[str, Transfer] = {}
        self._committed_rupiah = 0
        self._lock = threading.Lock()

    def take(self, transfer: Transfer, funds_rupiah: int) -> Transfer | None:
        """The one under this reference afterwards, this or an earlier one; None where the funds do not reach.

        One step under one lock: two copies at the same instant are one transfer.
        """
        with self._lock:
            earlier = self._by_reference.get(transfer.reference)
            if earlier:
                return earlier
            if 0 <= funds_rupiah < self._committed_rupiah + transfer.amount:
                return None
            self._by_reference[transfer.reference] = transfer
            self._committed_rupiah += transfer.amount if transfer.ends_as == "00" else 0
            return transfer

    def find(self, reference: str) -> Transfer | None:
        with self._lock:
            return self._by_reference.get(reference)

    def all(self) -> list[Transfer]:
        with self._lock:
            return list(self._by_reference.values())

    def totals(self) -> dict[str, object]:
        now, transfers = self._now(), self.all()
        paid = [transfer for transfer in transfers if transfer.has_paid(now)]
        return {
            "transfers": len(transfers),
            "successes": len(paid),
            "paid_rupiah": sum(transfer.amount for transfer in paid),
            "reversed_rupiah": sum(transfer.amount for transfer in paid if transfer.is_reversed(now)),
        }

    def statement(self, day: date, channel: str | None) -> str:
        """The CSV of one calendar day in Jakarta, of one channel or of all."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(STATEMENT_COLUMNS)
        transfers = [transfer for transfer in self.all() if channel in (None, transfer.channel)]
        writer.writerows(_statement_rows(transfers, day, self._now()))
        return text.getvalue()


def _statement_rows(transfers: Iterable[Transfer], day: date, now: datetime) -> Iterable[tuple[str, ...]]:
    for transfer in transfers:
        if transfer.has_paid(now) and wib_date(transfer.done_at) == day:
            yield _statement_row(transfer, transfer.done_at, "success", "")
        if transfer.reversed_at and transfer.is_reversed(now) and wib_date(transfer.reversed_at) == day:
            yield _statement_row(transfer, transfer.reversed_at, "reversal", transfer.provider_reference)


def _statement_row(transfer: Transfer, moment: datetime, status: str, reversal_of: str) -> tuple[str, ...]:
    return (
        wib_date(moment).isoformat(),
        transfer.channel,
        transfer.reference,
        f"R{transfer.provider_reference}" if reversal_of else transfer.provider_reference,
        f"{transfer.amount}.00",
        "0.00",
        status,
        moment.astimezone(WIB).isoformat(timespec="seconds"),
        reversal_of,
    )
