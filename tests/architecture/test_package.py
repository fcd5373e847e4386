"""The packaged template, as CloudFormation would get it (without dependencies: the same template, in seconds)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from chalicelib.domain.commands import Queue
from infra.alarms import ALARMS, apart, joined
from infra.overlay import chalice_name, functions_of
from infra.package import REGION, Package
from tests.architecture.conftest import Json, alone, template_of

pytestmark = pytest.mark.package


@pytest.fixture
def template(packaged: Package) -> Json:
    read: Json = template_of(packaged)
    return read


def sources(template: Json, kind: str) -> Iterator[tuple[str, Json]]:
    for name, function in functions_of(template):
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] == kind:
                yield name, event["Properties"]


def test_every_handler_string_leads_to_something_callable(template: Json) -> None:
    handlers = [function["Properties"]["Handler"] for _, function in functions_of(template)]
    lines = (
        "import importlib, sys",
        "parts = [each.rpartition('.') for each in sys.argv[1:]]",
        "print(sum(callable(getattr(importlib.import_module(module), name)) for module, _, name in parts))",
    )
    assert int(alone("-c", "; ".join(lines), *handlers)) == len(handlers) == len(set(handlers))


def test_every_function_of_the_application_is_packaged(template: Json, config: Json, survey: Json) -> None:
    packaged = {chalice_name(function) for _, function in functions_of(template)}
    assert packaged == {"api_handler", *(each["name"] for each in survey["sources"])}
    for _, function in functions_of(template):
        properties, wanted = function["Properties"], config["lambda_functions"][chalice_name(function)]
        assert properties["Timeout"] == wanted["lambda_timeout"]
        assert properties["MemorySize"] == wanted["lambda_memory_size"]
        assert properties["Tracing"] == "Active"


def test_every_function_has_a_role_of_its_own_with_its_own_policy(template: Json) -> None:
    roles = {name: each["Properties"]["Role"]["Fn::GetAtt"][0] for name, each in functions_of(template)}
    assert len(set(roles.values())) == len(roles)
    for name, role in roles.items():
        (policy,) = template["Resources"][role]["Properties"]["Policies"]
        assert f'"{name}LogGroup"' in json.dumps(policy)


def test_queues_and_streams_are_read_with_partial_failures(template: Json) -> None:
    reading = [*sources(template, "SQS"), *sources(template, "DynamoDB")]
    assert len(reading) == len(list(functions_of(template))) - 1 - len(list(sources(template, "Schedule")))
    assert all(source["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for _, source in reading)


def test_a_queue_is_made_before_its_reader(template: Json) -> None:
    for _, source in sources(template, "SQS"):
        queue = source["Queue"]["Fn::Sub"].removeprefix("${").removesuffix(".Arn}")
        assert template["Resources"][queue]["Type"] == "AWS::SQS::Queue"


def test_a_stream_loses_nothing_quietly(template: Json) -> None:
    for name, source in sources(template, "DynamoDB"):
        table, attribute = source["Stream"]["Fn::GetAtt"]
        assert (template["Resources"][table]["Type"], attribute) == ("AWS::DynamoDB::Table", "StreamArn")
        assert source["StartingPosition"] == "TRIM_HORIZON"
        assert source["BisectBatchOnFunctionError"] is True
        target = source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        assert target == f"{name}DeadLetters" in template["Resources"]
        assert f"{name}AgeAlarm" in template["Resources"]


def test_every_queue_s_backlog_is_watched_by_age_and_by_depth(template: Json) -> None:
    read = {source["Queue"]["Fn::Sub"][2:].partition(".")[0] for _, source in sources(template, "SQS")}
    assert len(read) == len(Queue)
    for metric in ("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"):
        alarms = [each["Properties"] for each in template["Resources"].values() if _is_alarm_on(metric, each)]
        watched = [alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for alarm in alarms if alarm["Threshold"] > 1]
        assert sorted(watched) == sorted(read)


def _is_alarm_on(metric: str, resource: Json) -> bool:
    return bool(resource["Type"] == "AWS::CloudWatch::Alarm" and resource["Properties"].get("MetricName") == metric)


def test_every_function_is_watched_and_every_alarm_is_heard(template: Json) -> None:
    alarms = {name: each for name, each in template["Resources"].items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    for name, _ in functions_of(template):
        assert {f"{name}ErrorsAlarm", f"{name}DurationAlarm"} <= set(alarms)
    assert all(each["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}] for each in alarms.values())


def test_the_template_is_for_one_stage(packaged: Package, template: Json) -> None:
    stage = template["Parameters"]["Stage"]
    assert (stage["Default"], stage["AllowedValues"]) == (packaged.stage, [packaged.stage])
    assert template["Resources"]["RestAPI"]["Properties"]["StageName"] == packaged.stage
    sender = template["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]["MAIL_SENDER"]
    assert f"@{template['Parameters']['MailDomain']['Default']}" in sender


def test_no_log_group_points_to_a_function_that_is_not_there(template: Json) -> None:
    """Chalice's own retention setting would make an ``ApiHandlerLogGroup`` for a function named otherwise."""
    groups = {name for name, each in template["Resources"].items() if each["Type"] == "AWS::Logs::LogGroup"}
    assert groups - {"ApiAccessLogs"} == {f"{name}LogGroup" for name, _ in functions_of(template)}


def test_the_api_is_throttled_and_traced(template: Json) -> None:
    properties = template["Resources"]["RestAPI"]["Properties"]
    (every_method,) = properties["MethodSettings"]
    assert (every_method["ResourcePath"], every_method["HttpMethod"]) == ("/*", "*")
    assert 0 < every_method["ThrottlingBurstLimit"] <= every_method["ThrottlingRateLimit"] <= 2500
    assert properties["TracingEnabled"] is True


def test_the_zip_holds_the_application_and_nothing_of_the_workshop(packaged: Package) -> None:
    with ZipFile(packaged.archive) as archive:
        names = archive.namelist()
    assert {"app.py", "chalice/app.py", "chalicelib/web/locale/id.toml"} <= set(names)
    assert {name.split("/")[0] for name in names} == {"app.py", "chalice", "chalicelib"}
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.parametrize("packaged", ["prod"], indirect=True)
def test_cfn_lint_finds_nothing(packaged: Package) -> None:
    """Neither errors nor warnings: none is ignored."""
    assert not linted(Path(packaged.template))
    assert not linted(Path(packaged.alarms))


def test_alarms_come_back_from_their_own_stack_as_they_were(packaged: Package) -> None:
    """And name nothing that they were not told of."""
    template = template_of(packaged)
    rest, alarms = apart(template)
    assert joined(rest, alarms) == template
    assert {each["Type"] for each in alarms["Resources"].values()} == {"AWS::CloudWatch::Alarm"}
    assert not [each for each in rest["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    told = rest["Resources"][ALARMS]["Properties"]["Parameters"]
    assert told.keys() == alarms["Parameters"].keys()
    assert "Fn::GetAtt" not in json.dumps(alarms)


def test_every_alarm_says_when_it_rings(packaged: Package) -> None:
    wanted = {"EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData"}
    for name, each in template_of(packaged)["Resources"].items():
        if each["Type"] == "AWS::CloudWatch::Alarm":
            assert wanted <= each["Properties"].keys(), name


def test_cfn_lint_looks_inside(tmp_path: Path) -> None:
    """The proof that the test above could fail."""
    function = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "./a.zip", "MemorySizes": 512}
    resources = {"Function": {"Type": "AWS::Serverless::Function", "Properties": function}}
    path = tmp_path / "planted.json"
    path.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))
    assert "MemorySizes" in linted(path)


def linted(path: Path) -> str:
    program = str(Path(sys.executable).with_name("cfn-lint"))
    outcome = subprocess.run([program, "--regions", REGION, "--template", str(path)], capture_output=True, text=True)
    assert not outcome.stderr
    return outcome.stdout
