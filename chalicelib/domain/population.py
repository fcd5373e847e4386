"""What the population registry's answer means for the person.

Told so that it helps who has typed wrongly and not who guesses. What stands on the identity card, in the hand of
whoever states it, is named: the name, the date, the sex, the province. What stands on the family card (its number, the
mother's name) opens other doors elsewhere: which of the two differs is not said, nor anything when much differs, for
then the number is another person's.
"""

from datetime import timedelta

from chalicelib.domain.limits import Allowance
from chalicelib.domain.verification import Check, Outcome, PersonStatus, PopulationAnswer

NAME_SCORE_THRESHOLD = 90
"""Sent as ``TRESHOLD``; from here up the names are the same person's."""
NAME_SCORE_REVIEW = 70
"""From here up to the threshold a person decides; below, the names differ."""
MOST_TOLD = 2
"""Of the groups below. More is no typo."""
FAILED_ANSWERS_PER_NIK = Allowance(most=5, one_per=timedelta(days=1))
"""By whomever, under whatever account. Then people help: a guesser is stopped, and who is meant is not."""
CONFIRMED_AFTER = timedelta(minutes=1)

NEEDS_ASSISTANCE = ("identity_needs_assistance",)
_CARD = {
    "full_name": "population_differs_full_name",
    "birth_date": "population_differs_birth_date",
    "sex": "population_differs_sex",
    "province_code": "population_differs_province",
}
_FAMILY_CARD = frozenset({"family_card_no", "mother_name"})
_STATUS_REASONS = {
    PersonStatus.DECEASED: "population_deceased",
    PersonStatus.UNKNOWN: "population_nik_unknown",
    PersonStatus.INACTIVE: "population_inactive",
    PersonStatus.BAD_FORMAT: "population_nik_unknown",
}


def judge_population(answer: PopulationAnswer, *, said: str | None = None) -> Check:
    """The check that follows. ``said``: what the registry said of the person as a whole when it was asked before."""
    if said is not None and said != answer.status:
        return Check(Outcome.REVIEW, ("population_contradicts",), answer.as_of)
    if answer.status is PersonStatus.DUPLICATE:
        return Check(Outcome.REVIEW, ("population_duplicate",), answer.as_of)
    if answer.status is not PersonStatus.FOUND:
        return Check(Outcome.FAILED, (_STATUS_REASONS[answer.status],), answer.as_of)
    if answer.differs and answer.differs <= _unclear(answer):
        return Check(Outcome.REVIEW, ("population_name_unclear",), answer.as_of)
    if answer.differs:
        return Check(Outcome.FAILED, told_of(answer.differs), answer.as_of)
    return Check(Outcome.PASSED, (), answer.as_of)


def is_to_be_confirmed(answer: PopulationAnswer) -> bool:
    """A registry in trouble says such things of people who are alive and known, and a minute later it does not. So it
    is asked once more before anybody is refused for it."""
    return answer.status in _STATUS_REASONS


def told_of(differs: frozenset[str]) -> tuple[str, ...]:
    """Reason codes, in the order of the card."""
    told = [reason for field, reason in _CARD.items() if field in differs]
    if differs & _FAMILY_CARD:
        told.append("population_differs_family_card")
    return tuple(told) if len(told) <= MOST_TOLD else ("population_differs",)


def untold(check: Check) -> Check:
    """For a NIK of which too much was asked: no reason but that people will help. A guesser does not hold it."""
    return Check(Outcome.REVIEW, NEEDS_ASSISTANCE, check.as_of, check.evidence)


def _unclear(answer: PopulationAnswer) -> frozenset[str]:
    scores = {"full_name": answer.name_score, "mother_name": answer.mother_name_score}
    return frozenset(field for field, score in scores.items() if score >= NAME_SCORE_REVIEW)
