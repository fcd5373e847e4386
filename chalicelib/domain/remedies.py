"""Why people are refused: stable codes, each with the owner of what it rests on and how to appeal.

Codes only. Their words stand in ``web/locale``, and a signed receipt stays true when a word is changed there.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remedy:
    """``owner`` can mend what the refusal rests on; ``appeal`` is how the person gets there."""

    owner: str
    appeal: str


_AT_DUKCAPIL = Remedy("dukcapil", "call_dukcapil")
_AT_THE_OFFICE = Remedy("programme_office", "appeal_to_programme_office")

REMEDIES: Mapping[str, Remedy] = {
    "student": Remedy("school", "ask_school_to_correct"),
    "social_aid": Remedy("ministry_of_social_affairs", "ask_village_office_to_correct"),
    "wage_subsidy": Remedy("ministry_of_manpower", "ask_manpower_to_correct"),
    "micro_business_aid": Remedy("ministry_of_cooperatives", "ask_cooperatives_to_correct"),
    "population_nik_unknown": _AT_DUKCAPIL,
    **dict.fromkeys(
        (
            "population_differs",
            "population_differs_full_name",
            "population_differs_birth_date",
            "population_differs_sex",
            "population_differs_province",
            "population_differs_family_card",
        ),
        Remedy("applicant_or_dukcapil", "correct_or_call_dukcapil"),
    ),
    "population_deceased": _AT_DUKCAPIL,
    "population_inactive": _AT_DUKCAPIL,
    "excluded_profession": _AT_THE_OFFICE,
    "blocklist": _AT_THE_OFFICE,
    "age": Remedy("rule_of_scheme", "correct_birth_date_at_dukcapil"),
    "not_citizen": Remedy("rule_of_scheme", "prove_citizenship"),
    "family_limit": Remedy("rule_of_scheme", "correct_family_card_at_dukcapil"),
    "first_purchase_missed": Remedy("rule_of_scheme", "appeal_to_programme_office"),
    "earlier_recipient": Remedy("rule_of_programme", "appeal_to_programme_office"),
}
"""By refusal code. A code is never given another meaning."""

PRIORITIES = frozenset({"laid_off", "furloughed"})
"""What puts somebody first, by the code under which it is told."""
