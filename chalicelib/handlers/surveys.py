"""Doors of surveys: which there are for me, and my answers."""

from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.mail import Language
from chalicelib.domain.surveys import Question, QuestionKind
from chalicelib.domain.time import wib_date
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import PAGE, Access, Body, Caller, Html
from chalicelib.handlers.replies import replies
from chalicelib.settings import stream_arn
from chalicelib.use_cases.surveys.fill_survey import fill_survey
from chalicelib.use_cases.surveys.follow_survey import follow_survey
from chalicelib.use_cases.surveys.list_surveys import OwnSurvey, list_surveys

blueprint = Blueprint(__name__)

_PAGE_FILE = Path(__file__).parents[1] / "web" / "static" / "surveys.html"


class SurveyState(StrEnum):
    LATER = "later"
    OPEN = "open"
    FILLED = "filled"


class OptionReply(Body):
    code: str
    text: str


class QuestionReply(Body):
    """``least`` and ``most`` bound a scale or a number; of a text, ``most`` is its length."""

    id: str
    kind: QuestionKind
    text: str
    required: bool
    options: list[OptionReply]
    least: int
    most: int


class SurveyReply(Body):
    number: int
    title: str
    state: SurveyState
    amount_rupiah: int
    opens_on: date | None = Field(description="Null while no training of yours is certified.")
    filled_at: datetime | None
    questions: list[QuestionReply] = Field(description="Of an open one.")


class SurveyList(Body):
    surveys: list[SurveyReply]


class SurveyAnswers(Body):
    answers: dict[str, Any] = Field(
        max_length=100, description="By question: an option's code, a whole number, or a text, as its kind says."
    )


@blueprint.route("/v1/me/surveys", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT)
def show_surveys(caller: Caller, language: Language) -> SurveyList:
    """Your surveys: what each pays, since when it is open, and its questions."""
    own = list_surveys(
        caller.applicant_id,
        memberships=bootstrap.memberships(),
        purchases=bootstrap.purchases(),
        surveys=bootstrap.surveys(),
    )
    now = bootstrap.clock().now()
    return SurveyList(surveys=[_told(each, _state(each, now), language) for each in own])


@blueprint.route("/v1/me/surveys/{number}", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def put_survey(caller: Caller, number: int, body: SurveyAnswers) -> None:
    """Fill a survey, once. The same answers may be sent again; others are refused then."""
    fill_survey(
        caller.applicant_id,
        number,
        body.answers,
        memberships=bootstrap.memberships(),
        purchases=bootstrap.purchases(),
        surveys=bootstrap.surveys(),
        clock=bootstrap.clock(),
    )


@blueprint.route("/surveys", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_surveys_page() -> Html:
    """Where surveys are filled."""
    return Html(_PAGE_FILE.read_text("utf-8"))


@blueprint.on_dynamodb_record(stream_arn=stream_arn("surveys"), batch_size=100)
@each_change
def follow_surveys(change: Change) -> None:
    follow_survey(change, messages=bootstrap.messages())


def _state(own: OwnSurvey, now: datetime) -> SurveyState:
    if own.filled_at:
        return SurveyState.FILLED
    return SurveyState.OPEN if own.opens_at and own.opens_at <= now else SurveyState.LATER


def _told(own: OwnSurvey, state: SurveyState, language: Language) -> SurveyReply:
    survey = own.survey
    return SurveyReply(
        number=survey.number,
        title=survey.title[language],
        state=state,
        amount_rupiah=int(own.incentive.amount) if own.incentive else 0,
        opens_on=wib_date(own.opens_at) if own.opens_at else None,
        filled_at=own.filled_at,
        questions=[_question(each, language) for each in survey.questions] if state is SurveyState.OPEN else [],
    )


def _question(question: Question, language: Language) -> QuestionReply:
    return QuestionReply(
        id=question.id,
        kind=question.kind,
        text=question.words[language],
        required=question.required,
        options=[OptionReply(code=code, text=words[language]) for code, words in question.options.items()],
        least=question.least,
        most=question.most,
    )
