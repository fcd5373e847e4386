"""Decisions can be made again: for any day, by any scheme, and by whatever the interpreter has become since."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.eligibility import CODE_VERSION, Decision, Verdict, decide
from chalicelib.domain.facts import Fact, FactName, Standing, facts_of, kind_of
from chalicelib.domain.identifiers import Index
from chalicelib.domain.receipts import (
    Occasion,
    Setting,
    SignedReceipt,
    canonical,
    draft_receipt,
    facts_in,
    outcome_of,
    read_receipt,
    repeats,
)
from chalicelib.domain.schemes import all_schemes, scheme_named, scheme_on
from chalicelib.domain.verification import Applicant, Check, Outcome, Registry
from tests.builders import a_verified_applicant, an_identity, checks
from tests.fakes import NOON

EARLIER_DAYS = json.loads((Path(__file__).parent / "receipts_of_earlier_days.json").read_text("utf-8"))
SETTING = Setting(Index("0.somebody"), Occasion.JOINING, 3, NOON, 1, "1")
IN_2020, IN_2023 = date(2020, 4, 12), date(2023, 4, 1)

days = st.dates(date(2020, 4, 11), date(2035, 12, 31))
schemes = st.sampled_from(all_schemes())
moments = st.datetimes().map(lambda moment: moment.replace(tzinfo=NOON.tzinfo))
VALUES: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 9),
    date: st.dates(date(1930, 1, 1), date(2030, 1, 1)),
}


def values_of(name: FactName) -> st.SearchStrategy[Fact]:
    known = st.builds(Fact, st.just(name), VALUES[kind_of(name)], st.sampled_from(["DTKS", "ASN"]), moments)
    return known | st.just(Fact(name))


some_facts = st.lists(st.sampled_from(FactName).flatmap(values_of), max_size=20).map(tuple)
all_facts = st.tuples(*map(values_of, FactName))


def decided(applicant: Applicant, scheme: str, on: date) -> Decision:
    return decide(facts_of(applicant, Standing(None, 0, NOON)), scheme_named(scheme), on=on)


# --- Two schemes, one person ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aid", ["social_aid:DTKS", "wage_subsidy:BSU", "micro_business_aid:BPUM"])
def test_who_receives_other_aid_was_refused_in_2020_and_may_take_part_since_2023(aid: str) -> None:
    aided = a_verified_applicant(checks=checks(social=(aid,)))
    then, now = (decided(aided, scheme_on(day).name, day) for day in (IN_2020, IN_2023))
    assert (then.scheme, then.verdict, then.reasons) == ("2020", Verdict.NOT_ELIGIBLE, (aid.partition(":")[0],))
    assert (now.scheme, now.verdict, now.reasons) == ("2023", Verdict.ELIGIBLE, ())


def test_who_was_laid_off_came_first_in_2020_and_is_like_others_since() -> None:
    laid_off = a_verified_applicant(checks=checks(social=("laid_off:KEMNAKER",)))
    assert decided(laid_off, "2020", IN_2020).priorities == ("laid_off",)
    assert decided(laid_off, "2023", IN_2023).priorities == ()
    assert decided(laid_off, "2020", IN_2020).verdict is Verdict.ELIGIBLE


def test_a_list_that_has_yet_to_answer_refuses_nobody_where_it_would_not_matter() -> None:
    waiting = a_verified_applicant(checks={**checks(), Registry.SOCIAL: Check(Outcome.PENDING)})
    in_2020, in_2023 = decided(waiting, "2020", IN_2020), decided(waiting, "2023", IN_2023)
    assert (in_2020.verdict, in_2023.verdict) == (Verdict.NOT_YET_KNOWN, Verdict.ELIGIBLE)
    assert set(in_2020.not_yet_known) - set(in_2023.not_yet_known) == {
        *("social_aid", "wage_subsidy", "micro_business_aid"),
    }
    assert not {"laid_off", "furloughed"} & set(in_2020.not_yet_known)


def test_what_is_known_to_refuse_refuses_while_others_are_silent() -> None:
    student = a_verified_applicant(checks={**checks(education=("student:EMIS",)), Registry.SOCIAL: Check()})
    found = decided(student, "2023", IN_2023)
    assert (found.verdict, found.reasons) == (Verdict.NOT_ELIGIBLE, ("student",))


@pytest.mark.parametrize(("recipient_of", "places", "reasons"), [(None, 1, ()), (None, 2, ("family_limit",))])
def test_our_own_books_count(recipient_of: None, places: int, reasons: tuple[str, ...]) -> None:
    facts = facts_of(a_verified_applicant(), Standing(recipient_of, places, NOON))
    assert decide(facts, scheme_named("2023"), on=IN_2023).reasons == reasons


# --- What always holds ------------------------------------------------------------------------------------------------


@given(some_facts, schemes, days)
def test_nobody_is_refused_for_what_is_not_known(facts: tuple[Fact, ...], scheme: Any, day: date) -> None:
    known = tuple(fact for fact in facts if fact.value is not None)
    assert decide(facts, scheme, on=day).reasons == decide(known, scheme, on=day).reasons
    assert decide((), scheme, on=day).verdict is Verdict.NOT_YET_KNOWN


@given(all_facts, schemes, days)
def test_an_answer_never_makes_more_unknown_and_takes_no_refusal_back(
    facts: tuple[Fact, ...], scheme: Any, day: date
) -> None:
    before = decide(tuple(Fact(fact.name) if fact.name < "f" else fact for fact in facts), scheme, on=day)
    after = decide(facts, scheme, on=day)
    assert set(before.reasons) <= set(after.reasons)
    assert set(after.not_yet_known) <= set(before.not_yet_known)


@given(all_facts, days)
def test_whom_2023_refuses_2020_refused_as_well(facts: tuple[Fact, ...], day: date) -> None:
    """Rules were only lifted."""
    in_2020, in_2023 = (decide(facts, scheme_named(name), on=day) for name in ("2020", "2023"))
    assert set(in_2023.reasons) <= set(in_2020.reasons)


@given(st.permutations(list(FactName)), all_facts, schemes, days)
def test_the_order_of_facts_decides_nothing(order: list[FactName], facts: Any, scheme: Any, day: date) -> None:
    shuffled = sorted(facts, key=lambda fact: order.index(fact.name))
    assert decide(shuffled, scheme, on=day) == decide(facts, scheme, on=day)


@given(some_facts, schemes, days)
def test_what_stands_on_paper_is_decided_again_to_the_letter(facts: tuple[Fact, ...], scheme: Any, day: date) -> None:
    decision = decide(facts, scheme, on=day)
    body = draft_receipt(decision, facts, SETTING)
    read = read_receipt(json.dumps({"receipt": body, "signature": ""}).encode())
    assert facts_in(read.body) == facts
    again = decide(facts_in(read.body), scheme_named(read.body["scheme"]), on=date.fromisoformat(body["decided_on"]))
    assert again == decision
    assert canonical(read.body) == canonical(body)


@pytest.mark.parametrize("earlier", EARLIER_DAYS, ids=lambda body: f"{body['scheme']}-{body['outcome']}")
def test_receipts_of_earlier_days_are_decided_as_they_were(earlier: dict[str, Any]) -> None:
    """Whoever changes what the interpreter makes of the same facts raises ``CODE_VERSION``, and keeps these."""
    scheme, day = scheme_named(earlier["scheme"]), date.fromisoformat(earlier["decided_on"])
    again = outcome_of(decide(facts_in(earlier), scheme, on=day))
    assert {name: earlier[name] for name in again} == again
    assert earlier["code_version"] == CODE_VERSION


# --- When a decision is the same --------------------------------------------------------------------------------------


def receipt(applicant: Applicant, *, after: timedelta = timedelta(), places: int = 0) -> SignedReceipt:
    now = NOON + after
    facts = facts_of(applicant, Standing(None, places, now))
    setting = Setting(Index("0.somebody"), Occasion.JOINING, 3, now, 1, "1")
    return SignedReceipt(draft_receipt(decide(facts, scheme_named("2023"), on=now.date()), facts, setting), "")


def test_the_same_facts_at_another_moment_are_the_same_decision() -> None:
    first = receipt(a_verified_applicant())
    assert repeats(first, receipt(a_verified_applicant(), after=timedelta(days=2)).body)
    assert repeats(first, {**first.body, "number": 9, "signed_by": "2"})


def test_other_facts_are_another_decision_though_it_comes_out_alike() -> None:
    first, minute = receipt(a_verified_applicant()), timedelta(minutes=1)
    others = [
        receipt(a_verified_applicant(), places=1),
        receipt(a_verified_applicant(identity=an_identity(birth_date=date(1995, 3, 13)))),
        receipt(a_verified_applicant(declared_at=NOON + minute)),
    ]
    assert not [other for other in others if repeats(first, other.body)]
