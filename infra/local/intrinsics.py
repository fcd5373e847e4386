"""Long-form CloudFormation intrinsics, worked out for the resources that an engine leaves to us."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.engine import ACCOUNT, REGION
from infra.template import TemplateError

_PLACEHOLDER = re.compile(r"\$\{([^}!]+)\}")

# What GetAtt says of a resource, from its physical id.
_ATTRIBUTES: dict[tuple[str, str], str] = {
    ("AWS::SQS::Queue", "Arn"): f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{name}}",
    ("AWS::SQS::Queue", "QueueName"): "{name}",
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::{name}",
    ("AWS::SNS::Topic", "TopicArn"): "{id}",
    ("AWS::DynamoDB::Table", "Arn"): f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{name}}",
    ("AWS::KMS::Key", "Arn"): f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{{id}}",
}

# The property that Ref gives for a resource which the engine did not make.
_NAMES = {
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SecretsManager::Secret": "Name",
}


class Resolver:
    def __init__(
        self, resources: Mapping[str, Any], physical_ids: Mapping[str, str], values: Mapping[str, str]
    ) -> None:
        self._resources = resources
        self._physical_ids = physical_ids
        self._values = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", **values}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": lambda parts: parts[0].join(self.resolved(parts[1])),
        }

    def resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.resolved(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (name := next(iter(value))) in self._functions:
            return self._functions[name](value[name])
        if any(str(name).startswith("Fn::") for name in value):
            raise TemplateError(f"{next(iter(value))} is not known on the laptop")
        return {name: self.resolved(entry) for name, entry in value.items()}

    def _ref(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        if name in self._physical_ids:
            return self._physical_ids[name]
        resource = self._resources.get(name, {})
        if resource.get("Type") not in _NAMES:
            raise TemplateError(f"nothing is called {name}")
        return self.resolved(resource["Properties"][_NAMES[resource["Type"]]])

    def _get_att(self, path: str | list[str]) -> str:
        name, _, attribute = path.partition(".") if isinstance(path, str) else (path[0], "", path[1])
        pattern = _ATTRIBUTES.get((self._resources.get(name, {}).get("Type"), attribute))
        if pattern is None:
            raise TemplateError(f"{name}.{attribute} is not known on the laptop")
        identifier = str(self._ref(name))
        return pattern.format(id=identifier, name=identifier.rsplit("/", 1)[-1])

    def _sub(self, argument: str | list[Any]) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else (argument[0], self.resolved(argument[1]))

        def replacement(match: re.Match[str]) -> str:
            name = match.group(1).strip()
            if name in own:
                return str(own[name])
            is_attribute = "." in name and name.partition(".")[0] in self._resources
            return self._get_att(name) if is_attribute else str(self._ref(name))

        return _PLACEHOLDER.sub(replacement, text).replace("${!", "${")
