"""What rings, in a stack of its own: one stack may hold 500 resources, and every function and queue has its alarms.

The alarms' stack is nested in the other (``AWS::CloudFormation::Stack``): one deployment, one rollback. What an alarm
names of the other stack comes in as a parameter that bears the name of what it stands for.
"""

import re
from copy import deepcopy
from typing import Any

from infra.template import TemplateError

Json = dict[str, Any]
ALARMS, FILE = "Alarms", "alarms.json"
MOST_RESOURCES = 500
"""Of a stack, once the transform has made a rule, a mapping or a permission of each function's event."""
MOST_PARAMETERS = 200
_VARIABLE = re.compile(r"\$\{(?!Stage\}|AWS::)")


def apart(template: Json) -> tuple[Json, Json]:
    """The template without its alarms, and theirs."""
    rest, parameters = deepcopy(template), {"Stage": {"Ref": "Stage"}}
    alarms = {name: each for name, each in rest["Resources"].items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    for name in alarms:
        del rest["Resources"][name]
    resources = {name: _told(each, parameters) for name, each in alarms.items()}
    if len(parameters) > MOST_PARAMETERS:
        raise TemplateError(f"the alarms name {len(parameters)} things; a stack takes {MOST_PARAMETERS} parameters")
    rest["Resources"][ALARMS] = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": FILE, "Parameters": parameters},
    }
    told = {name: {"Type": "String"} for name in parameters}
    return rest, {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": told, "Resources": resources}


def joined(rest: Json, alarms: Json) -> Json:
    """As it was before."""
    template = deepcopy(rest)
    parameters = template["Resources"].pop(ALARMS)["Properties"]["Parameters"]
    template["Resources"] |= {name: _asked(each, parameters) for name, each in alarms["Resources"].items()}
    return template


def resources_made(template: Json) -> int:
    """How many resources a stack has after the transform: each event of a function makes one or two more."""
    functions = (each for each in template["Resources"].values() if each["Type"] == "AWS::Serverless::Function")
    events = [event["Type"] for each in functions for event in each["Properties"].get("Events", {}).values()]
    gateways = sum(each["Type"] == "AWS::Serverless::Api" for each in template["Resources"].values())
    return int(len(template["Resources"]) + len(events) + events.count("Schedule") + 2 * gateways)


def _told(part: Any, parameters: Json) -> Any:
    if isinstance(part, list):
        return [_told(each, parameters) for each in part]
    if not isinstance(part, dict):
        return part
    name = _name_of(part)
    if name is None:
        return {key: _told(each, parameters) for key, each in part.items()}
    parameters[name] = part
    return {"Ref": name}


def _name_of(part: Json) -> str | None:
    """Of the parameter that stands for what this asks of the other stack."""
    if "Ref" in part and not part["Ref"].startswith("AWS::"):
        return str(part["Ref"])
    if "Fn::GetAtt" in part:
        resource, attribute = part["Fn::GetAtt"]
        return f"{resource}{attribute}"
    if _VARIABLE.search(str(part.get("Fn::Sub", ""))):
        raise TemplateError(f"an alarm's Fn::Sub names more than the stage: {part['Fn::Sub']}")
    return None


def _asked(part: Any, parameters: Json) -> Any:
    if isinstance(part, list):
        return [_asked(each, parameters) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("Ref") in parameters:
        return parameters[part["Ref"]]
    return {key: _asked(each, parameters) for key, each in part.items()}
