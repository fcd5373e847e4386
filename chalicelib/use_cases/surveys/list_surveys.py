"""One's own surveys: which there are, since when each is open, and when it was filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.entitlements import certified_at
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.incentives import SURVEY, Incentive
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.surveys import Survey, surveys_of
from chalicelib.ports import Memberships, Purchases, Surveys


@dataclass(frozen=True, slots=True)
class OwnSurvey:
    survey: Survey
    incentive: Incentive | None
    opens_at: datetime | None
    """None while no training is certified."""
    filled_at: datetime | None


def list_surveys(
    applicant_id: ApplicantId, *, memberships: Memberships, purchases: Purchases, surveys: Surveys
) -> Sequence[OwnSurvey]:
    """``NotFound`` for whoever is no recipient."""
    membership = memberships.get(applicant_id)
    if membership is None:
        raise NotFound("not_a_recipient")
    certified, filled = certified_at(purchases.of_applicant(applicant_id)), surveys.filled(applicant_id)
    incentive = scheme_named(membership.scheme).incentive(SURVEY)
    return [
        OwnSurvey(survey, incentive, survey.opens_at(certified) if certified else None, filled.get(survey.number))
        for survey in surveys_of(membership.scheme)
    ]
