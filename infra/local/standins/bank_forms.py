"""The bodies of BI-SNAP as the bank reads and fills them. Wallets (37-39) and banks (16, 18, 36) have their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.standins.bank_books import Transfer
from infra.local.standins.bank_door import Refused

_BANKS = {"009": "bni"}
_AMOUNT = re.compile(r"[0-9]{1,16}\.[0-9]{2}")
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    bank: str
    account_no: str


@dataclass(frozen=True, slots=True)
class Order:
    reference: str
    account: Account
    amount: int


def read_inquiry(service: str, body: Fields) -> Account:
    if service == "37":
        _amount(body)
        return _wallet(body)
    return _bank_account(body)


def read_order(service: str, body: Fields) -> Order:
    reference = _text(body, "partnerReferenceNo", most=64)
    if service == "38":
        return Order(reference, _wallet(body), _amount(body))
    for name in ("beneficiaryAccountName", "sourceAccountNo", "transactionDate"):
        _text(body, name)
    return Order(reference, _bank_account(body), _amount(body))


def read_status(body: Fields) -> str:
    _text(body, "serviceCode")
    return _text(body, "originalPartnerReferenceNo")


def inquiry_answer(service: str, account: Account, name: str) -> dict[str, object]:
    if service == "37":
        return {"customerNumber": account.account_no, "customerName": name}
    return {"beneficiaryAccountNo": account.account_no, "beneficiaryAccountName": name, "currency": "IDR"}


def transfer_answer(service: str, transfer: Transfer, **slips: bool) -> dict[str, object]:
    account = "customerNumber" if service == "38" else "beneficiaryAccountNo"
    return {
        "referenceNo": transfer.provider_reference,
        "partnerReferenceNo": _reference(transfer, **slips),
        "amount": _money(transfer, **slips),
        account: transfer.account_no,
    }


def status_answer(transfer: Transfer, **slips: bool) -> dict[str, object]:
    return {
        "originalReferenceNo": transfer.provider_reference,
        "originalPartnerReferenceNo": _reference(transfer, **slips),
        "originalExternalId": transfer.external_id,
        "serviceCode": transfer.service,
        "amount": _money(transfer, **slips),
    }


def _reference(transfer: Transfer, *, wrong_reference: bool, **_: bool) -> str:
    return f"{transfer.reference}0" if wrong_reference else transfer.reference


def _money(transfer: Transfer, *, wrong_amount: bool, **_: bool) -> dict[str, str]:
    return {"value": f"{transfer.amount + wrong_amount}.00", "currency": "IDR"}


def _wallet(body: Fields) -> Account:
    extra = body.get("additionalInfo")
    return Account(_text(extra if isinstance(extra, dict) else {}, "channel"), _text(body, "customerNumber", most=32))


def _bank_account(body: Fields) -> Account:
    code = _text(body, "beneficiaryBankCode", most=11)
    return Account(_BANKS.get(code, code), _text(body, "beneficiaryAccountNo", most=34))


def _amount(body: Fields) -> int:
    amount = body.get("amount")
    if not isinstance(amount, dict):
        raise Refused("40002", "amount")
    value = amount.get("value")
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value) or amount.get("currency") != "IDR":
        raise Refused("40001", "amount")
    rupiah, cents = value.split(".")
    if cents != "00" or int(rupiah) == 0:
        raise Refused("40413")
    return int(rupiah)


def _text(fields: Fields, name: str, *, most: int = 255) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("40002", name)
    if len(value) > most:
        raise Refused("40001", name)
    return value
