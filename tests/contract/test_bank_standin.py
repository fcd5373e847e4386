"""The stand-in bank itself: whom it lets in, and what it keeps in its books."""

import csv
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3

from infra.local.standins.bank import BankStandIn
from tests.contract.neighbours import Moment
from tests.contract.snap_desk import PARTNER, SIGNER
from tests.contract.visitors import Opened, Visitor, opened_fixture, pool_fixture  # noqa: F401

# 23:30 in Jakarta, so that what takes an hour ends on the next day.
LATE = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
TRANSFER = {
    "partnerReferenceNo": "PRK1",
    "amount": {"value": "600000.00", "currency": "IDR"},
    "beneficiaryAccountName": "SITI",
    "beneficiaryAccountNo": "0123456789",
    "beneficiaryBankCode": "009",
    "sourceAccountNo": "1",
    "transactionDate": "2026-03-02T23:30:00+07:00",
}


@pytest.fixture
def moment() -> Moment:
    return Moment(LATE)


@pytest.fixture
def bank(moment: Moment) -> BankStandIn:
    def holder(bank: str, account_no: str) -> str | None:
        return "SITI" if (bank, account_no) in {("bni", "0123456789"), ("ovo", "0812")} else None

    return BankStandIn(holder, partner=PARTNER, now=moment)


@pytest.fixture
def teller(bank: BankStandIn, opened: Opened) -> Visitor:
    return opened(bank)


def token_of(teller: Visitor, **changed: str) -> tuple[int, Any]:
    stamp = changed.pop("timestamp", "2026-03-02T23:30:00+07:00")
    headers = {"X-CLIENT-KEY": "client", "X-TIMESTAMP": stamp, "X-SIGNATURE": SIGNER.token_signature("client", stamp)}
    grant = {"grantType": "client_credentials"}
    return teller.ask("POST", "/v1.0/access-token/b2b", grant, **{**headers, **changed})


def call(
    teller: Visitor,
    path: str = "/v1.0/transfer-interbank",
    content: object = TRANSFER,
    *,
    token: str | None = None,
    stamp: str = "2026-03-02T23:30:00+07:00",
    external_id: str | None = None,
    **changed: str,
) -> str:
    """The response code of a signed call, of which a part may be changed after signing."""
    token = token or token_of(teller, timestamp=stamp)[1]["accessToken"]
    body = json.dumps(content).encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "X-TIMESTAMP": stamp,
        "X-SIGNATURE": SIGNER.call_signature("POST", path, token, body, stamp),
        "X-PARTNER-ID": "partner",
        "X-EXTERNAL-ID": external_id or str(time.time_ns()),
        "CHANNEL-ID": "95221",
    }
    sent = {name: value for name, value in {**headers, **changed}.items() if value}
    return str(teller.ask("POST", path, body, **sent)[1]["responseCode"])


def test_who_is_stopped_while_it_hangs_does_nothing_more(bank: BankStandIn, teller: Visitor) -> None:
    token = token_of(teller)[1]["accessToken"]
    bank.behave(hang_seconds=30)
    with ThreadPoolExecutor(1) as crowd:
        hanging = crowd.submit(call, teller, token=token)
        time.sleep(0.1)
        begun = time.perf_counter()
        bank.stop()
        with pytest.raises(urllib3.exceptions.HTTPError):
            hanging.result(timeout=1)
    assert time.perf_counter() - begun < 1
    assert bank.totals()["transfers"] == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"X-SIGNATURE": "AAAA"}, "4017300"),
        ({"X-SIGNATURE": "not base64!"}, "4017300"),
        ({"X-CLIENT-KEY": "other"}, "4017300"),
        ({"X-TIMESTAMP": "2026-03-02T23:31:00+07:00"}, "4017300"),
        ({"X-TIMESTAMP": "yesterday"}, "4007301"),
        ({"X-TIMESTAMP": "2026-03-02T23:30:00"}, "4007301"),
        ({"X-SIGNATURE": ""}, "4007302"),
        ({"timestamp": "2026-03-02T23:35:01+07:00"}, "4017300"),
        ({"timestamp": "2026-03-02T23:24:59+07:00"}, "4017300"),
        ({"timestamp": "2026-03-02T16:34:00+00:00"}, "2007300"),
    ],
    ids=str,
)
def test_a_token_is_given_only_to_whom_the_bank_knows(teller: Visitor, changed: dict[str, str], code: str) -> None:
    assert token_of(teller, **changed)[1]["responseCode"] == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "2001800"),
        ({"X-SIGNATURE": "AAAA"}, "4011800"),
        ({"X-TIMESTAMP": "2026-03-02T23:30:01+07:00"}, "4011800"),
        ({"X-PARTNER-ID": "other"}, "4011800"),
        ({"CHANNEL-ID": ""}, "4001802"),
        ({"X-EXTERNAL-ID": ""}, "4001802"),
        ({"X-EXTERNAL-ID": "12a"}, "4001801"),
        ({"X-EXTERNAL-ID": "1" * 37}, "4001801"),
        ({"Authorization": ""}, "4011803"),
        ({"Authorization": "Bearer other"}, "4011801"),
        ({"stamp": "2026-03-02T23:36:00+07:00", "token": "a true one"}, "4011800"),
    ],
    ids=str,
)
def test_the_bank_checks_every_call(bank: BankStandIn, teller: Visitor, changed: dict[str, Any], code: str) -> None:
    if "token" in changed:
        changed = {**changed, "token": token_of(teller)[1]["accessToken"]}
    assert call(teller, **changed) == code
    assert bank.totals()["transfers"] == (code == "2001800")


def test_an_external_id_serves_once_a_day(teller: Visitor, moment: Moment) -> None:
    inquiry = {"beneficiaryBankCode": "009", "beneficiaryAccountNo": "0123456789"}
    codes = [call(teller, "/v1.0/account-inquiry-external", inquiry, external_id="7") for _ in range(2)]
    moment.passes(minutes=30)
    stamp = "2026-03-03T00:00:00+07:00"
    codes.append(call(teller, "/v1.0/account-inquiry-external", inquiry, external_id="7", stamp=stamp))
    assert codes == ["2001600", "4091600", "2001600"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": {"value": "600000", "currency": "IDR"}}, "4001801"),
        ({"amount": {"value": "600000.00", "currency": "USD"}}, "4001801"),
        ({"amount": {"value": "0.00", "currency": "IDR"}}, "4041813"),
        ({"amount": {"value": "1.50", "currency": "IDR"}}, "4041813"),
        ({"amount": None}, "4001802"),
        ({"partnerReferenceNo": ""}, "4001802"),
        ({"partnerReferenceNo": "x" * 65}, "4001801"),
        ({"beneficiaryAccountName": ""}, "4001802"),
        ({"beneficiaryAccountNo": "0123456780"}, "4041811"),
        ({"beneficiaryBankCode": "014"}, "4041811"),
    ],
    ids=str,
)
def test_a_transfer_that_is_not_filled_in_right_is_not_taken(
    bank: BankStandIn, teller: Visitor, changed: dict[str, object], code: str
) -> None:
    assert call(teller, content={**TRANSFER, **changed}) == code
    assert bank.totals()["transfers"] == 0


def test_a_reference_is_taken_once_for_ever(bank: BankStandIn, teller: Visitor) -> None:
    other = {**TRANSFER, "amount": {"value": "1.00", "currency": "IDR"}}
    assert [call(teller), call(teller), call(teller, content=other)] == ["2001800", "4091801", "4041818"]
    assert (bank.totals()["successes"], bank.totals()["paid_rupiah"]) == (1, 600_000)


def test_the_statement_shows_each_day_what_was_paid_and_what_went_back(
    bank: BankStandIn, teller: Visitor, moment: Moment
) -> None:
    bank.behave(reverse_after_seconds=3600)
    call(teller)
    bank.behave(ends_as="06")
    call(teller, content={**TRANSFER, "partnerReferenceNo": "PRK2"})
    moment.passes(hours=2)
    paid, returned = (
        list(csv.DictReader(io.StringIO(teller.ask("GET", f"/statement?date={day}")[1])))
        for day in ("2026-03-02", "2026-03-03")
    )
    (success,), (reversal,) = paid, returned
    reference = success["provider_reference_no"]
    assert success == {
        "settlement_date": "2026-03-02",
        "channel": "bni",
        "partner_reference_no": "PRK1",
        "provider_reference_no": reference,
        "amount": "600000.00",
        "fee": "0.00",
        "status": "success",
        "completed_at": "2026-03-02T23:30:00+07:00",
        "reversal_of": "",
    }
    assert (reversal["status"], reversal["reversal_of"], reversal["amount"]) == ("reversal", reference, "600000.00")
    assert bank.totals()["reversed_rupiah"] == 600_000
    assert teller.ask("GET", "/statement?date=2026-03-02&channel=ovo")[1].count("\n") == 1
    assert teller.ask("GET", "/statement?date=yesterday")[0] == 400


def test_every_transfer_can_be_read_back(bank: BankStandIn, teller: Visitor) -> None:
    bank.behave(lose_reply=True)
    with pytest.raises(urllib3.exceptions.HTTPError):
        call(teller)
    _, books = teller.ask("GET", "/transfers")
    (row,) = books["rows"]
    assert (row["reference"], row["amount"], row["status"], row["has_paid"]) == ("PRK1", 600_000, "00", True)
    assert teller.ask("GET", f"/transfers?after={books['next']}")[1]["rows"] == []


def test_a_token_of_the_bank_lives_a_quarter_of_an_hour(teller: Visitor, moment: Moment) -> None:
    token = token_of(teller)[1]["accessToken"]
    moment.passes(minutes=15)
    assert call(teller, token=token, stamp="2026-03-02T23:45:00+07:00") == "4011801"
