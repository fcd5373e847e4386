"""``python -m infra.waves``: a series in one command, looked at, planned, gone on with, approved."""

import json
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import WaveNumber
from infra.waves import main, moment_in, numbers_in
from tests.integration.town import Town

SERIES = [
    "series",
    "--from",
    "20",
    "--count",
    "4",
    "--opens",
    "2026-04-03T12:00",
    "--open-days",
    "4",
    "--announce-after-days",
    "3",
]
SERIES += ["--quota", "164000", "--scheme", "2023", "--as", "ani"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def standings(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(row["number"], row["standing"]) for row in rows]


def all_of(standing: str) -> list[tuple[int, str]]:
    return [(number, standing) for number in range(20, 24)]


def test_a_series_is_planned_by_one_and_approved_by_another(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = run(capsys, *SERIES)
    assert (code, standings(rows)) == (0, all_of("planned"))
    assert (rows[1]["opens"], rows[1]["closes"]) == ("2026-04-10 12:00", "2026-04-14 12:00")
    assert rows[1]["announces"] == "2026-04-17 12:00"
    code, rows = run(capsys, "approve", "--numbers", "20-23", "--as", "ani")
    assert (code, {row["code"] for row in rows}) == (1, {"planner_may_not_approve"})
    code, rows = run(capsys, "approve", "--numbers", "20-23", "--as", "budi")
    assert (code, standings(rows)) == (0, all_of("approved"))
    told = town.ask("GET", "/v1/waves/23").body
    assert (told["state"], told["approved"], told["quota"]) == ("approved", True, 164_000)


def test_asked_again_it_goes_on_where_it_stopped(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *SERIES[:4], "2", *SERIES[5:])
    first = bootstrap.waves().get(WaveNumber(20))
    code, rows = run(capsys, *SERIES)
    assert (code, [row["standing"] for row in rows]) == (0, ["there", "there", "planned", "planned"])
    assert bootstrap.waves().get(WaveNumber(20)) == first


def test_a_number_that_has_another_plan_is_named_and_nothing_is_planned(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *SERIES[:4], "1", *SERIES[5:])
    code, rows = run(capsys, *SERIES, "--quota", "9")
    assert (code, [row["standing"] for row in rows]) == (1, ["differs", "new", "new", "new"])
    assert rows[0]["differs"] == ["quota"]
    assert bootstrap.waves().get(WaveNumber(21)) is None


def test_a_dry_run_plans_nothing(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = run(capsys, *SERIES, "--dry-run")
    assert (code, standings(rows)) == (0, all_of("new"))
    assert bootstrap.waves().get(WaveNumber(20)) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (["--scheme", "1999"], "The scheme is not known"),
        (["--opens", "2020-01-01T12:00"], "opens_at: This time is past."),
        (["--quota", "-1"], "quota: This number must not be negative."),
    ],
)
def test_people_read_a_table_and_what_is_wrong(
    town: Town, capsys: pytest.CaptureFixture[str], changes: list[str], told: str
) -> None:
    capsys.readouterr()
    assert main([*SERIES, *changes]) == 1
    assert told in capsys.readouterr().out
    assert bootstrap.waves().get(WaveNumber(20)) is None


def test_too_long_a_series_is_told(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SERIES, "--count", "105"]) == 1
    assert "from 1 to 104" in capsys.readouterr().err


def test_waves_are_shown_before_they_are_approved(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *SERIES)
    capsys.readouterr()
    assert main(["show", "--numbers", "20-30"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["number", "opens", "closes", "draws", "announces", "quota", "standing"]
    assert [line.split()[0] for line in lines] == ["20", "21", "22", "23"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "--numbers", "0"],
        ["show", "--numbers", "9-4"],
        ["show", "--numbers", "1-999"],
        [*SERIES, "--opens", "tomorrow"],
        [*SERIES, "--open-days", "0"],
        [*SERIES, "--open-days", "nan"],
        [*SERIES, "--as", " "],
    ],
)
def test_a_mistyped_command_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert "expected" in capsys.readouterr().err


def test_times_are_jakartas_unless_they_say_otherwise() -> None:
    assert moment_in("2026-12-05T12:00") == moment_in("2026-12-05T12:00+07:00") == moment_in("2026-12-05T05:00Z")
    assert list(numbers_in("7")) == [7]
