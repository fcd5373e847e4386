"""``direct-queue``: POST /v1/registrations goes from the REST API straight to its queue. No function runs, none is
cold, and none can be used up: what the gateway lets through is on the queue.

The queue's worker is the same, so the gateway has to write our envelope (``adapters/messaging/sqs.py``) itself.
"""

import json
from copy import deepcopy
from typing import Any

from chalicelib.domain.mail import Language
from chalicelib.handlers.wording import message
from infra.fronts.mapping import REQUEST_TEMPLATE
from infra.template import TemplateError

Json = dict[str, Any]
PATH, METHOD = "/v1/registrations", "post"
QUEUE, ROLE, MODEL = "RegistrationsToOpenQueue", "RegistrationsGatewayRole", "Registration"
LONGEST_EMAIL = 320
RETRY_AFTER_SECONDS = 5
LONGEST_TICKET = 200

_ADDRESS = r"^\s*[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^@]{3,}$"
"""Lets through all that ``parse_email`` takes, and more: only so that somebody who forgot the ``@`` is told at once.
Whether it is an address the worker says."""

SCHEMA: Json = {
    "type": "object",
    "required": ["email"],
    "additionalProperties": False,
    "properties": {
        "email": {"type": "string", "maxLength": LONGEST_EMAIL, "pattern": _ADDRESS},
        "language": {"type": "string", "enum": [each.value for each in Language]},
        # The page brings it in a rush. Nobody looks at it here: no function stands before the queue.
        "ticket": {"type": "string", "maxLength": LONGEST_TICKET},
    },
}


def with_direct_queue(template: Json) -> Json:
    made = deepcopy(template)
    definition = made["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    if METHOD not in definition["paths"].get(PATH, {}):
        raise TemplateError(f"Chalice wrote no {METHOD} {PATH}")
    definition["definitions"][MODEL] = SCHEMA
    definition["x-amazon-apigateway-request-validators"] = {
        "body": {"validateRequestBody": True, "validateRequestParameters": False}
    }
    # Nothing else of this API has a model, so nothing else is refused in this way.
    definition["x-amazon-apigateway-gateway-responses"] = {"BAD_REQUEST_BODY": _bad_request()}
    definition["paths"][PATH][METHOD] = _operation(definition["paths"][PATH][METHOD].get("summary", ""))
    made["Resources"][ROLE] = _role()
    return made


def _operation(summary: str) -> Json:
    text = {"type": "string"}
    headers = {"X-Correlation-Id": text, "Cache-Control": text}
    return {
        "summary": summary,
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "parameters": [{"in": "body", "name": MODEL, "required": True, "schema": {"$ref": f"#/definitions/{MODEL}"}}],
        "responses": {
            "202": {"description": "taken", "headers": headers},
            "503": {"description": "the queue refuses", "headers": {**headers, "Retry-After": text}},
        },
        "x-amazon-apigateway-request-validator": "body",
        "x-amazon-apigateway-integration": _integration(),
    }


def _integration() -> Json:
    api = "arn:${AWS::Partition}:apigateway:${AWS::Region}"
    return {
        "type": "aws",
        "httpMethod": "POST",
        "uri": {"Fn::Sub": f"{api}:sqs:path/${{AWS::AccountId}}/${{{QUEUE}.QueueName}}"},
        "credentials": {"Fn::GetAtt": [ROLE, "Arn"]},
        # A model is looked at for its own content type only: any other must not pass by it to the queue (415 instead).
        "passthroughBehavior": "never",
        "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
        "requestTemplates": {"application/json": REQUEST_TEMPLATE},
        # By SQS's own status. What it did not take must never be called taken.
        "responses": {"200": _taken(), "default": _refused()},
    }


def _taken() -> Json:
    body = json.dumps({"message": message("registration_taken", Language.INDONESIAN)})
    return {"statusCode": "202", "responseParameters": _headers(), "responseTemplates": {"application/json": body}}


def _refused() -> Json:
    headers = _headers() | {"method.response.header.Retry-After": f"'{RETRY_AFTER_SECONDS}'"}
    body = _refusal("queue_refuses", "$util.escapeJavaScript($context.requestId)")
    return {"statusCode": "503", "responseParameters": headers, "responseTemplates": {"application/json": body}}


def _headers() -> Json:
    return {
        "method.response.header.X-Correlation-Id": "context.requestId",
        "method.response.header.Cache-Control": "'no-store'",
    }


def _bad_request() -> Json:
    """The gateway knows only that the body is wrong, and its own sentence may quote it. No VTL here: variables only."""
    return {
        "statusCode": "400",
        "responseParameters": {"gatewayresponse.header.Cache-Control": "'no-store'"},
        "responseTemplates": {"application/json": _refusal("invalid_input", "$context.requestId")},
    }


def _refusal(code: str, correlation_id: str) -> str:
    """As ``handlers/replies.py`` refuses."""
    told = {"code": code, "message": message(code, Language.INDONESIAN), "correlation_id": correlation_id}
    return json.dumps(told)


def _role() -> Json:
    allowed = {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [{"Fn::GetAtt": [QUEUE, "Arn"]}]}
    trusted = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": ["sts:AssumeRole"]}
    policy = {
        "PolicyName": "SendRegistrations",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]},
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]},
            "Policies": [policy],
        },
    }
