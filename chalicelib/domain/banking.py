"""What is asked of a bank, and what an answer means for a payout.

An answer is settled, refused with a reason, or unknown. Unknown is not failure: the money may have moved. It ends only
when the bank says under the same reference what became of it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.money import Rupiah


@dataclass(frozen=True, slots=True)
class BankAccount:
    """``bank`` is the channel (``bni``, ``ovo``, ``gopay``, ``linkaja``, ``dana``); the number is personal."""

    bank: str
    account_no: str
    holder_name: str = ""


@dataclass(frozen=True, slots=True)
class TransferOrder:
    """``reference`` is ours, at most 64 characters, unique for ever, the same however often we ask.

    ``ordered_at`` is when the order was first decided, not when it is sent: the same bytes each time.
    """

    reference: str
    amount: Rupiah
    to: BankAccount
    ordered_at: datetime


class TransferOutcome(StrEnum):
    SETTLED = "settled"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_TAKEN = "not_taken"
    """Surely not executed and may be sent again under the same reference (rate limit, no funds, limit of the day)."""
    NOT_FOUND = "not_found"
    """An inquiry's answer: the bank does not know the reference (yet)."""


@dataclass(frozen=True, slots=True)
class TransferAnswer:
    """``response_code`` as the bank gave it (seven digits), or ``""`` where no readable answer came.

    ``reason`` is a stable word for a refusal (``account_closed``, ``account_invalid``, ``amount_limit``,
    ``insufficient_funds``, ``our_request``, ...), else ``None``.
    """

    outcome: TransferOutcome
    response_code: str = ""
    reason: str | None = None
    bank_reference: str | None = None


STOPS = frozenset({"insufficient_funds", "bank_refuses_us", "not_permitted", "no_route", "rate_limit", "no_token"})
"""Whoever hears one of these need not ask for the next transfer."""


@dataclass(frozen=True, slots=True)
class BankNotice:
    """What a bank tells of one transfer without being asked. ``id`` is its own for the notice, unique for a day;
    ``amount`` is None where it does not say."""

    id: str
    reference: str
    amount: int | None
    answer: TransferAnswer
    told_at: datetime
