"""The CloudFormation fragments of this folder as one template: what production, laptop and tests are made of."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent

# Not a fragment: Chalice merges this one into the template that it writes itself.
OVERLAY = "overlay.yaml"

_SECTIONS = {"Parameters", "Mappings", "Conditions", "Resources", "Outputs"}
_IGNORED = {"AWSTemplateFormatVersion", "Description", "Metadata"}


class TemplateError(Exception):
    """A fragment is not what it should be; the message names the file."""


class _Loader(yaml.SafeLoader):
    """Strings stay strings (a policy's version is not a date), and a key may stand only once in a mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise TemplateError(f"line {node.start_mark.line + 1}: written twice: {', '.join(twice)}")
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def merged_template(folder: Path = FOLDER) -> dict[str, Any]:
    """Every fragment's sections in one; a name of a resource that stands in two of them is an error."""
    merged: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": {}, "Resources": {}}
    for path in sorted(folder.glob("*.yaml")):
        if path.name != OVERLAY:
            _merge(merged, _fragment(path), path.name)
    if not merged["Resources"]:
        raise TemplateError(f"{folder} has no CloudFormation fragments")
    return merged


def _fragment(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506  a SafeLoader
    except TemplateError as error:
        raise TemplateError(f"{path.name}: {error}") from None
    except yaml.YAMLError as error:
        raise TemplateError(f"{path.name}: {error} (write intrinsics out: 'Fn::Sub:', not '!Sub')") from None
    if not isinstance(found, dict) or found.keys() - _SECTIONS - _IGNORED:
        raise TemplateError(f"{path.name}: only {', '.join(sorted(_SECTIONS))} may stand at the top")
    return found


def _merge(merged: dict[str, Any], fragment: dict[str, Any], file_name: str) -> None:
    for section in sorted(_SECTIONS & fragment.keys()):
        for name, definition in (fragment[section] or {}).items():
            _add(merged.setdefault(section, {}), section, name, definition, file_name)


def _add(entries: dict[str, Any], section: str, name: str, definition: Any, file_name: str) -> None:
    # Each fragment declares the parameters it uses; the same declaration again is no clash.
    shared = section == "Parameters" and entries.get(name) == definition
    if name in entries and not shared:
        raise TemplateError(f"{file_name}: {section} already has {name}, from another file")
    entries[name] = definition
