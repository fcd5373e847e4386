"""Which incentives somebody has earned, and when each is due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.identifiers import PurchaseId
from chalicelib.domain.incentives import COMPLETION, SURVEY, Incentive
from chalicelib.domain.money import Rupiah
from chalicelib.domain.schemes import Scheme
from chalicelib.domain.time import wib_date
from chalicelib.domain.training import Purchase


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One payment that somebody is owed: ``purpose`` and ``period`` say what for, and there is never a second."""

    purpose: str
    period: int
    amount: Rupiah
    due_on: date
    evidence: PurchaseId | None = None
    """The training that it rests on."""


def entitlements_of(
    scheme: Scheme, purchases: Sequence[Purchase], filled: Mapping[int, datetime]
) -> tuple[Entitlement, ...]:
    """``filled``: when each survey was, by its number."""
    completion, survey = scheme.incentive(COMPLETION), scheme.incentive(SURVEY)
    return (
        *(_of_completion(completion, first_completed(purchases)) if completion else ()),
        *(_of_surveys(survey, filled) if survey else ()),
    )


def first_completed(purchases: Sequence[Purchase]) -> Purchase | None:
    """The training that was completed first: no other pays an incentive."""
    completed = [(each.completed_at, each.id, each) for each in purchases if each.completed_at]
    return min(completed)[2] if completed else None


def earns_completion(purchase: Purchase) -> bool:
    """Every session attended, with its moment on record; certified, and reviewed."""
    attended = set(purchase.attended) == set(purchase.sequences)
    return bool(attended and purchase.certificate_no and purchase.review)


def _of_completion(incentive: Incentive, training: Purchase | None) -> Iterator[Entitlement]:
    if training is None or training.review is None or not earns_completion(training):
        return
    reviewed_on = wib_date(training.review.written_at)
    for period in incentive.numbers:
        yield Entitlement(COMPLETION, period, incentive.amount, incentive.due_on(reviewed_on, period), training.id)


def _of_surveys(incentive: Incentive, filled: Mapping[int, datetime]) -> Iterator[Entitlement]:
    for period in incentive.numbers:
        if period in filled:
            yield Entitlement(SURVEY, period, incentive.amount, wib_date(filled[period]))


def certified_at(purchases: Sequence[Purchase]) -> datetime | None:
    """Of the training on which surveys rest: the first that was completed."""
    training = first_completed(purchases)
    return training.certified_at if training else None
