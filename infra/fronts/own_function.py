"""``own-function``: POST /v1/registrations has a function of its own behind the same REST API, which starts in a third
of the time (``chalicelib/handlers/registration_alone.py``), and which no other traffic can use up.

It is the API's function by another name, but for what it imports and what it may do.
"""

import json
from copy import deepcopy
from typing import Any

from infra.template import TemplateError

Json = dict[str, Any]
PATH, METHOD = "/v1/registrations", "post"
HANDLER = "chalicelib.handlers.registration_alone.handle"
_API, _ROLE, _NAME = "APIHandler", "ApiHandlerRole", "api-handler"
FUNCTION, _OWN_ROLE, _OWN_NAME = "TakeRegistrations", "TakeRegistrationsRole", "take-registrations"


def with_own_function(template: Json) -> Json:
    made = deepcopy(template)
    resources = made["Resources"]
    operation = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"].get(PATH, {}).get(METHOD)
    if operation is None:
        raise TemplateError(f"Chalice wrote no {METHOD} {PATH}")
    # Function, permission for the gateway, log group, alarms, role.
    copies = {_renamed(name): _renamed(each) for name, each in resources.items() if name.startswith((_API, _ROLE))}
    copies[FUNCTION]["Properties"]["Handler"] = HANDLER
    (policy,) = copies[_OWN_ROLE]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"] = _allowed()
    resources |= copies
    integration = operation["x-amazon-apigateway-integration"]
    integration["uri"] = _renamed(integration["uri"])
    return made


def _renamed(part: Any) -> Any:
    text = json.dumps(part).replace(_ROLE, _OWN_ROLE).replace(_API, FUNCTION)
    return json.loads(text.replace(_NAME, _OWN_NAME))


def _allowed() -> list[Json]:
    """Send one message; look at the gate; and while the gate is on, prove whose turn it is."""
    tracing = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    look = _statement("LookAtTheGate", ["dynamodb:GetItem"], {"Fn::GetAtt": ["AccountsTable", "Arn"]})
    only_the_gate = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["gate"]}}
    return [
        _statement(
            "WriteItsLog",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            {"Fn::GetAtt": [f"{FUNCTION}LogGroup", "Arn"]},
        ),
        {"Sid": "Trace", "Effect": "Allow", "Action": tracing, "Resource": "*"},
        _statement(
            "AskForWork",
            ["sqs:GetQueueUrl", "sqs:SendMessage"],
            {"Fn::GetAtt": ["RegistrationsToOpenQueue", "Arn"]},
        ),
        look | {"Condition": only_the_gate},
        _statement("ReadSecrets", ["secretsmanager:GetSecretValue"], {"Ref": "IndexKeysSecret"}),
    ]


def _statement(sid: str, actions: list[str], resource: Json) -> Json:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": [resource]}
