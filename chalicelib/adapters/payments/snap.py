"""A bank or wallet operator that speaks BI-SNAP, the national open API standard for payments.

One rule rules the rest: an order goes out under its own reference only, and wherever the answer leaves room for doubt
the outcome is unknown, to be cleared up by asking after that reference.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import Any

from chalicelib.adapters.http import JsonCaller, NoAnswer
from chalicelib.adapters.payments import snap_requests
from chalicelib.adapters.payments.snap_calls import NoToken, SnapAnswer, SnapCalls
from chalicelib.adapters.payments.snap_codes import ACCEPTED, NO_SUCH_TRANSACTION, STATUS_MEANINGS, meaning_of
from chalicelib.adapters.payments.snap_signing import Signer, StandardSigner
from chalicelib.domain.banking import STOPS, BankAccount, TransferAnswer, TransferOrder, TransferOutcome
from chalicelib.domain.errors import BankUnavailable, Misconfigured

_AT_ONCE = 5
_GROUP_SECONDS = 25
"""An order that is begun then may take two calls, a token each, of 8 s: it ends within 60."""
_RUPIAH = re.compile(r"([0-9]{1,16})(?:\.0{1,2})?")


class SnapBank:
    """``signer`` replaces the standard's signatures for a partner that signs in its own way."""

    def __init__(
        self,
        base_url: str,
        client_key: str,
        client_secret: str,
        private_key_pem: str,
        partner_id: str,
        channel_id: str,
        source_account_no: str,
        http: JsonCaller,
        now: Callable[[], datetime],
        signer: Signer | None = None,
        group_seconds: float = _GROUP_SECONDS,
    ) -> None:
        signer = signer or StandardSigner(client_secret, private_key_pem)
        self._calls = SnapCalls(base_url, client_key, partner_id, channel_id, signer, http, now)
        self._source_account_no = source_account_no
        self._group_seconds = group_seconds

    def holder_name(self, account: BankAccount) -> str | None:
        answer = self._ask(snap_requests.inquiry(account))
        if meaning_of(answer.case).outcome is TransferOutcome.REFUSED:
            return None
        name = answer.fields.get("beneficiaryAccountName") or answer.fields.get("customerName")
        if answer.case != ACCEPTED or not isinstance(name, str) or not _is_about(account, answer.fields):
            raise BankUnavailable(response_code=answer.response_code)
        return name

    def transfer(self, order: TransferOrder) -> TransferAnswer:
        try:
            answer = self._calls.call(snap_requests.transfer(order, self._source_account_no))
        except Misconfigured:
            return TransferAnswer(TransferOutcome.NOT_TAKEN, reason="our_request")
        except NoToken:
            return TransferAnswer(TransferOutcome.NOT_TAKEN, reason="no_token")
        except NoAnswer:
            return TransferAnswer(TransferOutcome.UNKNOWN)
        if not _agrees(answer.fields, order):
            return _in_doubt(answer)
        meaning = meaning_of(answer.case)
        return TransferAnswer(meaning.outcome, answer.response_code, meaning.reason, _bank_reference(answer.fields))

    def transfer_each(self, orders: Sequence[TransferOrder]) -> Sequence[TransferAnswer]:
        """A few at a time: a group must be done with within its function's time, even where the bank is slow. What the
        bank stops at (no funds, too many calls) is not asked again for the rest."""
        until = monotonic() + self._group_seconds
        stopped: list[str] = []

        def send(order: TransferOrder) -> TransferAnswer:
            if stopped or monotonic() > until:
                return TransferAnswer(TransferOutcome.NOT_TAKEN, reason=stopped[0] if stopped else "time_is_short")
            answer = self.transfer(order)
            if answer.outcome is TransferOutcome.NOT_TAKEN and answer.reason in STOPS:
                stopped.append(answer.reason)
            return answer

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(send, orders))

    def transfer_status(self, order: TransferOrder) -> TransferAnswer:
        answer = self._ask(snap_requests.status(order))
        if answer.case == NO_SUCH_TRANSACTION:
            return TransferAnswer(TransferOutcome.NOT_FOUND, answer.response_code)
        meaning = STATUS_MEANINGS.get(str(answer.fields.get("latestTransactionStatus")))
        if answer.case != ACCEPTED or meaning is None:
            raise BankUnavailable(response_code=answer.response_code)
        if not _agrees(answer.fields, order):
            return _in_doubt(answer)
        return TransferAnswer(meaning.outcome, answer.response_code, meaning.reason, _bank_reference(answer.fields))

    def _ask(self, request: snap_requests.Request) -> SnapAnswer:
        """A question that changes nothing; who gives no answer to it is unavailable."""
        try:
            return self._calls.call(request)
        except NoToken:
            raise BankUnavailable("no_token") from None
        except NoAnswer:
            raise BankUnavailable from None


def _in_doubt(answer: SnapAnswer) -> TransferAnswer:
    return TransferAnswer(TransferOutcome.UNKNOWN, answer.response_code, None, _bank_reference(answer.fields))


def _is_about(account: BankAccount, fields: Mapping[str, Any]) -> bool:
    return str(fields.get("beneficiaryAccountNo", account.account_no)) == account.account_no


def _agrees(fields: Mapping[str, Any], order: TransferOrder) -> bool:
    """Whether amount and reference, where the answer repeats them, are the order's."""
    reference = fields.get("partnerReferenceNo") or fields.get("originalPartnerReferenceNo") or order.reference
    amount = fields.get("amount")
    return str(reference) == order.reference and (not amount or _rupiah(amount) == order.amount)


def _rupiah(amount: object) -> int | None:
    """Exact text only: a number may have lost its last digits on the way."""
    if not isinstance(amount, dict) or amount.get("currency") != "IDR":
        return None
    value = amount.get("value")
    match = _RUPIAH.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else None


def _bank_reference(fields: Mapping[str, Any]) -> str | None:
    reference = fields.get("referenceNo") or fields.get("originalReferenceNo")
    return reference if isinstance(reference, str) else None
