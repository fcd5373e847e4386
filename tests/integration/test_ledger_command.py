"""``python -m infra.ledger`` over real books, untouched and touched by somebody who may write into tables."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from infra.ledger import main
from tests.integration.cast import CAST, NOON
from tests.integration.samples import sample
from tests.integration.town import NOTHING_FAILED, Town

TABLE = "prakerja-local-ledger"
LESTARI = CAST["lestari"]
SALE = f"posting#purchase/{LESTARI.purchase_id}"
Report = dict[str, Any]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Report]:
    capsys.readouterr()
    code = main([*arguments, "--json"])
    report: Report = json.loads(capsys.readouterr().out)
    return code, report


def flaws(report: Report) -> set[tuple[str, str]]:
    return {(each["key"], each["flaw"]) for each in report["findings"]}


def key(sk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": LESTARI.id}, "sk": {"S": sk}}


def change(sk: str, name: str, value: dict[str, Any]) -> None:
    boto3.client("dynamodb").update_item(
        TableName=TABLE,
        Key=key(sk),
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )


def feed_everything(town: Town) -> None:
    """As the table's stream would have told it."""
    (record,) = sample("streams", "feed_journal", "good")["Records"]
    rows = [item for (table, *_), item in town.memory.rows().items() if table == "ledger"]
    records = [_told(record, item, number) for number, item in enumerate(rows, start=1)]
    assert town.call("feed_journal", {"Records": records}) == NOTHING_FAILED


def _told(record: Report, item: Report, number: int) -> Report:
    return {**record, "dynamodb": {**record["dynamodb"], "NewImage": item, "SequenceNumber": str(number)}}


def test_untouched_books_are_whole(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = run(capsys, "verify")
    assert (code, report["is_whole"], report["findings"]) == (0, True, [])
    assert report["owners"] > 10
    assert run(capsys, "verify", "--person", LESTARI.reference)[1]["postings"] == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", {"N": "1"}),
        ("adds", {"BOOL": True}),
        ("against", {"S": "treasury"}),
        ("account", {"S": "incentive_due"}),
        ("posted_at", {"S": "2026-03-01T00:00:00+00:00"}),
        ("reason", {"S": "never_happened"}),
        ("previous", {"S": "00" * 32}),
        ("digest", {"S": "00" * 32}),
    ],
)
def test_every_field_that_is_changed_is_noticed(
    town: Town, capsys: pytest.CaptureFixture[str], name: str, value: dict[str, Any]
) -> None:
    change(SALE, name, value)
    code, report = run(capsys, "verify", "--person", LESTARI.reference)
    assert code == 1
    assert (SALE.removeprefix("posting#"), "altered") in flaws(report)


def test_a_posting_that_is_gone_is_missed(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    boto3.client("dynamodb").delete_item(TableName=TABLE, Key=key(SALE))
    code, report = run(capsys, "verify")
    assert (code, report["findings"][0]["flaw"]) == (1, "missing")
    assert report["findings"][0]["owner"] == LESTARI.id


def test_a_head_that_is_changed_is_noticed(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    change("head", "balances", {"S": '{"training_balance": 9000000}'})
    assert flaws(run(capsys, "verify")[1]) == {("", "balance_differs")}


def test_a_chain_written_anew_contradicts_the_journal(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Posting and head agree with one another; the day's journal and closing do not."""
    feed_everything(town)
    town.clock.at = NOON + timedelta(days=3)
    town.call("close_books", sample("schedules", "close_books", "good"))
    assert run(capsys, "verify")[0] == 0
    grant = boto3.client("dynamodb").get_item(TableName=TABLE, Key=key("posting#grant/1"))["Item"]
    boto3.client("dynamodb").delete_item(TableName=TABLE, Key=key(SALE))
    for name, value in (("number", {"N": "1"}), ("digest", grant["digest"])):
        change("head", name, value)
    change("head", "balances", {"S": json.dumps({"training_balance": int(grant["amount"]["N"])})})
    assert run(capsys, "verify", "--person", LESTARI.reference)[0] == 0
    code, report = run(capsys, "verify")
    assert (code, flaws(report)) == (1, {(SALE.removeprefix("posting#"), "not_as_closed")})
    assert run(capsys, "verify", "--day", "2026-03-02")[0] == 1


def test_totals_of_a_day_sum_to_zero(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    feed_everything(town)
    town.clock.at = NOON + timedelta(days=1)
    town.call("close_books", sample("schedules", "close_books", "good"))
    code, report = run(capsys, "totals", "--day", "2026-03-02")
    assert (code, report["sum"], report["is_settled"]) == (0, 0, False)
    assert report["balances"]["grant_fund"] < 0
    assert main(["totals"]) == 0
    assert "sum: 0" in capsys.readouterr().out


def test_a_statement_lists_what_was_posted(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = run(capsys, "statement", "--person", LESTARI.reference)
    assert (code, [each["key"] for each in report["postings"]]) == (0, ["grant/1", SALE.removeprefix("posting#")])
    assert main(["statement", "--person", LESTARI.reference]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["statement", "--person", "nobody"], "reference_mistyped (reference)"),
        (["verify", "--person", "0000-0000-0000"], "case_unknown (person)"),
        (["totals", "--day", "2020-01-01"], "day_not_closed (day)"),
    ],
)
def test_what_there_is_none_of_is_said(
    town: Town, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
