"""``http-api``: an HTTP API (API Gateway v2) instead of the REST API, at a third of the price.

The function stays as it is: with payload format 1.0 the event is the REST API's. Chalice finds the view by
``requestContext.resourcePath``, which is the route's own path only where the gateway has one route for each of
Chalice's; a single ``$default`` route would lead nowhere.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from infra.template import TemplateError

Json = dict[str, Any]
API, INTEGRATION, STAGE = "HttpApi", "HttpApiIntegration", "HttpApiStage"
_FUNCTION, _PERMISSION, _REST = "APIHandler", "APIHandlerInvokePermission", "RestAPI"
_INTEGRATION_KEY = "x-amazon-apigateway-integration"
LONGEST_MILLISECONDS = 30_000
"""The most that the gateway waits; the function's own time-out (29 s) comes first and says more."""


def behind_http_api(template: Json) -> Json:
    made = deepcopy(template)
    resources, outputs = made["Resources"], made["Outputs"]
    rest = resources.pop(_REST)["Properties"]
    resources |= {
        API: _resource("Api", {"Name": {"Fn::Sub": "prakerja-${Stage}"}, "ProtocolType": "HTTP"}),
        INTEGRATION: _integration(),
        **{_route_id(key): _route(key) for key in route_keys(rest["DefinitionBody"])},
        STAGE: _stage(rest),
        **_alarms(resources),
    }
    resources[_PERMISSION]["Properties"]["SourceArn"] = {
        "Fn::Sub": f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{API}}}/*"
    }
    (origin,) = resources["Edge"]["Properties"]["DistributionConfig"]["Origins"]
    origin["DomainName"]["Fn::Sub"] = origin["DomainName"]["Fn::Sub"].replace(_REST, API)
    del outputs["RestAPIId"]
    outputs["HttpApiId"] = {"Value": {"Ref": API}}
    outputs["EndpointURL"]["Value"]["Fn::Sub"] = outputs["EndpointURL"]["Value"]["Fn::Sub"].replace(_REST, API)
    return made


def route_keys(definition: Mapping[str, Any]) -> Iterator[str]:
    """``PUT /v1/me/waves/{number}/entry`` and so on, from the definition that Chalice writes of its routes."""
    for path, methods in definition["paths"].items():
        for method, operation in methods.items():
            kind = operation[_INTEGRATION_KEY]["type"]
            if kind != "aws_proxy":
                raise TemplateError(f"{method} {path}: an HTTP API has no integration of type {kind}")
            yield f"{method.upper()} {path}"


def _route_id(key: str) -> str:
    """A resource's name has letters and digits only. Parameters keep a mark, so that ``/a/{b}`` is not ``/a/b``."""
    words = key.replace("{", " By ").replace("}", " ").replace("/", " ").replace("_", " ").replace("-", " ")
    return "HttpRoute" + "".join(word.replace(".", "Dot").capitalize() for word in words.split())


def _route(key: str) -> Json:
    properties = {"ApiId": {"Ref": API}, "RouteKey": key, "Target": {"Fn::Sub": f"integrations/${{{INTEGRATION}}}"}}
    return _resource("Route", properties)


def _integration() -> Json:
    properties = {
        "ApiId": {"Ref": API},
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": {"Fn::GetAtt": [_FUNCTION, "Arn"]},
        "IntegrationMethod": "POST",
        "PayloadFormatVersion": "1.0",
        "TimeoutInMillis": LONGEST_MILLISECONDS,
    }
    return _resource("Integration", properties)


def _stage(rest: Mapping[str, Any]) -> Json:
    """The REST API's limits, log and address (``/dev/...``) under their names here."""
    (every_method,) = rest["MethodSettings"]
    log = rest["AccessLogSetting"]
    properties = {
        "ApiId": {"Ref": API},
        "StageName": {"Ref": "Stage"},
        "AutoDeploy": True,
        "DefaultRouteSettings": {
            "ThrottlingRateLimit": every_method["ThrottlingRateLimit"],
            "ThrottlingBurstLimit": every_method["ThrottlingBurstLimit"],
            "DetailedMetricsEnabled": every_method["MetricsEnabled"],
        },
        "AccessLogSettings": {
            "DestinationArn": log["DestinationArn"],
            # An HTTP API does not know $context.resourcePath; its route key is method and path.
            "Format": log["Format"].replace("$context.httpMethod $context.resourcePath", "$context.routeKey"),
        },
    }
    return _resource("Stage", properties)


def _alarms(resources: Mapping[str, Json]) -> Json:
    """The REST API's two, on what an HTTP API counts: faults as a number, so the share is computed."""
    faults, slowness = deepcopy(resources["ApiFaultsAlarm"]), deepcopy(resources["ApiSlownessAlarm"])
    for name in ("Namespace", "MetricName", "Dimensions", "Statistic", "Period"):
        del faults["Properties"][name]
    faults["Properties"]["Metrics"] = [
        _counted("faults", "5xx"),
        _counted("requests", "Count"),
        {"Id": "share", "Expression": "faults / requests", "ReturnData": True},
    ]
    slowness["Properties"]["Dimensions"] = _dimensions()
    return {"ApiFaultsAlarm": faults, "ApiSlownessAlarm": slowness}


def _counted(id: str, metric: str) -> Json:
    counted = {"Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": _dimensions()}
    return {"Id": id, "MetricStat": {"Metric": counted, "Period": 60, "Stat": "Sum"}, "ReturnData": False}


def _dimensions() -> list[Json]:
    return [{"Name": "ApiId", "Value": {"Ref": API}}, {"Name": "Stage", "Value": {"Ref": "Stage"}}]


def _resource(kind: str, properties: Json) -> Json:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}
