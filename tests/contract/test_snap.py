"""Our client of BI-SNAP banks sends money to the stand-in bank, whose books say what was really paid."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.adapters.payments.snap import SnapBank
from chalicelib.domain.banking import BankAccount, TransferOrder, TransferOutcome
from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.money import Rupiah
from infra.local.standins.bank import BankStandIn
from tests.contract.neighbours import Moment, http_fixture, moment_fixture  # noqa: F401
from tests.contract.snap_desk import BNI, ORDER, TOP_UP, bank_fixture, office_fixture, paid  # noqa: F401

SETTLED, REFUSED, UNKNOWN = TransferOutcome.SETTLED, TransferOutcome.REFUSED, TransferOutcome.UNKNOWN
NOT_TAKEN, NOT_FOUND = TransferOutcome.NOT_TAKEN, TransferOutcome.NOT_FOUND

EVERY_CODE: dict[str, tuple[TransferOutcome, str | None]] = {
    "20000": (SETTLED, None),
    **dict.fromkeys(["20200", "50000", "50001", "50002", "50400"], (UNKNOWN, None)),
    # It was taken under this reference, or something was: ask, do not pay.
    **dict.fromkeys(["40901", "40418", "40414", "40300", "40400", "40401", "40404", "40410", "40900"], (UNKNOWN, None)),
    **dict.fromkeys(["40309", "40318"], (REFUSED, "account_closed")),
    "40411": (REFUSED, "account_invalid"),
    "40314": (NOT_TAKEN, "insufficient_funds"),
    "40302": (NOT_TAKEN, "amount_limit"),
    "40304": (NOT_TAKEN, "activity_limit"),
    **dict.fromkeys(["40320", "40323"], (NOT_TAKEN, "account_limit")),
    "42900": (NOT_TAKEN, "rate_limit"),
    **dict.fromkeys(["40100", "40101", "40102", "40103", "40104"], (NOT_TAKEN, "bank_refuses_us")),
    **dict.fromkeys(["40301", "40306", "40315", "40316", "40319"], (NOT_TAKEN, "not_permitted")),
    "40303": (NOT_TAKEN, "suspected_fraud"),
    "40305": (NOT_TAKEN, "not_honoured"),
    **dict.fromkeys(["40402", "40403"], (NOT_TAKEN, "no_route")),
    **dict.fromkeys(["40000", "40001", "40002", "40500", "40501"], (NOT_TAKEN, "our_request")),
    **dict.fromkeys(["40307", "40308", "40310", "40311", "40312", "40313", "40317"], (NOT_TAKEN, "our_request")),
    **dict.fromkeys(["40321", "40322", "40405", "40406", "40407", "40408", "40409"], (NOT_TAKEN, "our_request")),
    **dict.fromkeys(["40412", "40413", "40415", "40416", "40417", "40419"], (NOT_TAKEN, "our_request")),
}


def test_the_table_is_whole() -> None:
    assert len(EVERY_CODE) == 63


@pytest.mark.parametrize("order", [ORDER, TOP_UP], ids=["bank", "wallet"])
@pytest.mark.parametrize("code", EVERY_CODE)
def test_every_code_has_its_meaning(bank: SnapBank, office: BankStandIn, code: str, order: TransferOrder) -> None:
    outcome, reason = EVERY_CODE[code]
    office.behave(response_code="" if code == "20000" else code)
    answer = bank.transfer(order)
    service = "18" if order is ORDER else "38"
    assert (answer.outcome, answer.reason) == (outcome, reason)
    assert answer.response_code == code[:3] + service + code[3:]
    assert paid(office) == (600_000 if outcome is SETTLED else 0)


@pytest.mark.parametrize("order", [ORDER, TOP_UP], ids=["bank", "wallet"])
def test_what_was_settled_stands_in_the_banks_books(bank: SnapBank, office: BankStandIn, order: TransferOrder) -> None:
    answer = bank.transfer(order)
    (transfer,) = office.transfers.all()
    assert (transfer.reference, transfer.amount, transfer.account_no) == (order.reference, 600_000, order.to.account_no)
    assert answer.bank_reference == transfer.provider_reference
    assert bank.transfer_status(order).outcome is SETTLED


@pytest.mark.parametrize("order", [ORDER, TOP_UP], ids=["bank", "wallet"])
@pytest.mark.parametrize(
    "fault",
    [
        {"lose_reply": True},
        {"hang_seconds": 0.7},
        {"response_code": "50400", "pays_anyway": True},
        {"response_code": "20200", "pays_anyway": True},
        {"html": True},
        {"truncated": True},
        {"wrong_amount": True},
        {"wrong_reference": True},
    ],
    ids=str,
)
def test_money_that_may_have_moved_is_unknown_until_the_bank_says_so(
    bank: SnapBank, office: BankStandIn, order: TransferOrder, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    assert bank.transfer(order).outcome is UNKNOWN
    office.behave()
    _wait_until_paid(office)
    assert bank.transfer_status(order).outcome is SETTLED
    again = bank.transfer(order)
    assert (again.outcome, again.response_code[:3]) == (UNKNOWN, "409")
    assert paid(office) == 600_000


def _wait_until_paid(office: BankStandIn) -> None:
    for _ in range(100):
        if paid(office):
            return
        time.sleep(0.02)


@pytest.mark.parametrize("fault", [{"outage": True}, {"http_500": True}, {"response_code": "50000"}], ids=str)
def test_money_that_did_not_move_is_unknown_too(bank: SnapBank, office: BankStandIn, fault: dict[str, object]) -> None:
    bank.holder_name(BNI)  # a token is at hand: the transfer itself is what fails
    office.behave(**fault)
    assert bank.transfer(ORDER).outcome is UNKNOWN
    office.behave()
    assert bank.transfer_status(ORDER).outcome is NOT_FOUND
    assert paid(office) == 0


def test_not_found_may_turn_into_paid(bank: SnapBank, office: BankStandIn, moment: Moment) -> None:
    office.behave(lose_reply=True, found_after_seconds=3600)
    assert bank.transfer(ORDER).outcome is UNKNOWN
    assert bank.transfer_status(ORDER).outcome is NOT_FOUND
    assert bank.transfer(ORDER).outcome is UNKNOWN  # the bank knows the reference although it did not find it
    moment.passes(hours=1)
    assert bank.transfer_status(ORDER).outcome is SETTLED
    assert paid(office) == 600_000


def test_a_bank_nobody_knows_is_not_paid(bank: SnapBank, office: BankStandIn) -> None:
    answer = bank.transfer(replace(ORDER, to=BankAccount("bank of nowhere", "12345678")))
    assert (answer.outcome, answer.reason) == (NOT_TAKEN, "our_request")
    assert office.books.totals()["calls"] == 0
    with pytest.raises(Misconfigured):
        bank.holder_name(BankAccount("bank of nowhere", "12345678"))


def test_the_same_reference_with_another_amount_or_account_is_never_paid_twice(
    bank: SnapBank, office: BankStandIn
) -> None:
    bank.transfer(ORDER)
    for other in (replace(ORDER, amount=Rupiah(1)), replace(ORDER, to=BankAccount("014", "777888999", "Budi"))):
        assert bank.transfer(other).response_code == "4041818"
    assert paid(office) == 600_000


def test_one_order_sent_by_twenty_at_once_is_paid_once(bank: SnapBank, office: BankStandIn) -> None:
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _: bank.transfer(ORDER).outcome, range(20)))
    assert sorted(answers) == sorted([SETTLED, *[UNKNOWN] * 19])
    assert paid(office) == 600_000


def test_no_funds_and_too_many_calls_may_be_tried_again(bank: SnapBank, office: BankStandIn, moment: Moment) -> None:
    office.behave(funds_rupiah=600_000, calls_per_second=2)
    outcomes = [bank.transfer(replace(ORDER, reference=f"PRK{number}")) for number in range(3)]
    assert [answer.reason for answer in outcomes] == [None, "insufficient_funds", "rate_limit"]
    moment.passes(seconds=1)
    assert bank.transfer(replace(ORDER, reference="PRK2")).reason == "insufficient_funds"
    office.behave()
    assert bank.transfer(replace(ORDER, reference="PRK2")).outcome is SETTLED
