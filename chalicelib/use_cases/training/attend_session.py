"""The learner says "present" by signing in at the provider's invitation."""

from chalicelib.domain import training
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.training import Purchase
from chalicelib.ports import Clock, Indexer, Purchases
from chalicelib.use_cases.training.invite_attendance import attendance_in, proves


def attend_session(
    applicant_id: ApplicantId, state: str, *, purchases: Purchases, indexer: Indexer, clock: Clock
) -> Purchase:
    """The purchase with the session marked. Another's invitation is answered as if there were none."""
    code, sequence = attendance_in(state)
    purchase = purchases.by_redeem_code(code)
    if purchase is None or purchase.applicant_id != applicant_id or not proves(state, purchase, sequence, indexer):
        raise InvalidInput("attendance_state_wrong", field="state")
    attended = training.attend(purchase, sequence, now=clock.now())
    if attended is not purchase:
        purchases.save(attended)
    return attended
