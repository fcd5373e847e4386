"""All of somebody's payouts, and whether money is on its way to their account at this moment."""

from collections.abc import Sequence

from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.membership import Membership
from chalicelib.domain.payouts import PayoutState
from chalicelib.domain.schemes import scheme_named
from chalicelib.ports import Indexer, Memberships, Payouts
from chalicelib.use_cases.payouts.prepare_incentive import payout_id_of

_UNDER_WAY = (PayoutState.SUBMITTING, PayoutState.UNKNOWN)


def is_payout_under_way(
    applicant_id: ApplicantId, *, memberships: Memberships, payouts: Payouts, indexer: Indexer
) -> bool:
    """By the ids that follow from the scheme, so that each is read as last written: an index lags behind."""
    membership = memberships.get(applicant_id)
    if membership is None:
        return False
    found = (payouts.get(id) for id in payout_ids_of(membership, indexer))
    return any(payout is not None and payout.state in _UNDER_WAY for payout in found)


def payout_ids_of(membership: Membership, indexer: Indexer) -> Sequence[PayoutId]:
    """Of whatever the recipient's scheme may pay, prepared or not."""
    places = [(each.purpose, n) for each in scheme_named(membership.scheme).incentives for n in each.numbers]
    return [payout_id_of(membership.applicant_id, purpose, period, indexer) for purpose, period in places]
