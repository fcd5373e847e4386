"""Surveys: filled once, sealed."""

import pytest

from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.surveys import FilledSurvey
from chalicelib.ports import Surveys
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

ANSWERS: dict[str, str | int] = {"useful": 5, "remarks": "Bagus sekali.\nTerima kasih."}


def filled(person: int, number: int = 1, **answers: str | int) -> FilledSurvey:
    return FilledSurvey(an_applicant_id(person), "2023", number, ANSWERS | answers, NOON)


def test_answers_come_back_as_they_were_given(surveys: Surveys) -> None:
    mine = filled(fresh())
    surveys.add(mine)
    assert surveys.get(mine.applicant_id, 1) == mine
    assert surveys.get(mine.applicant_id, 2) is None


def test_a_survey_is_filled_once(surveys: Surveys) -> None:
    person = fresh()
    surveys.add(filled(person))
    with pytest.raises(AlreadyDone):
        surveys.add(filled(person, useful=1))
    assert surveys.get(an_applicant_id(person), 1) == filled(person)


def test_when_each_was_filled_is_told_by_its_number(surveys: Surveys) -> None:
    person, stranger = fresh(), fresh()
    assert surveys.filled(an_applicant_id(person)) == {}
    for number in (2, 1):
        surveys.add(filled(person, number))
    surveys.add(filled(stranger, 3))
    assert surveys.filled(an_applicant_id(person)) == {1: NOON, 2: NOON}


def test_a_lost_reply_is_no_second_survey(stores: Stores) -> None:
    mine = filled(fresh())
    with stores.one_reply_lost():
        stores.surveys.add(mine)
    assert stores.surveys.get(mine.applicant_id, 1) == mine
