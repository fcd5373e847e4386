"""The four fronts, each laid over the packaged template (``docs/decisions/0008-four-fronts.md``)."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from chalicelib.domain.mail import Language
from chalicelib.handlers.wording import message
from infra.alarms import FILE, MOST_RESOURCES, apart, resources_made
from infra.fronts import FRONTS, with_front
from infra.fronts.http_api import behind_http_api
from infra.package import Package, package
from infra.template import TemplateError
from tests.architecture.conftest import Json, template_of
from tests.architecture.test_package import linted

pytestmark = [pytest.mark.package, pytest.mark.parametrize("packaged", ["prod"], indirect=True)]
OTHERS = sorted(FRONTS.keys() - {"rest"})


@pytest.fixture
def rest(packaged: Package) -> Json:
    read: Json = template_of(packaged)
    return read


def of_type(template: Json, kind: str) -> list[Json]:
    return [each["Properties"] for each in template["Resources"].values() if each["Type"] == kind]


def paths_of(template: Json) -> Json:
    paths: Json = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    return paths


@pytest.mark.parametrize("front", OTHERS)
def test_cfn_lint_finds_nothing(rest: Json, front: str, tmp_path: Path) -> None:
    (tmp_path / "deployment.zip").touch()
    for name, template in zip(("sam.json", FILE), apart(with_front(rest, front)), strict=True):
        (tmp_path / name).write_text(json.dumps(template))
        assert resources_made(template) <= MOST_RESOURCES
    assert not linted(tmp_path / "sam.json")
    assert not linted(tmp_path / FILE)


@pytest.mark.parametrize("front", OTHERS)
def test_a_front_leaves_all_that_is_behind_it(rest: Json, front: str) -> None:
    """What differs is the gateway's own; functions, roles, queues and tables are the same in all four."""
    before = deepcopy(rest)
    made = with_front(rest, front)["Resources"]
    assert rest == before
    gateway = {"RestAPI", "APIHandlerInvokePermission", "ApiFaultsAlarm", "ApiSlownessAlarm", "Edge"}
    kept = before["Resources"].keys() - gateway
    assert {name: made[name] for name in kept} == {name: before["Resources"][name] for name in kept}


def test_the_front_is_chosen_when_packaging(rest: Json, tmp_path: Path) -> None:
    made = package("prod", tmp_path, front="http-api", with_dependencies=False)
    assert template_of(made) == with_front(rest, "http-api")
    assert with_front(rest, "rest") == rest


def test_there_is_no_fifth(rest: Json) -> None:
    with pytest.raises(TemplateError, match="only rest, http-api, direct-queue, own-function"):
        with_front(rest, "graphql")


# --- http-api ----------------------------------------------------------------------------------------------------


def test_every_route_of_chalice_is_a_route_of_the_http_api(rest: Json, survey: Json) -> None:
    routes = of_type(with_front(rest, "http-api"), "AWS::ApiGatewayV2::Route")
    assert sorted(each["RouteKey"] for each in routes) == sorted(each["route"] for each in survey["routes"])
    assert {each["Target"]["Fn::Sub"] for each in routes} == {"integrations/${HttpApiIntegration}"}


def test_its_events_are_those_that_chalice_reads(rest: Json) -> None:
    (integration,) = of_type(with_front(rest, "http-api"), "AWS::ApiGatewayV2::Integration")
    assert (integration["IntegrationType"], integration["PayloadFormatVersion"]) == ("AWS_PROXY", "1.0")
    assert integration["IntegrationUri"] == {"Fn::GetAtt": ["APIHandler", "Arn"]}
    assert 29_000 <= integration["TimeoutInMillis"] <= 30_000


def test_it_is_throttled_logged_and_at_the_same_address_as_the_rest_api(rest: Json) -> None:
    made = with_front(rest, "http-api")
    (stage,) = of_type(made, "AWS::ApiGatewayV2::Stage")
    before = rest["Resources"]["RestAPI"]["Properties"]
    limits, (limits_before,) = stage["DefaultRouteSettings"], before["MethodSettings"]
    assert all(limits[name] == limits_before[name] for name in ("ThrottlingRateLimit", "ThrottlingBurstLimit"))
    assert stage["StageName"] == {"Ref": "Stage"}
    assert stage["AutoDeploy"] is True
    log = stage["AccessLogSettings"]
    assert log["DestinationArn"] == before["AccessLogSetting"]["DestinationArn"]
    assert json.loads(log["Format"]).keys() == json.loads(before["AccessLogSetting"]["Format"]).keys()
    assert "$context.routeKey" in log["Format"]
    assert "resourcePath" not in log["Format"]
    assert made["Outputs"]["EndpointURL"]["Value"]["Fn::Sub"].startswith("https://${HttpApi}.execute-api.")


def test_nothing_speaks_of_the_rest_api_any_more(rest: Json) -> None:
    made = with_front(rest, "http-api")
    text = json.dumps(made)
    assert "RestAPI" not in text
    assert "ApiName" not in text
    source = made["Resources"]["APIHandlerInvokePermission"]["Properties"]["SourceArn"]
    assert source["Fn::Sub"].endswith(":${HttpApi}/*")


def test_its_alarms_watch_it(rest: Json) -> None:
    resources = with_front(rest, "http-api")["Resources"]
    dimensions = [{"Name": "ApiId", "Value": {"Ref": "HttpApi"}}, {"Name": "Stage", "Value": {"Ref": "Stage"}}]
    faults, slowness = (resources[f"Api{each}Alarm"]["Properties"] for each in ("Faults", "Slowness"))
    assert slowness["Dimensions"] == dimensions
    counted = [each["MetricStat"]["Metric"] for each in faults["Metrics"] if "MetricStat" in each]
    assert [each["MetricName"] for each in counted] == ["5xx", "Count"]
    assert all(each["Dimensions"] == dimensions for each in counted)
    assert all(each["AlarmActions"] == [{"Ref": "AlarmTopic"}] for each in (faults, slowness))


def test_what_an_http_api_cannot_do_is_refused(rest: Json) -> None:
    with pytest.raises(TemplateError, match=r"post /v1/registrations: .* type aws"):
        behind_http_api(with_front(rest, "direct-queue"))


# --- direct-queue ------------------------------------------------------------------------------------------------


@pytest.fixture
def direct(rest: Json) -> Json:
    return with_front(rest, "direct-queue")


def test_only_registrations_take_the_short_way(rest: Json, direct: Json) -> None:
    before, after = paths_of(rest), paths_of(direct)
    assert [path for path in before if before[path] != after[path]] == ["/v1/registrations"]
    assert before.keys() == after.keys()
    assert "APIHandler" not in json.dumps(after["/v1/registrations"])


def test_the_gateway_may_send_to_that_queue_and_do_nothing_else(direct: Json) -> None:
    role = direct["Resources"]["RegistrationsGatewayRole"]["Properties"]
    (policy,) = role["Policies"]
    (allowed,) = policy["PolicyDocument"]["Statement"]
    assert allowed["Action"] == ["sqs:SendMessage"]
    assert allowed["Resource"] == [{"Fn::GetAtt": ["RegistrationsToOpenQueue", "Arn"]}]
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "apigateway.amazonaws.com"}
    integration = integration_of(direct)
    assert integration["credentials"] == {"Fn::GetAtt": ["RegistrationsGatewayRole", "Arn"]}
    assert integration["uri"]["Fn::Sub"].endswith(":sqs:path/${AWS::AccountId}/${RegistrationsToOpenQueue.QueueName}")


def integration_of(direct: Json) -> Json:
    integration: Json = paths_of(direct)["/v1/registrations"]["post"]["x-amazon-apigateway-integration"]
    return integration


def test_nothing_passes_by_the_model(direct: Json) -> None:
    definition = direct["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    operation = definition["paths"]["/v1/registrations"]["post"]
    validator = definition["x-amazon-apigateway-request-validators"][operation["x-amazon-apigateway-request-validator"]]
    assert validator["validateRequestBody"] is True
    (body,) = operation["parameters"]
    assert (body["in"], body["required"]) == ("body", True)
    assert body["schema"]["$ref"].rpartition("/")[2] in definition["definitions"]
    integration = integration_of(direct)
    assert integration["passthroughBehavior"] == "never"
    assert operation["consumes"] == list(integration["requestTemplates"]) == ["application/json"]


def test_only_what_sqs_took_is_called_taken(direct: Json) -> None:
    replies = integration_of(direct)["responses"]
    assert {key: each["statusCode"] for key, each in replies.items()} == {"200": "202", "default": "503"}
    taken = json.loads(replies["200"]["responseTemplates"]["application/json"])
    assert taken == {"message": message("registration_taken", Language.INDONESIAN)}
    refused = replies["default"]
    assert json.loads(refused["responseTemplates"]["application/json"])["code"] == "queue_refuses"
    assert refused["responseParameters"]["method.response.header.Retry-After"] == "'5'"


def test_every_header_of_a_reply_is_declared(direct: Json) -> None:
    """An import of a mapping to a header that the method does not declare fails as a whole."""
    declared = paths_of(direct)["/v1/registrations"]["post"]["responses"]
    for reply in integration_of(direct)["responses"].values():
        mapped = {name.removeprefix("method.response.header.") for name in reply["responseParameters"]}
        assert mapped == declared[reply["statusCode"]]["headers"].keys()


def test_a_refused_body_is_refused_in_our_shape(direct: Json) -> None:
    definition = direct["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    ((kind, refused),) = definition["x-amazon-apigateway-gateway-responses"].items()
    assert (kind, refused["statusCode"]) == ("BAD_REQUEST_BODY", "400")
    told = json.loads(refused["responseTemplates"]["application/json"])
    assert told == {
        "code": "invalid_input",
        "message": message("invalid_input", Language.INDONESIAN),
        "correlation_id": "$context.requestId",
    }
