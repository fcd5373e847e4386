"""The rules of a scheme as rows of its file, and the one small interpreter that reads them.

A rule compares one fact with one value. Where the comparison holds, its ``reason`` refuses the person, or its
``priority`` puts them first. There are these comparisons and no others: whoever reads a scheme file can follow it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.facts import Fact, FactName, FactValue, kind_of
from chalicelib.domain.remedies import PRIORITIES, REMEDIES
from chalicelib.domain.time import age_on

Limit = bool | int


class Comparison(StrEnum):
    IS = "is"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    YOUNGER_THAN = "younger_than"
    """In completed years, of the fact's date."""
    OLDER_THAN = "older_than"


@dataclass(frozen=True, slots=True)
class Rule:
    """One of ``reason`` and ``priority`` is there."""

    fact: FactName
    comparison: Comparison
    value: Limit
    reason: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Of which kind of fact a comparison is made, with which kind of value, and how."""

    of: type[FactValue]
    with_: type[Limit]
    holds: Callable[[Any, Any, date], bool]


_MEANINGS: Mapping[Comparison, _Meaning] = {
    Comparison.IS: _Meaning(bool, bool, lambda fact, value, _: fact is value),
    Comparison.AT_LEAST: _Meaning(int, int, lambda fact, value, _: bool(fact >= value)),
    Comparison.AT_MOST: _Meaning(int, int, lambda fact, value, _: bool(fact <= value)),
    Comparison.YOUNGER_THAN: _Meaning(date, int, lambda fact, value, day: age_on(day, fact) < value),
    Comparison.OLDER_THAN: _Meaning(date, int, lambda fact, value, day: age_on(day, fact) > value),
}


def holds(rule: Rule, facts: Sequence[Fact], *, on: date) -> bool | None:
    """None when it is not yet known. What one source states is not undone by another that has yet to answer."""
    known = [fact.value for fact in facts if fact.value is not None]
    if any(_MEANINGS[rule.comparison].holds(value, rule.value, on) for value in known):
        return True
    return False if known and len(known) == len(facts) else None


def digest_of(rules: Iterable[Rule]) -> str:
    """Two schemes that decide by the same rows have the same digest, whatever the layout of their files."""
    rows = [[each.fact, each.comparison, each.value, each.reason, each.priority] for each in rules]
    return "sha256:" + hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


# --- Reading them ---------------------------------------------------------------------------------------------

_COLUMNS = {"fact", "comparison", "value", "reason", "priority"}


def read_rules(rows: object) -> tuple[Rule, ...]:
    """``Misconfigured`` names the row and the column, and says what was expected there."""
    if not isinstance(rows, list) or not rows:
        raise _mistake("rules", rows, "one table [[rules]] or more")
    rules = tuple(_rule(row, f"rules[{place}]") for place, row in enumerate(rows, start=1))
    for place, rule in enumerate(rules, start=1):
        if rule in rules[: place - 1]:
            raise _mistake(f"rules[{place}]", rule.fact, "a rule that is not written twice")
    return rules


def _rule(row: object, place: str) -> Rule:
    if not isinstance(row, dict) or not row.keys() <= _COLUMNS:
        raise _mistake(place, sorted(row) if isinstance(row, dict) else row, f"of {sorted(_COLUMNS)}")
    fact = FactName(_one_of(row, "fact", list(FactName), place))
    comparison = Comparison(_one_of(row, "comparison", list(Comparison), place))
    meaning = _MEANINGS[comparison]
    if meaning.of is not kind_of(fact):
        raise _mistake(f"{place}.comparison", comparison, f"one that is made of {kind_of(fact).__name__}, as {fact} is")
    value = row.get("value")
    if type(value) is not meaning.with_:
        raise _mistake(f"{place}.value", value, meaning.with_.__name__)
    if len(row.keys() & {"reason", "priority"}) != 1:
        raise _mistake(place, sorted(row), "either reason or priority")
    if "reason" in row:
        return Rule(fact, comparison, value, reason=_one_of(row, "reason", REMEDIES, place))
    return Rule(fact, comparison, value, priority=_one_of(row, "priority", PRIORITIES, place))


def _one_of(row: Mapping[str, Any], column: str, known: Iterable[str], place: str) -> str:
    value = row.get(column)
    if value not in list(known):
        raise _mistake(f"{place}.{column}", value, f"one of {', '.join(sorted(known))}")
    return str(value)


def _mistake(place: str, found: object, expected: str) -> Misconfigured:
    return Misconfigured("scheme_invalid", field=f"{place}: {found!r} is not {expected}", found=found)
