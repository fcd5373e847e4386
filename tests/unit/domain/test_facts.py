"""Facts: each with who says so and as of when, or not yet known."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.facts import Fact, FactName, Standing, facts_of
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.verification import Applicant, Check, IdentityState, Outcome, Registry
from tests.builders import a_verified_applicant, an_applicant, an_identity, checks, passed
from tests.fakes import NOON

ON_LISTS = [
    *("student", "social_aid", "wage_subsidy", "micro_business_aid", "excluded_profession", "blocklist"),
    *("laid_off", "furloughed"),
]


def facts(applicant: Applicant, name: str, standing: Standing | None = None) -> list[Fact]:
    return [each for each in facts_of(applicant, standing) if each.name == name]


def one(applicant: Applicant, name: str) -> tuple[Any, str | None, Any]:
    (fact,) = facts(applicant, name)
    return fact.value, fact.source, fact.as_of


def test_of_somebody_new_nothing_is_known() -> None:
    found = facts_of(an_applicant())
    assert {fact.name for fact in found} == set(FactName)
    assert {(fact.value, fact.source, fact.as_of) for fact in found} == {(None, None, None)}


def test_a_birth_date_counts_once_the_population_registry_has_matched_it() -> None:
    stated = an_applicant(identity=an_identity(), state=IdentityState.CHECKING)
    assert one(stated, "birth_date") == (None, None, None)
    for outcome in (Outcome.FAILED, Outcome.REVIEW):
        doubted = an_applicant(identity=an_identity(), checks={Registry.POPULATION: Check(outcome, (), NOON)})
        assert one(doubted, "birth_date") == (None, None, None)
    assert one(a_verified_applicant(), "birth_date") == (date(1995, 3, 12), "DUKCAPIL", NOON)


@pytest.mark.parametrize("name", ON_LISTS)
def test_who_stands_on_a_list_does_so_by_its_source_and_time(name: str) -> None:
    listed = a_verified_applicant(checks=checks(social=(f"{name}:REGISTER",)))
    assert one(listed, name) == (True, "REGISTER", NOON)


def asked_for(name: str) -> Registry:
    """Who has to have answered: what no ministry has a register for comes as lists."""
    if name == "student":
        return Registry.EDUCATION
    return Registry.SOCIAL if name in ("social_aid", "wage_subsidy", "micro_business_aid") else Registry.LISTS


@pytest.mark.parametrize("name", ON_LISTS)
def test_who_stands_on_none_is_said_so_by_the_registry_that_was_asked(name: str) -> None:
    assert one(a_verified_applicant(), name) == (False, asked_for(name).name, NOON)


@pytest.mark.parametrize("name", ON_LISTS)
@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.REVIEW])
def test_while_a_registry_has_not_answered_nothing_is_known(name: str, outcome: Outcome) -> None:
    waiting = a_verified_applicant(checks={**checks(), asked_for(name): Check(outcome)})
    assert one(waiting, name) == (None, None, None)


def test_what_one_source_says_is_known_though_another_is_silent() -> None:
    waiting = a_verified_applicant(checks={Registry.LISTS: Check(), Registry.EDUCATION: passed("blocklist:BPK")})
    assert one(waiting, "blocklist") == (True, "BPK", NOON)


def test_several_sources_are_told_each() -> None:
    aided = a_verified_applicant(checks=checks(social=("social_aid:DTKS", "social_aid:PKH")))
    assert [fact.source for fact in facts(aided, "social_aid")] == ["DTKS", "PKH"]


def test_citizenship_is_declared_unless_a_list_says_otherwise() -> None:
    assert one(a_verified_applicant(), "citizen") == (True, "DECLARATION", NOON)
    assert one(a_verified_applicant(declared_at=None), "citizen") == (None, None, None)
    foreign = a_verified_applicant(checks=checks(social=("foreign_citizen:IMIGRASI",)))
    assert one(foreign, "citizen") == (False, "IMIGRASI", NOON)


@pytest.mark.parametrize(
    ("recipient_of", "places", "told"),
    [(None, 0, [False, 0]), (WaveNumber(1), 2, [True, 2]), (None, None, [False, None])],
)
def test_our_own_books_are_read_at_a_moment(recipient_of: WaveNumber | None, places: int | None, told: object) -> None:
    now = NOON + timedelta(days=1)
    standing = Standing(recipient_of, places, now)
    names = ("earlier_recipient", "family_places_taken")
    found = [fact for name in names for fact in facts(a_verified_applicant(), name, standing)]
    assert [fact.value for fact in found] == told
    assert {fact.as_of for fact in found if fact.value is not None} == {now}


def test_no_fact_says_who_somebody_is() -> None:
    identity = an_identity()
    told = repr(facts_of(a_verified_applicant(identity=identity)))
    for personal in (identity.nik, identity.family_card_no, identity.full_name, identity.mother_name, identity.phone):
        assert personal not in told
