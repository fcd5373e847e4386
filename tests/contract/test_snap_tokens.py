"""How our client of BI-SNAP banks comes by its token, and signs what it sends with it."""

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.payments.snap import SnapBank
from chalicelib.adapters.payments.snap_signing import StandardSigner
from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.errors import BankUnavailable
from infra.local.standins.bank import BankStandIn
from infra.local.standins.messages import Reply, json_reply
from infra.local.standins.scripted import ScriptedStandIn
from tests.contract.neighbours import Moment, http_fixture, moment_fixture, scripted_fixture  # noqa: F401
from tests.contract.snap_desk import (  # noqa: F401
    BNI,
    ORDER,
    PRIVATE,
    SIGNER,
    TOP_UP,
    bank_fixture,
    client_of,
    office_fixture,
    paid,
    services_asked,
    token,
    told_fixture,
)

SETTLED, NOT_TAKEN = TransferOutcome.SETTLED, TransferOutcome.NOT_TAKEN


@pytest.mark.parametrize("code", ["40101", "40103"])
def test_a_stale_token_is_renewed_once_and_the_order_sent_again(bank: SnapBank, office: BankStandIn, code: str) -> None:
    office.behave(response_code=code, next_calls=1)
    assert bank.transfer(ORDER).outcome is SETTLED
    office.behave(response_code=code)
    assert bank.transfer(TOP_UP) == TransferAnswer(NOT_TAKEN, f"{code[:3]}38{code[3:]}", "bank_refuses_us")
    assert services_asked(office) == ["73", "18", "73", "18", "38", "73", "38"]


def test_a_token_serves_until_shortly_before_its_end(bank: SnapBank, office: BankStandIn, moment: Moment) -> None:
    for minutes in (0, 13, 2, 0):
        moment.passes(minutes=minutes)
        assert bank.holder_name(BNI)
    assert services_asked(office) == ["73", "16", "16", "73", "16", "16"]


def test_a_token_the_bank_forgot_is_renewed(bank: SnapBank, office: BankStandIn) -> None:
    bank.transfer(TOP_UP)
    office.revoke_tokens()
    assert bank.transfer(ORDER).outcome is SETTLED


@pytest.mark.parametrize("fault", [{"response_code": "50000"}, {"outage": True}, {"html": True}], ids=str)
def test_without_a_token_nothing_was_sent(bank: SnapBank, office: BankStandIn, fault: dict[str, object]) -> None:
    office.behave(services="73", **fault)
    assert bank.transfer(ORDER) == TransferAnswer(NOT_TAKEN, "", "no_token")
    with pytest.raises(BankUnavailable, match="no_token"):
        bank.transfer_status(ORDER)
    assert set(services_asked(office)) == {"73"}


def test_a_wrong_secret_is_refused_before_anything_is_paid(
    office: BankStandIn, http: JsonCaller, moment: Moment
) -> None:
    answer = client_of(office.start(), http, moment, StandardSigner("wrong", PRIVATE)).transfer(ORDER)
    assert (answer.outcome, answer.reason, paid(office)) == (NOT_TAKEN, "bank_refuses_us", 0)


def test_a_used_external_id_is_replaced_once_under_the_same_reference(bank: SnapBank, office: BankStandIn) -> None:
    office.behave(response_code="40900", next_calls=1)
    assert bank.transfer(ORDER).outcome is SETTLED
    assert [row["reference"] for row in office.books.rows.all()] == ["", "PRK0001", "PRK0001"]


def test_a_bank_that_finds_every_external_id_used_is_not_asked_for_ever(
    told: SnapBank, scripted: ScriptedStandIn
) -> None:
    used = json_reply({"responseCode": "4091800"}, 409)
    scripted.replies = [token(), used, used, json_reply({"responseCode": "2001800"})]
    assert told.transfer(ORDER) == TransferAnswer(TransferOutcome.UNKNOWN, "4091800")
    assert len(scripted.requests) == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"{}"),
        token(accessToken=""),
        token(accessToken="a\r\nX-Evil: 1"),
        token(accessToken=7),
        json_reply({"accessToken": "abc"}, 401),
    ],
)
def test_a_token_that_is_none_is_not_used(told: SnapBank, scripted: ScriptedStandIn, reply: Reply) -> None:
    scripted.replies = [reply]
    assert told.transfer(ORDER) == TransferAnswer(NOT_TAKEN, "", "no_token")


@pytest.mark.parametrize(("life", "tokens"), [("900", 1), (900, 1), (None, 1), ("soon", 1), (60, 2), ("0", 2)])
def test_a_token_lives_as_long_as_the_bank_says(
    told: SnapBank, scripted: ScriptedStandIn, life: object, tokens: int
) -> None:
    answer = json_reply({"responseCode": "4041801"}, 404)
    scripted.replies = [token(expiresIn=life), answer, *([token()] if tokens == 2 else []), answer]
    told.transfer(ORDER)
    told.transfer(ORDER)
    assert [request.path for request in scripted.requests].count("/v1.0/access-token/b2b") == tokens


def test_an_address_with_a_path_is_signed_with_it(scripted: ScriptedStandIn, http: JsonCaller, moment: Moment) -> None:
    scripted.replies = [token(), json_reply({"responseCode": "5041800"}, 504)]
    client_of(f"{scripted.start()}/openapi/", http, moment).transfer(ORDER)
    sent = scripted.requests[1]
    path = "/openapi/v1.0/transfer-interbank"
    assert sent.path == path
    assert sent.headers["x-signature"] == SIGNER.call_signature(
        "POST", path, "abc", sent.body, sent.headers["x-timestamp"]
    )


def test_the_standards_signatures_are_the_rule(office: BankStandIn, http: JsonCaller, moment: Moment) -> None:
    assert client_of(office.start(), http, moment, signer=None).transfer(ORDER).outcome is SETTLED
