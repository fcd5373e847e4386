"""The rules of a scheme: rows of a file, and what is found when one of them is wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import schemes
from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.facts import Fact, FactName, kind_of
from chalicelib.domain.remedies import REMEDIES
from chalicelib.domain.rules import Comparison, Rule, digest_of, holds, read_rules
from chalicelib.domain.schemes import all_schemes, read_scheme, scheme_named
from tests.fakes import NOON

FOLDER = Path(schemes.__file__).parent / "scheme_files"
DAY = date(2026, 3, 2)
STUDENT = {"fact": "student", "comparison": "is", "value": True, "reason": "student"}
IS_STUDENT = Rule(FactName.STUDENT, Comparison.IS, True, reason="student")


def known(name: FactName, *values: Any) -> list[Fact]:
    return [Fact(name, value, "SOMEBODY", NOON) for value in values]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_scheme_file_can_be_read(path: Path) -> None:
    assert read_scheme(path.read_text("utf-8")).name == path.stem


@pytest.mark.parametrize(
    ("comparison", "fact", "value", "is_true"),
    [
        *((Comparison.IS, fact, value, fact is value) for fact in (True, False) for value in (True, False)),
        *((Comparison.AT_LEAST, fact, 2, fact >= 2) for fact in range(4)),
        *((Comparison.AT_MOST, fact, 2, fact <= 2) for fact in range(4)),
        (Comparison.YOUNGER_THAN, date(2008, 3, 3), 18, True),
        (Comparison.YOUNGER_THAN, date(2008, 3, 2), 18, False),
        (Comparison.OLDER_THAN, date(1961, 3, 3), 64, False),
        (Comparison.OLDER_THAN, date(1961, 3, 2), 64, True),
    ],
)
def test_a_comparison_is_what_its_name_says(comparison: Comparison, fact: Any, value: Any, is_true: bool) -> None:
    name = {bool: FactName.STUDENT, int: FactName.FAMILY_PLACES_TAKEN, date: FactName.BIRTH_DATE}[type(fact)]
    assert holds(Rule(name, comparison, value), known(name, fact), on=DAY) is is_true


@pytest.mark.parametrize(
    ("values", "is_true"),
    [
        ((), None),
        ((None,), None),
        ((False,), False),
        ((True, None), True),
        ((False, None), None),
        ((False, True), True),
    ],
)
def test_what_is_not_yet_known_is_neither_yes_nor_no(values: tuple[bool | None, ...], is_true: bool | None) -> None:
    assert holds(IS_STUDENT, known(FactName.STUDENT, *values), on=DAY) is is_true


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown fact": ({"fact": "studnet"}, "rules[1].fact: 'studnet' is not one of birth_date, blocklist, citizen"),
    "no fact": ({"fact": ...}, "rules[1].fact: None is not one of"),
    "an unknown comparison": ({"comparison": "equals"}, "rules[1].comparison: 'equals' is not one of at_least"),
    "a comparison of another kind": ({"comparison": "at_least"}, "rules[1].comparison"),
    "a value of another kind": ({"value": "yes"}, "rules[1].value: 'yes' is not bool"),
    "a number for yes": ({"value": 1}, "rules[1].value: 1 is not bool"),
    "yes for a number": (
        {"fact": "family_places_taken", "comparison": "at_least"},
        "rules[1].value: True is not int",
    ),
    "no value": ({"value": ...}, "rules[1].value: None is not bool"),
    "a reason without words": ({"reason": "too_clever"}, "rules[1].reason: 'too_clever' is not one of age"),
    "neither reason nor priority": ({"reason": ...}, "either reason or priority"),
    "both": ({"priority": "laid_off"}, "either reason or priority"),
    "an unknown priority": ({"reason": ..., "priority": "friend"}, "rules[1].priority: 'friend' is not one of"),
    "a misspelt column": ({"vlaue": True}, "rules[1]"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_rule_is_told_with_its_place(name: str) -> None:
    changes, told = MISTAKES[name]
    row = {column: value for column, value in (STUDENT | changes).items() if value is not ...}
    with pytest.raises(Misconfigured, match="scheme_invalid") as mistake:
        read_rules([row])
    assert told in str(mistake.value)


@pytest.mark.parametrize("rows", [[], None, {}, [7], [STUDENT, STUDENT]])
def test_rules_are_rows_and_no_row_stands_twice(rows: object) -> None:
    with pytest.raises(Misconfigured, match="scheme_invalid"):
        read_rules(rows)


SCHEME = (FOLDER / "2023.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("smallest_province_quota = 1", "", "smallest_province_quota: missing"),
        ("smallest_province_quota = 1", 'smallest_province_quota = "1"', "smallest_province_quota: '1' is not int"),
        ("smallest_province_quota", "smalest_province_quota", "smalest_province_quota: not known"),
        ("effective_from = 2023-02-17", "effective_from = 2023-02-30", "file: "),
        ("most_recipients_per_family = 2", "most_recipients_per_family = 3", "family_places_taken at [2], recipients"),
        ("groups = []", 'groups = ["friends"]', "priority_groups: 'friends' is none of furloughed, laid_off"),
        ("groups = []", 'groups = ["laid_off", "laid_off"]', "priority_groups: 'laid_off' stands there twice"),
        ("women = 500", "men = 500", "reserved_permille: a class is none of disabled, women"),
        ("women = 500", "women = 0.5", "reserved_permille: a share is no whole number from 0 to 1000"),
        ("women = 500", "women = 971", "reserved_permille: shares are over 1000 together"),
        ('comparison = "is"', 'comparison = "was"', "rules[3].comparison: 'was'"),
    ],
)
def test_a_mistake_in_a_scheme_file_is_told_when_it_is_read(old: str, new: str, told: str) -> None:
    with pytest.raises(Misconfigured, match="scheme_invalid") as mistake:
        read_scheme(SCHEME.replace(old, new, 1))
    assert told in str(mistake.value)


def test_every_rule_that_refuses_names_who_can_mend_it() -> None:
    reasons = {rule.reason for scheme in all_schemes() for rule in scheme.rules if rule.reason}
    assert reasons <= REMEDIES.keys()


def test_a_digest_is_of_what_is_decided_and_not_of_how_it_is_written() -> None:
    rewritten = read_scheme("# A comment\n" + SCHEME.replace("\n\n", "\n"))
    assert digest_of(rewritten.rules) == digest_of(scheme_named("2023").rules)
    changed = read_scheme(SCHEME.replace("value = 64", "value = 65"))
    assert digest_of(changed.rules) != digest_of(scheme_named("2023").rules)
    assert len({digest_of(scheme.rules) for scheme in all_schemes()}) == len(all_schemes())


def test_every_fact_is_compared_by_some_comparison() -> None:
    kinds = {bool: Comparison.IS, int: Comparison.AT_LEAST, date: Comparison.OLDER_THAN}
    for name in FactName:
        comparison = kinds[kind_of(name)]
        value = True if comparison is Comparison.IS else 1
        row = {"fact": name, "comparison": comparison, "value": value, "reason": "age"}
        assert read_rules([row])[0].fact is name


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*STUDENT, "priority", "x"]), inner),
    max_leaves=8,
)


@given(json_like)
def test_whatever_stands_there_is_rules_or_a_mistake_that_is_told(rows: object) -> None:
    try:
        assert read_rules(rows)
    except Misconfigured:
        return
