"""A provider redeems the buyer's code, and in the sandbox takes that back."""

from chalicelib.domain import training
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ClientCode, RedeemCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.ports import Clock, Purchases


def redeem_course(partner: ClientCode, code: RedeemCode, *, purchases: Purchases, clock: Clock) -> Purchase:
    """Redeemed; redeeming twice is redeeming once."""
    purchase = find_redeemable(partner, code, purchases)
    if purchase.state is PurchaseState.REDEEMED:
        return purchase
    redeemed = training.redeem(purchase, now=clock.now())
    purchases.save(redeemed)
    return redeemed


def reset_redeem_code(partner: ClientCode, code: RedeemCode, *, purchases: Purchases) -> None:
    purchases.save(training.reset(find_redeemable(partner, code, purchases)))


def find_redeemable(partner: ClientCode, code: RedeemCode, purchases: Purchases) -> Purchase:
    """The purchase behind a code, for its platform or provider; for anybody else there is none."""
    purchase = purchases.by_redeem_code(code)
    if purchase is None or partner not in (purchase.provider, purchase.platform):
        raise NotFound("redeem_code_unknown", field="redeem_code")
    return purchase
