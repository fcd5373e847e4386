"""Surveys: questions are data, and each is filled once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from chalicelib.domain.errors import Conflict, InvalidInput, NotFound
from chalicelib.domain.identifiers import ApplicantId

_FOLDER = Path(__file__).parent / "survey_files"
MOST_TEXT = 2_000
_CLOCKS_DIFFER = timedelta(days=1)
_WRITTEN = frozenset("\n\t")

Answer = str | int
Words = Mapping[str, str]
"""By language: ``id`` and ``en``."""


class QuestionKind(StrEnum):
    CHOICE = "choice"
    SCALE = "scale"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """``options``: of a choice, by code. ``least`` and ``most``: of a scale or number; ``most`` letters of a text."""

    id: str
    kind: QuestionKind
    words: Words
    required: bool = True
    options: Mapping[str, Words] = field(default_factory=dict)
    least: int = 0
    most: int = MOST_TEXT


@dataclass(frozen=True, slots=True)
class Survey:
    """One file of ``domain/survey_files``. It opens some days after the certificate."""

    scheme: str
    number: int
    title: Words
    opens_after: timedelta
    questions: tuple[Question, ...]

    def opens_at(self, certified_at: datetime) -> datetime:
        return certified_at + self.opens_after


@dataclass(frozen=True, slots=True)
class FilledSurvey:
    """``answers`` are the person's own words: sealed wherever they are kept."""

    applicant_id: ApplicantId
    scheme: str
    number: int
    answers: Mapping[str, Answer] = field(repr=False)
    filled_at: datetime


@cache
def surveys_of(scheme: str) -> tuple[Survey, ...]:
    """By number."""
    from chalicelib.domain.survey_rows import read_survey

    files = sorted(_FOLDER.glob(f"{scheme}-*.toml"))
    return tuple(sorted((read_survey(file.read_text("utf-8")) for file in files), key=lambda survey: survey.number))


def survey_numbered(scheme: str, number: int) -> Survey:
    for survey in surveys_of(scheme):
        if survey.number == number:
            return survey
    known = ", ".join(str(each.number) for each in surveys_of(scheme))
    raise NotFound("survey_unknown", field="number", known=known)


def may_be_filled(scheme: str, certified_at: datetime | None, *, now: datetime) -> bool:
    """Whether any survey of the scheme is open, or was; to be asked by a clock that may be an hour behind another."""
    by = now + _CLOCKS_DIFFER
    return certified_at is not None and any(each.opens_at(certified_at) <= by for each in surveys_of(scheme))


def check_is_open(survey: Survey, certified_at: datetime | None, *, now: datetime) -> None:
    if certified_at is None or now < survey.opens_at(certified_at):
        raise Conflict("survey_not_open", field="number", days=survey.opens_after.days)


def check_answers(survey: Survey, given: Mapping[str, object]) -> Mapping[str, Answer]:
    """What is kept, in the order of the questions; ``InvalidInput`` names the first question that is answered wrongly.
    What is left empty is no answer."""
    known = {question.id for question in survey.questions}
    for name in given:
        if name not in known:
            raise InvalidInput("question_unknown", field="answers", known=", ".join(q.id for q in survey.questions))
    checked = ((question.id, _checked(question, given.get(question.id))) for question in survey.questions)
    return {name: answer for name, answer in checked if answer is not None}


def _checked(question: Question, given: object) -> Answer | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        if question.required:
            raise InvalidInput("answer_missing", field=_named(question))
        return None
    if question.kind is QuestionKind.CHOICE:
        return _choice(question, given)
    if question.kind is QuestionKind.TEXT:
        return _text(question, given)
    return _whole_number(question, given)


def _choice(question: Question, given: object) -> str:
    if not isinstance(given, str) or given not in question.options:
        raise InvalidInput("answer_no_choice", field=_named(question), known=", ".join(question.options))
    return given


def _whole_number(question: Question, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not question.least <= given <= question.most:
        raise InvalidInput("answer_out_of_range", field=_named(question), least=question.least, most=question.most)
    return given


def _text(question: Question, given: object) -> str:
    written = given.strip().replace("\r\n", "\n") if isinstance(given, str) else ""
    if not written or not all(letter.isprintable() or letter in _WRITTEN for letter in written):
        raise InvalidInput("answer_not_text", field=_named(question))
    if len(written) > question.most:
        raise InvalidInput("answer_too_long", field=_named(question), most=question.most)
    return written


def _named(question: Question) -> str:
    """As the field stands in the body."""
    return f"answers.{question.id}"
