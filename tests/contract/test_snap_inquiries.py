"""Our client of BI-SNAP banks asks the stand-in bank what became of an order, and whose an account is."""

import json
from dataclasses import replace

import pytest

from chalicelib.adapters.payments.snap import SnapBank
from chalicelib.domain.banking import BankAccount, TransferOrder, TransferOutcome
from chalicelib.domain.errors import BankUnavailable
from infra.local.standins.bank import BankStandIn
from tests.contract.neighbours import Moment, http_fixture, moment_fixture  # noqa: F401
from tests.contract.snap_desk import BNI, ORDER, OVO, TOP_UP, bank_fixture, office_fixture  # noqa: F401

SETTLED, REFUSED, UNKNOWN = TransferOutcome.SETTLED, TransferOutcome.REFUSED, TransferOutcome.UNKNOWN
NOT_FOUND = TransferOutcome.NOT_FOUND


@pytest.mark.parametrize("order", [ORDER, TOP_UP], ids=["bank", "wallet"])
@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        ("00", SETTLED, None),
        ("01", UNKNOWN, None),
        ("02", UNKNOWN, None),
        ("03", UNKNOWN, None),
        ("04", REFUSED, "refunded"),
        ("05", REFUSED, "cancelled"),
        ("06", REFUSED, "failed"),
    ],
)
def test_every_status_has_its_meaning(
    bank: SnapBank, office: BankStandIn, order: TransferOrder, status: str, outcome: TransferOutcome, reason: str | None
) -> None:
    office.behave(ends_as=status, response_code="20200", pays_anyway=True)
    bank.transfer(order)
    answer = bank.transfer_status(order)
    assert (answer.outcome, answer.reason) == (outcome, reason)


@pytest.mark.parametrize("as_status", [True, False])
def test_an_unknown_reference_is_not_found_however_it_is_said(
    bank: SnapBank, office: BankStandIn, as_status: bool
) -> None:
    office.behave(unknown_as_status_07=as_status)
    assert bank.transfer_status(ORDER).outcome is NOT_FOUND


def test_a_pending_transfer_stays_unknown(bank: SnapBank, office: BankStandIn, moment: Moment) -> None:
    office.behave(done_after_seconds=60, response_code="20200", pays_anyway=True)
    bank.transfer(ORDER)
    assert bank.transfer_status(ORDER).outcome is UNKNOWN
    moment.passes(minutes=1)
    assert bank.transfer_status(ORDER).outcome is SETTLED


@pytest.mark.parametrize("slip", ["wrong_amount", "wrong_reference"])
def test_a_status_of_something_else_settles_nothing(bank: SnapBank, office: BankStandIn, slip: str) -> None:
    bank.transfer(ORDER)
    office.behave(services="36", **{slip: True})
    assert bank.transfer_status(ORDER).outcome is UNKNOWN


@pytest.mark.parametrize(
    "fault",
    [
        {"outage": True},
        {"http_500": True},
        {"html": True},
        {"truncated": True},
        {"hang_seconds": 5},
        *({"response_code": code} for code in ("20200", "50000", "50400", "42900", "40100", "40000", "40404")),
    ],
    ids=str,
)
def test_a_bank_that_cannot_be_asked_is_unavailable(
    bank: SnapBank, office: BankStandIn, fault: dict[str, object]
) -> None:
    office.behave(services="16,36", **fault)
    with pytest.raises(BankUnavailable):
        bank.transfer_status(ORDER)
    with pytest.raises(BankUnavailable):
        bank.holder_name(BNI)


@pytest.mark.parametrize(
    ("account", "name"),
    [
        (BNI, "SITI NURHALIZA"),
        (OVO, "Siti"),
        (BankAccount("014", "777888999"), "Budi"),
        (replace(BNI, bank="014"), None),
    ],
)
def test_the_bank_names_the_holder(bank: SnapBank, account: BankAccount, name: str | None) -> None:
    assert bank.holder_name(account) == name


@pytest.mark.parametrize("code", ["40309", "40318", "40411"])
def test_a_closed_account_has_no_holder(bank: SnapBank, office: BankStandIn, code: str) -> None:
    office.behave(services="16", response_code=code)
    assert bank.holder_name(BNI) is None


def test_failures_name_neither_account_nor_secret(bank: SnapBank, office: BankStandIn) -> None:
    office.behave(services="16", response_code="40001")
    with pytest.raises(BankUnavailable) as failure:
        bank.holder_name(BNI)
    told = repr((failure.value, failure.value.details, failure.value.__context__))
    assert BNI.account_no not in told
    assert json.dumps(failure.value.details) == '{"response_code": "4001601"}'


def test_a_success_may_go_back(bank: SnapBank, office: BankStandIn, moment: Moment) -> None:
    office.behave(reverse_after_seconds=60)
    assert bank.transfer(ORDER).outcome is SETTLED
    moment.passes(minutes=1)
    answer = bank.transfer_status(ORDER)
    assert (answer.outcome, answer.reason) == (REFUSED, "refunded")
