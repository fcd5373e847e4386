"""What our client of BI-SNAP banks sends, and what it makes of answers that no stand-in would give."""

import re

import pytest

from chalicelib.adapters.payments.snap import SnapBank
from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.errors import BankUnavailable
from infra.local.standins.messages import Reply, json_reply
from infra.local.standins.scripted import ScriptedStandIn
from tests.contract.neighbours import Moment, http_fixture, moment_fixture, scripted_fixture  # noqa: F401
from tests.contract.snap_desk import (
    BNI,
    ORDER,
    token,
    told_fixture,  # noqa: F401
)

SETTLED, UNKNOWN = TransferOutcome.SETTLED, TransferOutcome.UNKNOWN


def test_an_order_has_the_same_words_each_time(told: SnapBank, scripted: ScriptedStandIn, moment: Moment) -> None:
    scripted.replies = [token(), json_reply({"responseCode": "5041800"}, 504)]
    told.transfer(ORDER)
    moment.passes(minutes=1)
    told.transfer(ORDER)
    _, first, second = scripted.requests
    assert first.body == second.body
    assert first.json_object() == {
        "partnerReferenceNo": "PRK0001",
        "transactionDate": "2026-03-02T12:00:00+07:00",
        "amount": {"value": "600000.00", "currency": "IDR"},
        "beneficiaryAccountName": "SITI NURHALIZA",
        "beneficiaryBankCode": "009",
        "beneficiaryAccountNo": "0123456789",
        "sourceAccountNo": "0000000001",
    }
    assert first.headers["x-external-id"] != second.headers["x-external-id"]
    assert re.fullmatch(r"[0-9]{36}", first.headers["x-external-id"])
    assert second.headers["x-timestamp"] == "2026-03-02T12:01:00+07:00"
    assert (first.headers["x-partner-id"], first.headers["channel-id"]) == ("partner", "95221")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"{}"),
        Reply(200, b"OK"),
        Reply(200, b'["2001800"]'),
        json_reply({"responseCode": 2001800}),
        json_reply({"responseCode": "200"}),
        json_reply({"responseCode": "2003800"}),
        json_reply({"responseCode": "2001800"}, 500),
        json_reply({"responseCode": "4031814"}, 200),
        json_reply({"responseCode": "4031899"}, 403),
        json_reply({"responseCode": "2001800", "amount": {"value": "600000", "currency": "USD"}}),
        json_reply({"responseCode": "2001800", "amount": {"value": "6e5", "currency": "IDR"}}),
        json_reply({"responseCode": "2001800", "amount": {"value": 600000.0, "currency": "IDR"}}),
        json_reply({"responseCode": "2001800", "amount": "600000.00"}),
        json_reply({"responseCode": "4041811", "partnerReferenceNo": "PRK9999"}, 404),
        Reply(429, b"slow down"),
    ],
)
def test_an_answer_that_is_not_understood_leaves_the_outcome_open(
    told: SnapBank, scripted: ScriptedStandIn, reply: Reply
) -> None:
    scripted.replies = [token(), reply]
    assert told.transfer(ORDER).outcome is UNKNOWN


@pytest.mark.parametrize("amount", [None, {}, {"value": "600000.00", "currency": "IDR"}], ids=str)
def test_a_bank_need_not_repeat_amount_and_reference(told: SnapBank, scripted: ScriptedStandIn, amount: object) -> None:
    scripted.replies = [token(), json_reply({"responseCode": "2001800", "amount": amount, "partnerReferenceNo": None})]
    assert told.transfer(ORDER) == TransferAnswer(SETTLED, "2001800")


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"responseCode": "2003600"}),
        json_reply({"responseCode": "2003600", "latestTransactionStatus": "08"}),
        json_reply({"responseCode": "2003600", "latestTransactionStatus": 0}),
        json_reply({"responseCode": "2023600", "latestTransactionStatus": "00"}, 202),
        json_reply({"responseCode": "4043601"}, 500),
        json_reply({"responseCode": "4041801"}, 404),
    ],
)
def test_a_status_that_is_not_understood_is_none(told: SnapBank, scripted: ScriptedStandIn, reply: Reply) -> None:
    scripted.replies = [token(), reply]
    with pytest.raises(BankUnavailable):
        told.transfer_status(ORDER)


@pytest.mark.parametrize(
    "fields",
    [{}, {"beneficiaryAccountName": ""}, {"beneficiaryAccountName": "Budi", "beneficiaryAccountNo": "999"}],
    ids=str,
)
def test_another_accounts_holder_is_no_answer(
    told: SnapBank, scripted: ScriptedStandIn, fields: dict[str, str]
) -> None:
    scripted.replies = [token(), json_reply({"responseCode": "2001600", **fields})]
    with pytest.raises(BankUnavailable):
        told.holder_name(BNI)
