"""A group of orders at once: an answer each, and nobody goes on asking a bank that has stopped taking orders. And what
each code of the table makes of a payout."""

from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.payments.snap import SnapBank
from chalicelib.adapters.payments.snap_codes import meaning_of
from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.payout_answers import PARKED, PAUSES, after_transfer
from chalicelib.domain.payouts import PayoutState
from infra.local.standins.bank import BankStandIn
from infra.local.standins.bank_codes import MESSAGES
from tests.contract.neighbours import Moment, http_fixture, moment_fixture  # noqa: F401
from tests.contract.snap_desk import ORDER, TOP_UP, bank_fixture, client_of, office_fixture, paid  # noqa: F401
from tests.fakes import NOON
from tests.money import a_sent_payout

S = PayoutState
ORDERS = [replace(ORDER, reference=f"PRK1{number:03d}") for number in range(20)]
OF_OUTCOME = {
    TransferOutcome.SETTLED: S.SETTLED,
    TransferOutcome.REFUSED: S.REJECTED,
    TransferOutcome.UNKNOWN: S.UNKNOWN,
}


def test_twenty_are_sent_and_each_has_its_answer(bank: SnapBank, office: BankStandIn) -> None:
    answers = bank.transfer_each([*ORDERS[:19], TOP_UP])
    assert {answer.outcome for answer in answers} == {TransferOutcome.SETTLED}
    assert paid(office) == 20 * 600_000
    assert len({answer.bank_reference for answer in answers}) == 20


def test_answers_are_in_the_order_of_the_orders(bank: SnapBank, office: BankStandIn) -> None:
    unknown = replace(ORDER, reference="PRK9", to=replace(ORDER.to, account_no="99"))
    answers = bank.transfer_each([ORDERS[0], unknown, ORDERS[1]])
    refused = TransferOutcome.REFUSED
    assert [answer.outcome for answer in answers] == [TransferOutcome.SETTLED, refused, TransferOutcome.SETTLED]


def test_when_funds_are_spent_the_rest_is_not_asked_for(bank: SnapBank, office: BankStandIn) -> None:
    office.behave(funds_rupiah=600_000)
    outcomes = Counter((answer.outcome, answer.reason) for answer in bank.transfer_each(ORDERS))
    assert outcomes == {
        (TransferOutcome.SETTLED, None): 1,
        (TransferOutcome.NOT_TAKEN, "insufficient_funds"): 19,
    }
    assert len([row for row in office.books.rows.all() if row["service"] == "18"]) < 12
    assert paid(office) == 600_000


def test_what_there_is_no_time_for_is_not_begun(office: BankStandIn, http: JsonCaller, moment: Moment) -> None:
    bank = client_of(office.start(), http, moment, group_seconds=-1)
    answers = bank.transfer_each(ORDERS[:3])
    assert [(answer.outcome, answer.reason) for answer in answers] == [(TransferOutcome.NOT_TAKEN, "time_is_short")] * 3
    assert paid(office) == 0


def test_of_no_orders_there_are_no_answers(bank: SnapBank) -> None:
    assert list(bank.transfer_each([])) == []


@pytest.mark.parametrize("case", list(MESSAGES))
def test_every_code_of_the_table_makes_something_of_a_payout(case: str) -> None:
    meaning = meaning_of(case)
    answer = TransferAnswer(meaning.outcome, case[:3] + "18" + case[3:], meaning.reason)
    after = after_transfer(a_sent_payout(), answer, now=NOON)
    if meaning.outcome is TransferOutcome.NOT_TAKEN:
        assert after.state is (S.HELD if meaning.reason in PARKED else S.READY)
        assert meaning.reason in PARKED or (after.retry_at and after.retry_at > NOON)
    else:
        assert after.state is OF_OUTCOME[meaning.outcome]
    assert after.reference == a_sent_payout().reference
    assert after.reason == meaning.reason


def test_no_reason_is_both_ours_to_mend_and_the_channels() -> None:
    assert not PARKED & PAUSES
