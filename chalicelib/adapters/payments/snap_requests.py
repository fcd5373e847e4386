"""What is asked of a BI-SNAP bank: for a bank account services 16, 18 and 36, for an e-wallet 37, 38 and 39."""

import json
import secrets
from dataclasses import dataclass

from chalicelib.domain.banking import BankAccount, TransferOrder
from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.time import WIB

WALLETS = frozenset({"ovo", "gopay", "linkaja", "dana"})
_BANK_CODES = {"bni": "009"}

# A wallet wants an amount even to say whose it is. The smallest top-up keeps limits out of that answer.
_INQUIRY_AMOUNT = 10_000


@dataclass(frozen=True, slots=True)
class Request:
    service: str
    path: str
    body: bytes


def inquiry(account: BankAccount) -> Request:
    reference = secrets.token_hex(16)
    if account.bank in WALLETS:
        top_up = {"partnerReferenceNo": reference, **_wallet(account, _INQUIRY_AMOUNT)}
        return _request("37", "/v1.0/emoney/account-inquiry", top_up)
    return _request("16", "/v1.0/account-inquiry-external", {"partnerReferenceNo": reference, **_beneficiary(account)})


def transfer(order: TransferOrder, source_account_no: str) -> Request:
    """The same bytes for the same order, however often it is asked."""
    first = {"partnerReferenceNo": order.reference, "transactionDate": _transaction_date(order)}
    if order.to.bank in WALLETS:
        return _request("38", "/v1.0/emoney/topup", {**first, **_wallet(order.to, order.amount)})
    body = {
        **first,
        "amount": _amount(order.amount),
        "beneficiaryAccountName": order.to.holder_name,
        **_beneficiary(order.to),
        "sourceAccountNo": source_account_no,
    }
    return _request("18", "/v1.0/transfer-interbank", body)


def status(order: TransferOrder) -> Request:
    asked: dict[str, object] = {
        "originalPartnerReferenceNo": order.reference,
        "transactionDate": _transaction_date(order),
        "amount": _amount(order.amount),
    }
    if order.to.bank in WALLETS:
        channel = {"additionalInfo": {"channel": order.to.bank}}
        return _request("39", "/v1.0/emoney/topup-status", {**asked, "serviceCode": "38", **channel})
    return _request("36", "/v1.0/transfer/status", {**asked, "serviceCode": "18"})


def _request(service: str, path: str, body: dict[str, object]) -> Request:
    return Request(service, path, json.dumps(body, separators=(",", ":")).encode())


def _wallet(account: BankAccount, amount: int) -> dict[str, object]:
    return {
        "customerNumber": account.account_no,
        "amount": _amount(amount),
        "additionalInfo": {"channel": account.bank},
    }


def _beneficiary(account: BankAccount) -> dict[str, object]:
    return {"beneficiaryBankCode": _bank_code(account.bank), "beneficiaryAccountNo": account.account_no}


def _bank_code(bank: str) -> str:
    """A bank is known by name, or goes by its three-digit clearing code."""
    if len(bank) == 3 and bank.isascii() and bank.isdigit():
        return bank
    try:
        return _BANK_CODES[bank]
    except KeyError:
        raise Misconfigured("bank_channel_unknown", channel=bank) from None


def _amount(rupiah: int) -> dict[str, str]:
    return {"value": f"{int(rupiah)}.00", "currency": "IDR"}


def _transaction_date(order: TransferOrder) -> str:
    return order.ordered_at.astimezone(WIB).isoformat(timespec="seconds")
