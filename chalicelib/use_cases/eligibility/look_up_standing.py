"""Read what our own books say of somebody, for a decision."""

from chalicelib.domain.facts import Standing
from chalicelib.domain.identifiers import ApplicantId, Index
from chalicelib.domain.schemes import Scheme
from chalicelib.ports import Clock, Memberships


def look_up_standing(
    applicant_id: ApplicantId, family: Index | None, scheme: Scheme, *, memberships: Memberships, clock: Clock
) -> Standing:
    # The family first: a place that was taken for this very person is then never counted against them, because their
    # membership came with it.
    most = scheme.most_recipients_per_family
    taken = memberships.family_places_taken(family, most=most) if family else None
    membership = memberships.get(applicant_id)
    return Standing(membership.wave if membership else None, taken, clock.now())
