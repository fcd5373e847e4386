"""Whether money is on its way to somebody's account at this moment."""

from chalicelib.domain.identifiers import ApplicantId
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
    places = [(each.purpose, n) for each in scheme_named(membership.scheme).incentives for n in each.numbers]
    found = (payouts.get(payout_id_of(applicant_id, purpose, period, indexer)) for purpose, period in places)
    return any(payout is not None and payout.state in _UNDER_WAY for payout in found)
