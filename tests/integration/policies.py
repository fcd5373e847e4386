"""What the policies of ``infra`` allow, read as IAM reads them, as far as they go: no denials, two kinds of conditions.
Resources are named as in ``rights.py``."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.integration.rights import Right, fragments

Statement = Mapping[str, Any]
FOLDER = Path(__file__).parents[2] / "infra/policies"
_ARN_OF_MAIL = re.compile(r"arn:(?:\$\{AWS::\w+\}|:|ses)+:(?:identity|configuration-set)/\$\{(\w+)\}")
_STARTS_WITH_ARN = re.compile(r"\$\{(\w+)\.Arn\}(/.+)")


def policy_of(function: str) -> Sequence[Statement]:
    found: Sequence[Statement] = json.loads((FOLDER / f"{function}.json").read_text("utf-8"))["Statement"]
    return found


def granted(policy: Sequence[Statement]) -> Iterator[tuple[Statement, str, str]]:
    """Each action on each resource, with the statement that says so."""
    for statement in policy:
        written = statement["Resource"]
        for resource in written if isinstance(written, list) else [written]:
            for action in statement["Action"]:
                yield statement, action, _plain(resource)


def allows(policy: Sequence[Statement], right: Right) -> bool:
    return any(_is_for(grant, right) for grant in granted(policy))


def uses(grant: tuple[Statement, str, str], rights: set[Right]) -> bool:
    """Whether anybody asked for what is granted here."""
    return any(_is_for(grant, right) for right in rights)


def _is_for(grant: tuple[Statement, str, str], right: Right) -> bool:
    statement, action, resource = grant
    return action == right.action and fnmatchcase(right.resource, resource) and _holds(statement, dict(right.seen))


def _holds(statement: Statement, seen: Mapping[str, Sequence[str]]) -> bool:
    conditions = statement.get("Condition", {})
    return all(
        _OPERATORS[operator](seen.get(key, ()), [allowed] if isinstance(allowed, str) else allowed)
        for operator, asked in conditions.items()
        for key, allowed in asked.items()
    )


def _each(alike: Callable[[str, str], bool]) -> Callable[[Sequence[str], Sequence[str]], bool]:
    """``ForAllValues``: also true of a call that has no value there."""
    return lambda values, allowed: all(any(alike(value, each) for each in allowed) for value in values)


def _one(alike: Callable[[str, str], bool]) -> Callable[[Sequence[str], Sequence[str]], bool]:
    return lambda values, allowed: len(values) == 1 and any(alike(values[0], each) for each in allowed)


def _equal(value: str, allowed: str) -> bool:
    return value == allowed


_OPERATORS: Mapping[str, Callable[[Sequence[str], Sequence[str]], bool]] = {
    "StringEquals": _one(_equal),
    "StringLike": _one(fnmatchcase),
    "ForAllValues:StringEquals": _each(_equal),
    "ForAllValues:StringLike": _each(fnmatchcase),
}


def _plain(written: Any) -> str:
    """A resource's ARN, as the policy writes it, by the name that it has in the fragments."""
    if isinstance(written, str):
        return written
    ((how, what),) = written.items()
    return _READ[how](what)


def _ref(name: str) -> str:
    """Only of a secret this is the ARN."""
    assert fragments()[name]["Type"] == "AWS::SecretsManager::Secret", name
    return name


def _attribute(path: Sequence[str]) -> str:
    name, attribute = path
    return {"Arn": name, "StreamArn": f"{name}/stream/latest"}[attribute]


def _substituted(text: str) -> str:
    mail, part = _ARN_OF_MAIL.fullmatch(text), _STARTS_WITH_ARN.fullmatch(text)
    assert mail or part, text
    return mail[1] if mail else part[1] + part[2] if part else ""


_READ: Mapping[str, Callable[[Any], str]] = {"Ref": _ref, "Fn::GetAtt": _attribute, "Fn::Sub": _substituted}
