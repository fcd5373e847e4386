"""``own-function``: a function for registrations alone, behind the same gateway as all the others."""

import json

import pytest

from infra.fronts import with_front
from infra.fronts.own_function import HANDLER
from infra.overlay import functions_of
from infra.package import Package
from infra.template import TemplateError
from tests.architecture.conftest import ROOT, Json, alone, template_of

pytestmark = [pytest.mark.package, pytest.mark.parametrize("packaged", ["prod"], indirect=True)]
PATH = "/v1/registrations"
HEAVY = {
    "PIL",
    "argon2",
    "boto3",
    "botocore",
    "chalice",
    "cryptography",
    "cv2",
    "jinja2",
    "numpy",
    "pydantic",
    "pynamodb",
}


@pytest.fixture
def rest(packaged: Package) -> Json:
    read: Json = template_of(packaged)
    return read


@pytest.fixture
def own(rest: Json) -> Json:
    return with_front(rest, "own-function")


def paths_of(template: Json) -> Json:
    paths: Json = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    return paths


def test_only_registrations_go_to_it(rest: Json, own: Json) -> None:
    before, after = paths_of(rest), paths_of(own)
    assert [path for path in before if before[path] != after[path]] == [PATH]
    integration = after[PATH]["post"]["x-amazon-apigateway-integration"]
    assert "${TakeRegistrations.Arn}" in integration["uri"]["Fn::Sub"]
    assert integration["type"] == "aws_proxy"
    permission = own["Resources"]["TakeRegistrationsInvokePermission"]["Properties"]
    assert permission["FunctionName"] == {"Ref": "TakeRegistrations"}
    assert permission["Principal"] == "apigateway.amazonaws.com"


def test_it_is_the_api_s_function_but_for_what_it_imports_and_may_do(own: Json) -> None:
    functions = dict(functions_of(own))
    api, own_one = (functions[name]["Properties"] for name in ("APIHandler", "TakeRegistrations"))
    assert {name for name in api if api[name] != own_one[name]} == {"Handler", "Role", "FunctionName"}
    assert own_one["Handler"] == HANDLER
    assert own_one["FunctionName"] == {"Fn::Sub": "prakerja-${Stage}-take-registrations"}
    assert own_one["Role"] == {"Fn::GetAtt": ["TakeRegistrationsRole", "Arn"]}


def test_it_has_a_log_and_alarms_of_its_own(own: Json) -> None:
    resources = own["Resources"]
    log = resources["TakeRegistrationsLogGroup"]["Properties"]
    assert log["LogGroupName"] == {"Fn::Sub": "/aws/lambda/prakerja-${Stage}-take-registrations"}
    for kind in ("Errors", "Duration"):
        alarm = resources[f"TakeRegistrations{kind}Alarm"]["Properties"]
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "TakeRegistrations"}}]
        assert alarm["AlarmName"] == {"Fn::Sub": f"prakerja-${{Stage}}-take-registrations-{kind.lower()}"}
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]


def test_it_may_send_registrations_and_look_at_the_gate(own: Json) -> None:
    (policy,) = own["Resources"]["TakeRegistrationsRole"]["Properties"]["Policies"]
    allowed = policy["PolicyDocument"]["Statement"]
    assert {action: each["Resource"] for each in allowed for action in each["Action"]} == {
        "logs:CreateLogStream": [{"Fn::GetAtt": ["TakeRegistrationsLogGroup", "Arn"]}],
        "logs:PutLogEvents": [{"Fn::GetAtt": ["TakeRegistrationsLogGroup", "Arn"]}],
        "xray:PutTraceSegments": "*",
        "xray:PutTelemetryRecords": "*",
        "sqs:GetQueueUrl": [{"Fn::GetAtt": ["RegistrationsToOpenQueue", "Arn"]}],
        "sqs:SendMessage": [{"Fn::GetAtt": ["RegistrationsToOpenQueue", "Arn"]}],
        "dynamodb:GetItem": [{"Fn::GetAtt": ["AccountsTable", "Arn"]}],
        "secretsmanager:GetSecretValue": [{"Ref": "IndexKeysSecret"}],
    }
    (look,) = [each for each in allowed if each["Action"] == ["dynamodb:GetItem"]]
    assert look["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["gate"]}}


def test_no_two_resources_of_a_kind_share_a_name(own: Json) -> None:
    for kind, attribute in (
        ("AWS::Serverless::Function", "FunctionName"),
        ("AWS::CloudWatch::Alarm", "AlarmName"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
    ):
        made = [each["Properties"] for each in own["Resources"].values() if each["Type"] == kind]
        names = [json.dumps(each.get(attribute)) for each in made]
        assert len(set(names)) == len(names), kind


def test_its_handler_is_there_and_light(packaged: Package) -> None:
    module, _, name = HANDLER.rpartition(".")
    lines = f"import sys, json, {module} as module", f"assert callable(module.{name})"
    told = alone("-c", "; ".join([*lines, "print(json.dumps(list(sys.modules)))"]), AWS_DEFAULT_REGION="ap-southeast-3")
    assert not {each.partition(".")[0] for each in json.loads(told)} & HEAVY
    assert (ROOT / f"{module.replace('.', '/')}.py").exists()


def test_a_template_without_the_route_is_refused(rest: Json) -> None:
    del paths_of(rest)[PATH]
    with pytest.raises(TemplateError, match="wrote no post /v1/registrations"):
        with_front(rest, "own-function")
