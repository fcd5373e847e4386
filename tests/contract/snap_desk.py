"""A bank, our account with it, and orders to it, for the contract tests of BI-SNAP."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.payments.snap import SnapBank
from chalicelib.adapters.payments.snap_signing import StandardSigner
from chalicelib.domain.banking import BankAccount, TransferOrder
from chalicelib.domain.money import Rupiah
from infra.local.standins.bank import BankStandIn
from infra.local.standins.bank_door import Partner
from infra.local.standins.bank_keys import new_key_pair
from infra.local.standins.messages import Reply, json_reply
from infra.local.standins.scripted import ScriptedStandIn
from tests.contract.neighbours import NOON, Moment

PRIVATE, PUBLIC = new_key_pair()
SIGNER = StandardSigner("secret", PRIVATE)  # made once: OpenSSL takes its time over a private key
PARTNER = Partner("client", "secret", PUBLIC, "partner")
BNI, OVO = BankAccount("bni", "0123456789", "SITI NURHALIZA"), BankAccount("ovo", "081234567890", "SITI NURHALIZA")
ORDER = TransferOrder("PRK0001", Rupiah(600_000), BNI, NOON)
TOP_UP = replace(ORDER, reference="PRK0002", to=OVO)
HOLDERS = {("bni", BNI.account_no): "SITI NURHALIZA", ("ovo", OVO.account_no): "Siti", ("014", "777888999"): "Budi"}


def client_of(
    url: str,
    http: JsonCaller,
    moment: Moment,
    signer: StandardSigner | None = SIGNER,
    *,
    group_seconds: float = 30,
) -> SnapBank:
    ours = "client", "secret", PRIVATE, "partner", "95221", "0000000001"
    return SnapBank(url, *ours, http, moment, signer, group_seconds=group_seconds)


def paid(office: BankStandIn) -> object:
    return office.totals()["paid_rupiah"]


def services_asked(office: BankStandIn) -> list[object]:
    return [row["service"] for row in office.books.rows.all()]


def token(**fields: object) -> Reply:
    return json_reply({"accessToken": "abc", "tokenType": "Bearer", "expiresIn": "900", **fields})


@pytest.fixture(name="office")
def office_fixture(moment: Moment) -> Iterator[BankStandIn]:
    office = BankStandIn(lambda bank, account_no: HOLDERS.get((bank, account_no)), partner=PARTNER, now=moment)
    yield office
    office.stop()


@pytest.fixture(name="bank")
def bank_fixture(office: BankStandIn, http: JsonCaller, moment: Moment) -> SnapBank:
    return client_of(office.start(), http, moment)


@pytest.fixture(name="told")
def told_fixture(scripted: ScriptedStandIn, http: JsonCaller, moment: Moment) -> SnapBank:
    """A client of a bank that says what the script says."""
    return client_of(scripted.start(), http, moment)
