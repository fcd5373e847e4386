"""A bank's statement through the real doors: compared with what was really paid, and what differs explained."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import boto3
import pytest

from chalicelib.domain.payout_batches import line_of, message_of
from chalicelib.domain.statements import object_key_of
from tests.integration.bank_day import BANK, DAY, EXPLAINED, PATH, UNKNOWN, a_line, drop
from tests.integration.cast import CAST, FIRST_APPROVER, SECOND_APPROVER, STAFF
from tests.integration.paying import payout_of
from tests.integration.samples import sample
from tests.integration.town import STAGE, Town

PAID_ON = DAY + timedelta(days=1)


def told(town: Town, path: str, *, token: str = STAFF) -> Mapping[str, Any]:
    reply = town.ask("GET", path, token=token)
    assert reply.status == 200, reply.text
    return reply.body


def settled(town: Town) -> None:
    """All that the bank was asked to pay is paid, and laid down in our books."""
    tuti = CAST["tuti"]
    town.tell("settle_payouts", **message_of(tuti.batch_id, [line_of(payout_of(tuti))]))
    town.settle()


def bank_s_statement(town: Town, day: date) -> None:
    """As the bank itself writes it."""
    content = town.neighbours.bank.transfers.statement(day, BANK).encode()
    key = object_key_of(BANK, day, f"bank-{day}")
    boto3.client("s3").put_object(Bucket=f"prakerja-{STAGE}-statements", Key=key, Body=content)
    town.settle()


@pytest.fixture
def paid(town: Town) -> Town:
    settled(town)
    return town


def test_what_the_bank_paid_as_we_asked_leaves_nothing_in_suspense(paid: Town) -> None:
    with paid.clock.later(days=1):
        bank_s_statement(paid, PAID_ON)
        day = told(paid, f"/v1/staff/reconciliations/{BANK}/{PAID_ON}")
    assert day["bank_says_rupiah"] >= 600_000
    wrong = {name: count for name, count in day["verdicts"].items() if name not in ("matched", "request_missing")}
    # umi's payment was lost sight of, and the bank made it: the ledger learns of it by the inquiry.
    assert wrong.keys() <= {"ledger_missing", "theirs_only"}
    assert day["bank_says_rupiah"] == day["ledger_says_rupiah"] - day["suspense_rupiah"]


def test_what_nobody_asked_for_stands_in_suspense_until_two_people_say_whose_it_is(town: Town) -> None:
    day = told(town, PATH)
    assert (day["open"], day["suspense_rupiah"], day["phase"]) == (2, -850_000, "done")
    place = f"{PATH}/payment/{UNKNOWN}"
    asked = {"against": "treasury", "reason": "bank_mistake"}
    assert town.ask("POST", f"{place}/clearings", asked, token=FIRST_APPROVER).status == 201
    for path, by, amount in (
        (place, SECOND_APPROVER, 600_000),
        (f"{PATH}/payment/{EXPLAINED}", FIRST_APPROVER, 250_000),
    ):
        reply = town.ask("POST", f"{path}/clearing/approval", {"amount_rupiah": amount}, token=by)
        assert reply.status == 201, reply.text
    day = told(town, PATH)
    assert (day["open"], day["suspense_rupiah"]) == (0, 0)


def test_who_asks_may_not_approve_and_staff_may_do_neither(town: Town) -> None:
    place, body = f"{PATH}/payment/{EXPLAINED}/clearing/approval", {"amount_rupiah": 250_000}
    assert town.ask("POST", place, body, token=SECOND_APPROVER).body["code"] == "approver_must_differ"
    assert town.ask("POST", place, body, token=STAFF).status == 403
    assert town.ask("POST", place, {"amount_rupiah": 1}, token=FIRST_APPROVER).body["code"] == "difference_moved"


def test_a_statement_that_two_people_send_clears_what_it_no_longer_says(town: Town) -> None:
    drop([a_line(UNKNOWN, 600_000)], "unggahan-9")
    town.settle()
    newest = told(town, f"/v1/staff/statements/{BANK}/{DAY}")["statements"][0]
    assert (newest["state"], newest["reason"], newest["removed"]) == ("refused", "statement_needs_second", 1)
    assert (told(town, PATH)["open"], told(town, PATH)["suspense_rupiah"]) == (2, -850_000)
    drop([a_line(UNKNOWN, 600_000)], "unggahan-10", uploader="budi")
    town.settle()
    day = told(town, PATH)
    assert (day["statement"], day["open"], day["suspense_rupiah"]) == (3, 1, -600_000)
    newest = told(town, f"/v1/staff/statements/{BANK}/{DAY}")["statements"][0]
    assert (newest["added"], newest["removed"], newest["changed"]) == (0, 1, 0)


def test_a_statement_that_cannot_be_read_is_refused_with_its_line_in_words(town: Town) -> None:
    drop([a_line(UNKNOWN, 600_000), a_line(EXPLAINED, 250_000).replace("250000.00", "250.000")], "unggahan-9")
    town.settle()
    newest, before = told(town, f"/v1/staff/statements/{BANK}/{DAY}")["statements"]
    assert (newest["state"], newest["reason"]) == ("refused", "statement_amount_fraction")
    assert "Line 3" in newest["reason_told"]
    assert before["state"] == "in_force"


def test_the_form_leads_to_where_the_comparison_looks(town: Town) -> None:
    form = town.ask("POST", f"/v1/staff/statements/{BANK}/{DAY}/uploads", token=STAFF).body
    assert form["fields"]["key"].startswith(f"statements/{BANK}/{DAY}/")
    assert form["fields"]["x-amz-meta-uploader"] == STAFF.removeprefix("sesi-")


def test_whoever_owes_sees_it_in_words_and_nobody_else_does(town: Town) -> None:
    reply = told(town, "/v1/me/debts", token=CAST["oka"].token)
    assert "NTPN" in reply["how_to_pay"]
    (debt,) = reply["debts"]
    assert (debt["state"], debt["rest_rupiah"]) == ("demanded", 750_000)
    assert "conditions" in debt["reason_told"]
    assert "proposed_by" not in debt
    for name in ("nanda", "eka"):  # of nanda it is only proposed
        assert told(town, "/v1/me/debts", token=CAST[name].token)["debts"] == []


def test_a_demand_becomes_a_letter(town: Town) -> None:
    assert town.ask("POST", "/v1/staff/debts/usulan-nanda/approval", token=FIRST_APPROVER).status == 201
    town.settle()
    letters = [mail for mail in town.mails() if CAST["nanda"].email in str(mail)]
    assert any("750.000" in str(mail) for mail in letters)


def test_a_day_of_which_no_statement_comes_is_told_by_the_nightly_tick(
    paid: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    for days, missing in ((1, 0), (7, 1)):
        with paid.clock.later(days=days):
            capsys.readouterr()
            paid.call("reconcile_open_days", sample("schedules", "reconcile_open_days", "good"))
            lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "StatementsMissing" in line]
            assert [line["StatementsMissing"] for line in lines] == [[float(missing)]]
