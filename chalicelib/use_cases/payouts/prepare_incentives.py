"""Prepare the incentives of many people at once: what may be read and written together is."""

from collections.abc import Sequence

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.use_cases.payouts.prepare_incentive import Preparing, earned_by

_TOGETHER = 30
"""Payouts in a transaction: each with its posting and, at most, a person's head; DynamoDB takes a hundred writes."""


def prepare_incentives(ids: Sequence[ApplicantId], preparing: Preparing) -> frozenset[ApplicantId]:
    """Who is done with. Any failure (somebody else wrote about one of them) leaves all to be prepared one by one, by
    ``prepare_incentive``, which finds what was written."""
    people = list(dict.fromkeys(ids))
    earned = list(earned_by(people, preparing))
    known = preparing.payouts.get_each([payout.id for payout, _ in earned]) if earned else {}
    new = [(payout, (due,)) for payout, due in earned if payout.id not in known]
    for start in range(0, len(new), _TOGETHER):
        preparing.payouts.save_each(new[start : start + _TOGETHER])
    return frozenset(people)
