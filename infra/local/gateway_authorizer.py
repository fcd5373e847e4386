"""API Gateway's part in a Chalice authoriser: a token goes in, a policy comes out, and may let the request pass."""

import re
from typing import Any

from chalice.app import ChaliceAuthorizer, RouteEntry

from infra.local.engine import ACCOUNT, REGION
from infra.local.gateway import API_ID
from infra.local.pages import LocalRequest, LocalResponse


def authorised(entry: RouteEntry, request: LocalRequest, event: dict[str, Any], context: Any) -> LocalResponse | None:
    """None lets it pass, its word put into the event. No answer is kept, so that a revoked session ends at once."""
    authorizer = entry.authorizer
    if authorizer is None:
        return None
    if not isinstance(authorizer, ChaliceAuthorizer):
        raise NotImplementedError(f"{type(authorizer).__name__} does not run on the laptop")
    token = request.header(authorizer.config.header)
    if not token:
        return LocalResponse.json({"message": "Unauthorized"}, 401)
    stage = event["requestContext"]["stage"]
    arn = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/{stage}/{request.method}{request.path}"
    try:
        policy = authorizer({"type": "TOKEN", "authorizationToken": token, "methodArn": arn}, context)
    except Exception as error:
        # The one text that Amazon looks for; anything else is the authoriser's own failure.
        status = 401 if str(error) == "Unauthorized" else 500
        return LocalResponse.json({"message": "Unauthorized" if status == 401 else None}, status)
    if not _allows(policy, arn):
        return LocalResponse.json({"message": "User is not authorized to access this resource"}, 403)
    event["requestContext"]["authorizer"] = {**policy.get("context", {}), "principalId": policy["principalId"]}
    return None


def _allows(policy: dict[str, Any], arn: str) -> bool:
    effects = {
        statement["Effect"]
        for statement in policy["policyDocument"]["Statement"]
        if any(_covers(resource, arn) for resource in _listed(statement["Resource"]))
    }
    return effects == {"Allow"}


def _listed(resource: str | list[str]) -> list[str]:
    return [resource] if isinstance(resource, str) else resource


def _covers(pattern: str, arn: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, arn, re.DOTALL) is not None
