"""Looks at an overlay before Chalice merges it: Chalice adds a mistyped name without a word.

Whatever the overlay changes must be there in Chalice's own template, or stand on the list of what may be new.
"""

from collections.abc import Iterator, Mapping
from typing import Any

SECTIONS = {"AWSTemplateFormatVersion", "Parameters", "Mappings", "Conditions", "Resources", "Outputs"}

_EVENT = "Properties.Events.*.Properties."
MAY_BE_NEW: Mapping[str, frozenset[str]] = {
    "AWS::Serverless::Function": frozenset(
        {
            "Properties.FunctionName",
            "Properties.EventInvokeConfig",
            "Properties.Environment.Variables.EDGE_KEY",
            _EVENT + "FunctionResponseTypes",
            _EVENT + "BisectBatchOnFunctionError",
            _EVENT + "MaximumRetryAttempts",
            _EVENT + "MaximumRecordAgeInSeconds",
            _EVENT + "ParallelizationFactor",
            _EVENT + "DestinationConfig",
        }
    ),
    "AWS::Serverless::Api": frozenset(
        {
            "Properties.OpenApiVersion",
            "Properties.TracingEnabled",
            "Properties.MethodSettings",
            "Properties.AccessLogSetting",
        }
    ),
}
"""By type of resource: what Chalice does not write, and we do."""


def unmeant(overlay: Mapping[str, Any], bare: Mapping[str, Any]) -> list[str]:
    """The places in ``overlay`` that Chalice would add or break without having been meant to."""
    strange = [f"{name}: no section of a template" for name in sorted(overlay.keys() - SECTIONS)]
    for name, resource in overlay.get("Resources", {}).items():
        strange += [f"{name}{why}" for why in _strange_in(resource, bare["Resources"].get(name))]
    return strange


def _strange_in(resource: Mapping[str, Any], own: Mapping[str, Any] | None) -> Iterator[str]:
    """``own``: what Chalice wrote under this name."""
    if own is None:
        if "Type" not in resource:
            yield ": Chalice makes no such resource, and without a Type it is none"
    elif "Type" in resource:
        yield ": Chalice makes a resource of that name already"
    else:
        may_be_new = MAY_BE_NEW.get(own["Type"], frozenset())
        yield from (f".{path}: {why}" for path, why in _differences(resource, own, "") if path not in may_be_new)


def _differences(over: Mapping[str, Any], own: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, value in over.items():
        # The names of events differ from function to function; which of them exist is looked at above the star.
        known = own.get(key)
        deeper = f"{path}.{'*' if path == 'Properties.Events' else key}".lstrip(".")
        if key not in own:
            yield (f"{path}.{key}".lstrip("."), "not there in what Chalice writes")
        elif isinstance(value, dict) and isinstance(known, dict):
            if _intrinsic(value) != _intrinsic(known):
                yield deeper, f"{_intrinsic(value)} would be merged with {_intrinsic(known)}"
            else:
                yield from _differences(value, known, deeper)


def _intrinsic(value: Mapping[str, Any]) -> str | None:
    """``Fn::Sub`` and the like; two different ones merged are neither."""
    name = next(iter(value), "")
    return name if len(value) == 1 and (name == "Ref" or name.startswith("Fn::")) else None
