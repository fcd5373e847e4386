"""Rate and review a finished course; the incentive waits for it."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId, RedeemCode
from chalicelib.domain.training import write_review
from chalicelib.ports import Clock, Purchases


def review_course(
    applicant_id: ApplicantId, code: RedeemCode, stars: int, text: str, *, purchases: Purchases, clock: Clock
) -> None:
    purchase = purchases.by_redeem_code(code)
    if purchase is None or purchase.applicant_id != applicant_id:
        raise NotFound("redeem_code_unknown", field="redeem_code")
    purchases.save(write_review(purchase, stars=stars, text=text, now=clock.now()))
