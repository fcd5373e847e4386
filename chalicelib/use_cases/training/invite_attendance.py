"""Give a provider the address at which a learner says "present" by signing in."""

import base64

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ClientCode, RedeemCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.ports import Indexer, Purchases
from chalicelib.use_cases.training.redeem_course import find_redeemable


def invite_attendance(
    partner: ClientCode, code: RedeemCode, sequence: int, *, purchases: Purchases, indexer: Indexer
) -> tuple[Purchase, str]:
    """(purchase, state). The state proves that the provider asked for this session of this purchase."""
    purchase = find_redeemable(partner, code, purchases)
    if sequence not in purchase.sequences:
        raise InvalidInput("sequence_unknown", field="sequence", known=", ".join(map(str, purchase.sequences)))
    if purchase.state is PurchaseState.PAID:
        raise Conflict("redeem_code_not_redeemed", field="redeem_code")
    return purchase, f"{code}.{sequence}.{_proof(purchase, sequence, indexer)}"


def _proof(purchase: Purchase, sequence: int, indexer: Indexer) -> str:
    proof = indexer.derived("attendance", f"{purchase.id}/{sequence}")
    return base64.urlsafe_b64encode(proof).rstrip(b"=").decode()


def attendance_in(state: str) -> tuple[RedeemCode, int]:
    """(redeem code, sequence) that a state speaks of; ``InvalidInput`` when it is none."""
    parts = state.split(".")
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit()):
        raise InvalidInput("attendance_state_wrong", field="state")
    return RedeemCode(parts[0]), int(parts[1])


def proves(state: str, purchase: Purchase, sequence: int, indexer: Indexer) -> bool:
    return state == f"{purchase.redeem_code}.{sequence}.{_proof(purchase, sequence, indexer)}"
