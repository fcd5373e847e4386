"""What the synthetic country promises to all who draw people from it."""

import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.nik import check_nik_against, parse_family_card_no, parse_nik
from chalicelib.domain.provinces import PROVINCES
from infra.local.country import Application, Country, Mistake, Particulars, Person, PopulationStatus, Rates
from infra.local.country_names import EXCLUDED_OCCUPATIONS, FOLDING_MAIL_DOMAIN, Numbering

AS_OF = date(2026, 1, 1)
COUNTRY = Country(2026, 20_000, as_of=AS_OF)
NUMBERING = Numbering(random.Random(1).random)
NO_MISTAKES = replace(Rates(), **{mistake.value: 0 for mistake in Mistake})
PRINT_PEOPLE = "from infra.local.country import Country; print(*Country(5, 300).people(), sep='\\n')"


@cache
def people() -> list[Person]:
    return list(COUNTRY.people())


@cache
def families() -> list[list[Person]]:
    return [list(members) for _, members in groupby(people(), key=lambda person: person.family_card_no)]


def age(person: Particulars) -> int:
    had_birthday = (person.birth_date.month, person.birth_date.day) <= (AS_OF.month, AS_OF.day)
    return AS_OF.year - person.birth_date.year - (not had_birthday)


def country_of(mistake: Mistake, population: int = 400) -> Country:
    return Country(11, population, replace(NO_MISTAKES, **{mistake.value: 1}))


def pairs(mistake: Mistake) -> list[tuple[Person, Application]]:
    """The truth and the application of everybody, where everybody makes this mistake."""
    country = country_of(mistake)
    return [(person, country.application(person.index)) for person in country.people()]


def changed(person: Person, application: Application) -> set[str]:
    names = (field.name for field in fields(Particulars))
    return {name for name in names if getattr(person, name) != getattr(application, name)}


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


# --- Who is the same ------------------------------------------------------------------------------------------


def people_in_another_process(hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", PRINT_PEOPLE]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_same_seed_gives_the_same_people_in_another_process() -> None:
    here = "".join(f"{person}\n" for person in Country(5, 300).people())
    assert people_in_another_process("1") == people_in_another_process("2") == here


def test_these_people_stay_who_they_are() -> None:
    """Recorded: whoever changes the drawing of people changes everybody's demo, seeds and samples."""
    person = Country(1, 10).person(7)
    assert (person.nik, person.full_name) == ("1502220609833258", "Ahmad Setiawan Saputra")


def test_another_seed_gives_other_people() -> None:
    ours, theirs = ({person.nik for person in Country(seed, 500).people()} for seed in (1, 2))
    assert len(ours & theirs) < 5


def test_a_person_is_the_same_alone_or_in_order() -> None:
    assert [person.index for person in people()] == list(range(len(COUNTRY)))
    for index in random.Random(3).sample(range(len(COUNTRY)), 300):
        assert COUNTRY.person(index) == people()[index]


def test_a_larger_country_begins_with_the_people_of_a_smaller_one() -> None:
    assert list(Country(2026, 7_003).people()) == people()[:7_003]


def test_a_fact_made_rarer_changes_nobody_else() -> None:
    cleared = Country(2026, 500, Rates(blocklisted=0, other_aid=0)).people()
    assert [replace(person, blocklisted=False, other_aid=()) for person in people()[:500]] == list(cleared)


@pytest.mark.parametrize("index", [-1, 20_000])
def test_nobody_lives_outside_the_population(index: int) -> None:
    with pytest.raises(IndexError):
        COUNTRY.person(index)


def test_an_empty_country_has_no_people() -> None:
    assert list(Country(1, 0).people()) == []


def test_a_country_larger_than_its_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="holds"):
        Country(1, Numbering.CAPACITY + 1)


# --- Numbers --------------------------------------------------------------------------------------------------


def test_every_nik_is_well_formed_and_unique() -> None:
    for person in people():
        _, facts = parse_nik(person.nik)
        check_nik_against(facts, birth_date=person.birth_date, is_woman=person.sex == "female")
    assert len({person.nik for person in people()}) == len(people())


@given(st.integers(0, Numbering.CAPACITY - 1))
def test_no_two_numbers_share_serial_and_birthday(number: int) -> None:
    """A number that can be had back from its serial and birthday is the only one that has them."""
    assert NUMBERING.number(*NUMBERING.place(number)) == number


def test_women_have_forty_added_to_the_day() -> None:
    for person in people():
        assert int(person.nik[6:8]) - person.birth_date.day == {"female": 40, "male": 0}[person.sex]


def test_a_nik_finds_its_holder() -> None:
    assert all(COUNTRY.by_nik(person.nik) == person for person in people()[::40])


@pytest.mark.parametrize("nik", ["", "x" * 16, "0" * 16, "9" * 16, "3174014001900001", "3174013002900001"])
def test_a_nik_that_nobody_holds_finds_nobody(nik: str) -> None:
    assert COUNTRY.by_nik(nik) is None


def test_a_nik_of_another_district_or_year_finds_nobody() -> None:
    for nik in (person.nik for person in people()[:200]):
        assert COUNTRY.by_nik(f"{'12' if nik[:2] != '12' else '13'}{nik[2:]}") is None
        assert COUNTRY.by_nik(f"{nik[:10]}{(int(nik[10:12]) + 4) % 100:02}{nik[12:]}") is None


def test_a_nik_of_somebody_beyond_the_population_finds_nobody() -> None:
    assert Country(2026, 100).by_nik(people()[100].nik) is None


def test_everybody_has_a_mail_box_and_a_phone_of_their_own() -> None:
    folded = {person.email.partition("@")[0].replace(".", "") for person in people()}
    assert len(folded) == len({person.phone for person in people()}) == len(people())
    assert all(person.email.endswith(".example") and person.phone.startswith("+628") for person in people())


# --- Places ---------------------------------------------------------------------------------------------------


def test_provinces_follow_the_labour_force() -> None:
    homes = Counter(family[0].province_code for family in families())
    whole = sum(province.labour_force for province in PROVINCES.values())
    for code, province in PROVINCES.items():
        share = province.labour_force / whole
        assert abs(homes[code] / len(families()) - share) < 4 * (share * (1 - share) / len(families())) ** 0.5


def test_movers_keep_their_nik() -> None:
    moved = [person for person in people() if person.nik[:2] != person.province_code and person.province_code < "90"]
    assert 0.05 < len(moved) / len(people()) < 0.09
    assert {person.province_code for person in people()} == set(PROVINCES)


def test_where_nobody_moved_the_nik_names_the_regency() -> None:
    settled = Country(3, 3_000, Rates(moved=0)).people()
    assert all(person.nik[:4] == person.regency_code for person in settled if person.province_code < "91")


def test_people_of_papuas_new_provinces_hold_codes_from_before_the_split() -> None:
    settled = [person for person in Country(3, 20_000, Rates(moved=0)).people() if person.province_code > "92"]
    codes = {(person.province_code, person.nik[:2]) for person in settled}
    assert codes == {("93", "91"), ("94", "91"), ("95", "91"), ("96", "92")}
    assert {person.nik[:4] for person in settled if person.regency_name == "Kabupaten Merauke"} == {"9101"}


# --- Families -------------------------------------------------------------------------------------------------


def test_a_family_shares_one_family_card() -> None:
    assert len(families()) == len({person.family_card_no for person in people()})
    for family in families():
        parse_family_card_no(family[0].family_card_no)
        assert len({(person.street, person.rt, person.rw, person.regency_code) for person in family}) == 1


def test_families_have_one_to_five_applicants_and_some_three_adults() -> None:
    assert {len(family) for family in families()} == {1, 2, 3, 4, 5}
    many_adults = [family for family in families() if sum(18 <= age(person) <= 64 for person in family) >= 3]
    assert len(many_adults) / len(families()) > 0.2


def test_children_are_the_wifes_and_siblings_share_a_mother() -> None:
    for family in (family for family in families() if len(family) > 2):
        wife = next((person for person in family[:2] if person.sex == "female"), family[0])
        couple = family[0].sex != family[1].sex
        assert {person.mother_name for person in family[2:]} == {wife.full_name if couple else wife.mother_name}


def test_parents_are_a_generation_older_than_their_children() -> None:
    couples = [family for family in families() if len(family) > 2 and family[0].sex != family[1].sex]
    assert min(min(map(age, family[:2])) - max(map(age, family[2:])) for family in couples) >= 18


def test_ages_run_from_sixteen_to_seventy() -> None:
    ages = [age(person) for person in people()]
    assert (min(ages), max(ages)) == (16, 70)
    assert max(Counter(ages).values()) / len(ages) < 0.07


def test_some_names_are_a_single_word_and_none_is_too_short_for_a_typo() -> None:
    assert 0.02 < sum(" " not in person.full_name for person in people()) / len(people()) < 0.2
    assert min(len(person.full_name) for person in people()) >= 6


# --- Shares ---------------------------------------------------------------------------------------------------

FACTS = {
    "women": lambda person: person.sex == "female",
    "disabled": lambda person: person.disabled,
    "outside_age": lambda person: not 18 <= age(person) <= 64,
    "deceased": lambda person: person.life is PopulationStatus.DECEASED,
    "duplicate": lambda person: person.life is PopulationStatus.DUPLICATE,
    "inactive": lambda person: person.life is PopulationStatus.INACTIVE,
    "student": lambda person: person.student is not None,
    "other_aid": lambda person: bool(person.other_aid),
    "blocklisted": lambda person: person.blocklisted,
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_share_comes_out_as_its_rate_says(fact: str) -> None:
    share = getattr(Rates(), fact)
    counted = sum(map(FACTS[fact], people())) / len(people())
    assert abs(counted - share) < 5 * (share * (1 - share) / len(people())) ** 0.5


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("share", [0, 1])
def test_a_share_may_be_nobody_or_everybody(fact: str, share: int) -> None:
    others = dict.fromkeys(("deceased", "duplicate", "inactive"), 0.0)
    country = Country(4, 200, replace(Rates(), **{**others, fact: share}), as_of=AS_OF)
    assert set(map(FACTS[fact], country.people())) == {bool(share)}


def test_only_adults_have_an_excluded_profession_and_their_card_names_it() -> None:
    excluded = [person for person in people() if person.excluded_profession]
    assert {person.excluded_profession for person in excluded} == set(EXCLUDED_OCCUPATIONS)
    assert all(person.occupation == EXCLUDED_OCCUPATIONS[person.excluded_profession or ""] for person in excluded)
    assert min(map(age, excluded)) >= 18
    assert 0.025 < len(excluded) / len(people()) < 0.035


def test_pupils_stand_in_a_school_register_and_older_students_in_another() -> None:
    registers = {(age(person) > 18, person.student) for person in people() if person.student}
    assert registers == {(False, "DAPODIK"), (False, "EMIS"), (True, "PDDIKTI"), (True, "EMIS")}


@pytest.mark.parametrize("shares", [{"women": 1.1}, {"student": -0.1}, {"deceased": 1}, {"wrong_name": 0.99}])
def test_shares_that_cannot_be_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Rates(**shares)


# --- Applications ---------------------------------------------------------------------------------------------


def test_who_makes_no_mistake_states_the_truth() -> None:
    country = Country(11, 400, NO_MISTAKES)
    for person in country.people():
        application = country.application(person.index)
        assert (application.mistake, changed(person, application)) == (None, set())


def test_mistakes_come_out_as_their_rates_say() -> None:
    counted = Counter(COUNTRY.application(index).mistake for index in range(12_000))
    shares = {mistake: getattr(Rates(), mistake.value) for mistake in Mistake}
    for kind, share in (shares | {None: 1 - sum(shares.values())}).items():
        assert abs(counted[kind] / 12_000 - share) < 4 * (share * (1 - share) / 12_000) ** 0.5


@pytest.mark.parametrize("mistake", Mistake)
def test_a_mistake_is_the_same_each_time_it_is_asked_for(mistake: Mistake) -> None:
    assert [application for _, application in pairs(mistake)] == [application for _, application in pairs(mistake)]


ONE_FIELD = {
    Mistake.NIK_TYPO: "nik",
    Mistake.MALFORMED_NIK: "nik",
    Mistake.NAME_TYPO: "full_name",
    Mistake.WRONG_NAME: "full_name",
    Mistake.WRONG_BIRTH_DATE: "birth_date",
    Mistake.WRONG_MOTHER_NAME: "mother_name",
    Mistake.EMAIL_DOT_VARIANT: "email",
}


@pytest.mark.parametrize("mistake", ONE_FIELD)
def test_a_mistake_changes_one_field(mistake: Mistake) -> None:
    for person, application in pairs(mistake):
        assert (application.mistake, changed(person, application)) == (mistake, {ONE_FIELD[mistake]})


def test_a_nik_typo_looks_right_but_nobody_holds_it() -> None:
    country = country_of(Mistake.NIK_TYPO)
    for _, application in pairs(Mistake.NIK_TYPO):
        _, facts = parse_nik(application.nik)
        check_nik_against(facts, birth_date=application.birth_date, is_woman=application.sex == "female")
        assert country.by_nik(application.nik) is None


def test_a_malformed_nik_is_refused_by_its_form() -> None:
    for _, application in pairs(Mistake.MALFORMED_NIK):
        with pytest.raises(InvalidInput):
            parse_nik(application.nik)


def test_a_name_typo_still_scores_ninety_and_a_wrong_name_does_not() -> None:
    assert min(alike(person.full_name, typed.full_name) for person, typed in pairs(Mistake.NAME_TYPO)) >= 0.9
    assert max(alike(person.full_name, typed.full_name) for person, typed in pairs(Mistake.WRONG_NAME)) < 0.9


def test_a_duplicate_takes_anothers_identity_but_keeps_its_own_mail_box_and_phone() -> None:
    country = country_of(Mistake.DUPLICATE_OF_OTHER)
    for person, application in pairs(Mistake.DUPLICATE_OF_OTHER):
        other = country.by_nik(application.nik)
        assert other is not None
        assert other.index == application.copied_from != person.index
        assert changed(other, application) == {"index", "email", "phone"}
        assert (application.email, application.phone) == (person.email, person.phone)


def test_a_dot_variant_reaches_the_mail_box_of_another() -> None:
    country = country_of(Mistake.EMAIL_DOT_VARIANT)
    for person, application in pairs(Mistake.EMAIL_DOT_VARIANT):
        other = country.person(application.copied_from or 0)
        assert other.index == application.copied_from != person.index
        assert application.email != other.email
        assert application.email.replace(".", "") == other.email.replace(".", "")
        assert application.email.endswith(f"@{FOLDING_MAIL_DOMAIN}")


def test_who_lives_alone_in_a_country_copies_nobody() -> None:
    assert country_of(Mistake.DUPLICATE_OF_OTHER, population=1).application(0).mistake is None
