"""``python -m infra.audit verify`` over a real day's work, untouched and touched."""

import json

import boto3
import pytest

from infra.audit import main
from tests.integration import cast
from tests.integration.casework import REASON, decision, on_case, seen
from tests.integration.cast import CAST
from tests.integration.samples import sample
from tests.integration.town import Town

TABLE = "prakerja-local-audit"


def work(town: Town) -> list[dict[str, str]]:
    """Three officers at work; the keys of all that is on record, chain by chain."""
    seen(town)
    on_case(town, "disclosures", {"fields": ["nik"], "reason": REASON}, token=cast.CASEWORKER)
    on_case(town, "decisions", decision("accept"))
    seen(town)
    seen(town, CAST["yanti"], cast.FIRST_APPROVER)
    return sorted(keys(town), key=str)


def keys(town: Town) -> list[dict[str, str]]:
    return [{"pk": pk, "sk": sk} for table, pk, sk in town.memory.rows() if table == "audit"]


def anchor(town: Town) -> None:
    town.call("anchor_audit", sample("schedules", "anchor_audit", "good"))


def verified(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main(["verify", "--json", *arguments])
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, report


def raw(key: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in key.items()}


def test_an_untouched_log_is_whole(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    work(town)
    anchor(town)
    code, report = verified(capsys)
    assert (code, report) == (0, {"is_whole": True, "entries": 7, "roots": 1, "findings": [], "forged_roots": []})
    assert verified(capsys, "--since", "2026-03-02")[1]["entries"] == 0
    assert main(["verify"]) == 0
    assert "7 entries, 1 roots: whole" in capsys.readouterr().out


def test_every_entry_that_is_removed_is_missed(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Also the last of a chain: the root of the day knows it."""
    everything = work(town)
    anchor(town)
    table = boto3.client("dynamodb")
    for key in everything:
        item = table.get_item(TableName=TABLE, Key=raw(key))["Item"]
        table.delete_item(TableName=TABLE, Key=raw(key))
        code, report = verified(capsys)
        gone = {"chain": int(key["pk"].removeprefix("chain#")), "number": int(key["sk"]), "flaw": "missing"}
        assert (code, report["findings"]) == (1, [gone])
        table.put_item(TableName=TABLE, Item=item)
    assert verified(capsys)[0] == 0


@pytest.mark.parametrize("name", ["staff", "role", "act", "subject", "fields", "reason", "at", "correlation_id"])
def test_every_field_that_is_changed_is_noticed(town: Town, capsys: pytest.CaptureFixture[str], name: str) -> None:
    others = {"role": "applicant", "act": "nonsense", "fields": "[]", "at": "2026-03-02T06:00:00+00:00"}
    key = work(town)[0]
    boto3.client("dynamodb").update_item(
        TableName=TABLE,
        Key=raw(key),
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": {"S": others.get(name, "another")}},
    )
    code, report = verified(capsys)
    chain = int(key["pk"].removeprefix("chain#"))
    assert (code, report["findings"]) == (1, [{"chain": chain, "number": 1, "flaw": "altered"}])


def test_the_readable_report_names_what_was_done(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    key = work(town)[0]
    anchor(town)
    boto3.client("dynamodb").delete_item(TableName=TABLE, Key=raw(key))
    assert main(["verify"]) == 1
    told = capsys.readouterr().out
    assert "NOT WHOLE" in told
    assert f"chain {key['pk'].removeprefix('chain#')}, entry 1: missing" in told


def test_a_second_tick_of_a_day_changes_nothing(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    anchor(town)
    work(town)
    anchor(town)
    code, report = verified(capsys)
    assert (code, report["roots"]) == (0, 1)
