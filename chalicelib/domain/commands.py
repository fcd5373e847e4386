"""What one step asks of the next. Each queue carries one kind of command and is named after what must happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Queue(StrEnum):
    REGISTRATIONS_TO_OPEN = "registrations-to-open"
    MAILS_TO_SEND = "mails-to-send"
    ANNOUNCEMENTS_TO_SEND = "announcements-to-send"
    MAIL_FATES_TO_NOTE = "mail-fates-to-note"
    IDENTITIES_TO_CLAIM = "identities-to-claim"
    POPULATION_CHECKS_TO_MAKE = "population-checks-to-make"
    EDUCATION_CHECKS_TO_MAKE = "education-checks-to-make"
    SOCIAL_CHECKS_TO_MAKE = "social-checks-to-make"
    PHOTOS_TO_CHECK = "photos-to-check"
    DOCUMENTS_TO_RECEIVE = "documents-to-receive"
    SELFIES_TO_COMPARE = "selfies-to-compare"
    FACES_TO_MATCH = "faces-to-match"
    LIST_CHECKS_TO_MAKE = "list-checks-to-make"
    LISTS_TO_LOAD = "lists-to-load"
    LISTED_TO_SCREEN = "listed-to-screen"
    DRAW_STEPS_TO_TAKE = "draw-steps-to-take"
    RESULTS_TO_RECORD = "results-to-record"
    AWARDS_TO_MAKE = "awards-to-make"
    PLACES_TO_REFILL = "places-to-refill"
    DUES_TO_MEET = "dues-to-meet"
    CERTIFICATES_TO_ISSUE = "certificates-to-issue"
    PAYOUT_ACCOUNTS_TO_VERIFY = "payout-accounts-to-verify"
    INCENTIVES_TO_PREPARE = "incentives-to-prepare"
    PAYOUTS_TO_SETTLE = "payouts-to-settle"
    PAYOUTS_TO_INQUIRE = "payouts-to-inquire"
    PAYOUTS_TO_RESUME = "payouts-to-resume"
    PAYOUT_BATCHES_TO_MOVE = "payout-batches-to-move"


@dataclass(frozen=True, slots=True)
class Change:
    """What a table's stream tells: an item of ``kind`` moved from one state to another.

    ``before`` is None for a new item. ``facts`` are the item's clear attributes after the change (sealed ones and
    nested ones are not among them).
    """

    kind: str
    id: str
    before: str | None
    after: str
    facts: Mapping[str, str | int]
    facts_before: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_move(self) -> bool:
        return self.before != self.after

    def has_new(self, fact: str) -> bool:
        """Whether the change brought this fact, or gave it another value."""
        return fact in self.facts and self.facts[fact] != self.facts_before.get(fact)
