"""Note that an induction video was seen to the end."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.membership import Membership, watch_video
from chalicelib.ports import Memberships


def watch_induction_video(applicant_id: ApplicantId, video: int, *, memberships: Memberships) -> Membership:
    membership = memberships.get(applicant_id)
    if membership is None:
        raise NotFound("not_a_recipient")
    watched = watch_video(membership, video)
    if watched != membership:
        memberships.save(watched)
    return watched
