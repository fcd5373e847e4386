"""Fill a survey, once."""

from collections.abc import Mapping

from chalicelib.domain.entitlements import certified_at
from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.surveys import FilledSurvey, check_answers, check_is_open, survey_numbered
from chalicelib.ports import Clock, Memberships, Purchases, Surveys


def fill_survey(
    applicant_id: ApplicantId,
    number: int,
    answers: Mapping[str, object],
    *,
    memberships: Memberships,
    purchases: Purchases,
    surveys: Surveys,
    clock: Clock,
) -> None:
    """The stream of the stored answers has the incentive prepared. The same answers again are no second survey and no
    mistake; others are ``AlreadyDone``: what was told stands."""
    membership = memberships.get(applicant_id)
    if membership is None:
        raise NotFound("not_a_recipient")
    survey, now = survey_numbered(membership.scheme, number), clock.now()
    check_is_open(survey, certified_at(purchases.of_applicant(applicant_id)), now=now)
    checked = check_answers(survey, answers)
    try:
        surveys.add(FilledSurvey(applicant_id, survey.scheme, survey.number, checked, now))
    except AlreadyDone:
        told = surveys.get(applicant_id, number)
        if told is None or dict(told.answers) != dict(checked):
            raise AlreadyDone("survey_already_filled", field="number") from None
