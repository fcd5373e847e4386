"""Functions as they are deployed: settings, and what each may do."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from chalicelib.use_cases.verification.follow_applicant import CHECK_QUEUES
from tests.architecture.conftest import ROOT, Json

POLICIES = sorted((ROOT / "infra/policies").glob("*.json"))
EVERYTHING_ALLOWED = {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "ses:GetAccount"}
"""X-Ray knows no resources, and an account's quota is no resource: the exceptions."""

ALL_THAT_ANYBODY_MAY = {
    "dynamodb": {"BatchGetItem", "GetItem", "PartiQLInsert", "PutItem", "Query", "Scan", "UpdateItem"}
    | {"BatchWriteItem", "DeleteItem"}
    | {"ConditionCheckItem", "DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"},
    "kms": {"Decrypt", "GenerateDataKey"},
    "logs": {"CreateLogStream", "PutLogEvents"},
    "s3": {"GetObject", "ListBucket", "PutObject"},
    "secretsmanager": {"GetSecretValue"},
    "ses": {"GetAccount", "SendEmail", "SendRawEmail"},
    "sqs": {"DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage", "SendMessage"},
    "xray": {"PutTelemetryRecords", "PutTraceSegments"},
}
"""Nothing is ever deleted but messages and what waited for a registry and was answered, and no item is changed in place
but counts and buckets (see below).
cfn-lint lets a mistyped action through; this list does not."""

PARTS = {
    r"/(uploads|photos|payouts|draws|draws/work/\*/feed|postings|closings|ledger|documents|roots|lists/(incoming|work|versions))/\*",
    r"/wave-\*",
    r"/stream/\*",
}
"""Where a resource may end in a star: the objects under a prefix, the streams of one table."""

GATEWAY_WAITS_SECONDS = 29


def statements(function: str) -> list[Json]:
    policy = json.loads((ROOT / f"infra/policies/{function}.json").read_text("utf-8"))
    assert policy["Version"] == "2012-10-17"
    found: list[Json] = policy["Statement"]
    return found


def allowed(function: str) -> Iterator[tuple[str, str]]:
    """(action, resource), the resource as it is written."""
    for each in statements(function):
        for action in each["Action"]:
            for resource in each["Resource"] if isinstance(each["Resource"], list) else [each["Resource"]]:
                yield action, json.dumps(resource) if isinstance(resource, dict) else resource


def logical_id(function: str) -> str:
    return "APIHandler" if function == "api_handler" else "".join(part.capitalize() for part in function.split("_"))


@pytest.fixture
def deployed(survey: Json) -> set[str]:
    return {"api_handler", *(each["name"] for each in survey["sources"])}


def test_every_function_is_configured_and_nothing_else_is(config: Json, deployed: set[str]) -> None:
    """Chalice ignores what it does not know: a mistyped function would run on defaults."""
    assert set(config["lambda_functions"]) == deployed
    keys = {"lambda_memory_size", "lambda_timeout", "iam_policy_file"}
    assert all(set(each) == keys for each in config["lambda_functions"].values())


def test_stages_do_not_overrule_functions(config: Json) -> None:
    """Chalice looks at a stage before it looks at a function."""
    for stage in config["stages"].values():
        assert set(stage) == {"api_gateway_stage", "environment_variables"}


def test_a_stage_names_itself_and_all_that_the_settings_ask_for(config: Json) -> None:
    asked = set(re.findall(r'_required\("([A-Z_]+)"\)', (ROOT / "chalicelib/settings.py").read_text("utf-8")))
    asked |= {f"{registry.upper()}_REGISTRY_QUOTA" for registry in CHECK_QUEUES}
    for name, stage in config["stages"].items():
        variables = stage["environment_variables"]
        assert variables["STAGE"] == stage["api_gateway_stage"] == name
        assert set(variables) == asked - {"AWS_DEFAULT_REGION"}
        urls = [urlsplit(value) for key, value in variables.items() if key.endswith("_URL")]
        assert all(url.scheme == "https" and url.hostname for url in urls)


def test_the_api_gives_up_when_its_gateway_does(config: Json) -> None:
    assert config["lambda_functions"]["api_handler"]["lambda_timeout"] <= GATEWAY_WAITS_SECONDS


def test_each_function_has_its_own_policy(config: Json, deployed: set[str]) -> None:
    assert config["autogen_policy"] is False
    assert {path.stem for path in POLICIES} == deployed
    files = {name: each["iam_policy_file"] for name, each in config["lambda_functions"].items()}
    assert files == {name: f"../infra/policies/{name}.json" for name in deployed}


@pytest.mark.parametrize("function", [path.stem for path in POLICIES])
def test_a_policy_names_its_actions_and_resources(function: str) -> None:
    for action, resource in allowed(function):
        service, _, name = action.partition(":")
        assert name in ALL_THAT_ANYBODY_MAY[service]
        if resource == "*":
            assert action in EVERYTHING_ALLOWED
        elif "*" in resource:
            assert any(re.search(part + '"}$', resource) for part in PARTS), resource


@pytest.mark.parametrize("function", [path.stem for path in POLICIES])
def test_only_counts_and_buckets_are_changed_in_place(function: str) -> None:
    """A put under a condition is the only other write: addition without one may happen twice."""
    for each in statements(function):
        if "dynamodb:UpdateItem" in each["Action"]:
            is_bucket = each["Resource"] == [{"Fn::GetAtt": ["LimitsTable", "Arn"]}]
            counts = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["traffic#*"]}}
            assert is_bucket or each.get("Condition") == counts
            assert each["Action"] == ["dynamodb:UpdateItem"]


@pytest.mark.parametrize("function", [path.stem for path in POLICIES])
def test_a_policy_only_allows(function: str) -> None:
    assert {each["Effect"] for each in statements(function)} == {"Allow"}
    assert len({each["Sid"] for each in statements(function)}) == len(statements(function))


@pytest.mark.parametrize("function", [path.stem for path in POLICIES])
def test_a_function_writes_its_own_log_only(function: str) -> None:
    log = {resource for action, resource in allowed(function) if action.startswith("logs:")}
    assert log == {json.dumps({"Fn::GetAtt": [f"{logical_id(function)}LogGroup", "Arn"]})}


@pytest.mark.parametrize("function", [path.stem for path in POLICIES])
def test_personal_values_are_opened_only_for_their_purpose(function: str) -> None:
    keyed = [each for each in statements(function) if any(action.startswith("kms:") for action in each["Action"])]
    purpose = {"StringEquals": {"kms:EncryptionContext:purpose": "personal-values"}}
    assert all(each.get("Condition") == purpose for each in keyed)


READING = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}


def test_a_function_may_read_what_it_is_started_by_and_no_other_queue_or_stream(survey: Json, resources: Json) -> None:
    for source in survey["sources"]:
        read = {resource for action, resource in allowed(source["name"]) if action in READING}
        if source["kind"] == "scheduled":
            assert not read
        else:
            kind, attribute = ("Queue", "Arn") if source["kind"] == "sqs" else ("Table", "StreamArn")
            resource_id = "".join(part.capitalize() for part in source["reads"].split("-")) + kind
            assert resource_id in resources
            assert read == {json.dumps({"Fn::GetAtt": [resource_id, attribute]})}


def test_a_reader_may_put_a_message_back(survey: Json) -> None:
    """In an outage a message goes back to its own queue, to be seen later; else it would end as a dead letter."""
    for source in survey["sources"]:
        if source["kind"] == "sqs":
            own = {action for action, resource in allowed(source["name"]) if resource in reads_of(source["name"])}
            assert {"sqs:GetQueueUrl", "sqs:SendMessage"} <= own, source["name"]


def reads_of(function: str) -> set[str]:
    return {resource for action, resource in allowed(function) if action == "sqs:ReceiveMessage"}


def test_only_what_stands_in_the_fragments_is_allowed(resources: Json) -> None:
    made = set(resources) | {f"{logical_id(path.stem)}LogGroup" for path in POLICIES}
    for path in POLICIES:
        text = path.read_text("utf-8")
        named = set(re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', text)) | set(re.findall(r"\$\{(\w+)[.}]", text))
        assert named <= made, path.stem
        assert set(re.findall(r'"Fn::GetAtt": \["\w+", "(\w+)"\]', text)) <= {"Arn", "StreamArn"}, path.stem
