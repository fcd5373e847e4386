"""Questions are data, answers are checked by their kind, and a wrong file is named."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, InvalidInput, Misconfigured, NotFound
from chalicelib.domain.schemes import all_schemes
from chalicelib.domain.survey_rows import read_survey
from chalicelib.domain.surveys import check_answers, check_is_open, survey_numbered, surveys_of
from tests.fakes import NOON

FILE = """
scheme = "2023"
number = 1
title = { id = "Survei", en = "Survey" }
opens_after_days = 3

[[questions]]
id = "work"
kind = "choice"
words = { id = "Kerja?", en = "Work?" }
options = { yes = { id = "Ya", en = "Yes" }, no = { id = "Tidak", en = "No" } }

[[questions]]
id = "useful"
kind = "scale"
words = { id = "Berguna?", en = "Useful?" }
least = 1
most = 5

[[questions]]
id = "hours"
kind = "number"
words = { id = "Jam?", en = "Hours?" }
least = 0
most = 112

[[questions]]
id = "remarks"
kind = "text"
words = { id = "Saran?", en = "Advice?" }
required = false
most = 20
"""
SURVEY = read_survey(FILE)
GIVEN: dict[str, Any] = {"work": "yes", "useful": 5, "hours": 40}


def test_right_answers_are_kept_in_the_order_of_the_questions() -> None:
    assert list(check_answers(SURVEY, {"hours": 0, "useful": 1, "work": "no"}).items()) == [
        ("work", "no"),
        ("useful", 1),
        ("hours", 0),
    ]
    assert check_answers(SURVEY, {**GIVEN, "remarks": "  Bagus\r\nsekali "})["remarks"] == "Bagus\nsekali"


@pytest.mark.parametrize("empty", [None, "", "   "])
def test_what_is_left_empty_is_no_answer(empty: str | None) -> None:
    assert check_answers(SURVEY, {**GIVEN, "remarks": empty}) == GIVEN
    with pytest.raises(InvalidInput, match="answer_missing") as refusal:
        check_answers(SURVEY, {**GIVEN, "work": empty})
    assert refusal.value.field == "answers.work"


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("work", "maybe", "answer_no_choice"),
        ("work", 1, "answer_no_choice"),
        ("work", ["yes"], "answer_no_choice"),
        ("work", {"yes": 1}, "answer_no_choice"),
        ("useful", 0, "answer_out_of_range"),
        ("useful", 6, "answer_out_of_range"),
        ("useful", "5", "answer_out_of_range"),
        ("useful", 2.5, "answer_out_of_range"),
        ("useful", True, "answer_out_of_range"),
        ("useful", [5], "answer_out_of_range"),
        ("hours", -1, "answer_out_of_range"),
        ("hours", 113, "answer_out_of_range"),
        ("hours", 10**30, "answer_out_of_range"),
        ("remarks", 5, "answer_not_text"),
        ("remarks", ["a"], "answer_not_text"),
        ("remarks", "a\x00b", "answer_not_text"),
        ("remarks", "a\u202eb", "answer_not_text"),
        ("remarks", "a" * 21, "answer_too_long"),
    ],
)
def test_a_wrong_answer_is_named_with_what_is_expected(question: str, answer: object, code: str) -> None:
    with pytest.raises(InvalidInput, match=code) as refusal:
        check_answers(SURVEY, {**GIVEN, question: answer})
    assert refusal.value.field == f"answers.{question}"


def test_what_is_not_asked_is_not_answered() -> None:
    with pytest.raises(InvalidInput, match="question_unknown"):
        check_answers(SURVEY, {**GIVEN, "nik": "3174054505950001"})


def test_a_survey_opens_days_after_the_certificate() -> None:
    check_is_open(SURVEY, NOON, now=NOON + timedelta(days=3))
    for certified_at, now in ((NOON, NOON + timedelta(days=2, hours=23)), (None, NOON)):
        with pytest.raises(Conflict, match="survey_not_open") as refusal:
            check_is_open(SURVEY, certified_at, now=now)
        assert refusal.value.details == {"days": 3}


def test_an_unknown_number_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(NotFound, match="survey_unknown") as refusal:
        survey_numbered("2023", 3)
    assert refusal.value.details == {"known": "1, 2"}


def test_every_file_is_its_schemes_and_its_numbers() -> None:
    for scheme in all_schemes():
        for number, survey in enumerate(surveys_of(scheme.name), start=1):
            assert (survey.scheme, survey.number) == (scheme.name, number)


@pytest.mark.parametrize(
    ("text", "other", "flaw"),
    [
        ("number = 1", "number = 0", "number is 1 or more"),
        ("number = 1", 'number = "1"', "number"),
        ("opens_after_days = 3", "", "opens_after_days: missing"),
        ("opens_after_days = 3", "opens_after_days = 3\nprice = 1", "price: not known"),
        ("opens_after_days = 3", "opens_after_days = -1", "opens_after_days"),
        ('id = "work"', 'id = "Work!"', "an id is made of"),
        ('id = "useful"', 'id = "work"', "each with an id of its own"),
        ('kind = "scale"', 'kind = "slider"', "kind is one of"),
        ("most = 5", "most = 11", "0 <= least < most <= 10"),
        ("most = 112", "most = 0", "0 <= least < most"),
        ("least = 0\n", "", "least is missing"),
        ("most = 20", "most = 20\nleast = 1", "least is not known"),
        ('en = "Work?"', 'de = "Arbeit?"', "words in id and en"),
        ('en = "Yes"', 'en = " "', "work.yes: words in id and en"),
        (', no = { id = "Tidak", en = "No" }', "", "2 to 20 options"),
        ("yes = {", "Y = {", "is no code"),
        ("scheme =", "scheme", "file"),
    ],
)
def test_a_wrong_file_is_named(text: str, other: str, flaw: str) -> None:
    assert text in FILE
    with pytest.raises(Misconfigured, match="survey_invalid") as mistake:
        read_survey(FILE.replace(text, other, 1))
    assert flaw in str(mistake.value.field)
