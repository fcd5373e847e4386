"""The sale: the holder's code moves money, seat and redeem code in one transaction."""

import base64
from dataclasses import dataclass

from chalicelib.domain import ledger, training
from chalicelib.domain.errors import AlreadyDone, InvalidInput, NotFound, StaleWrite
from chalicelib.domain.identifiers import ClientCode, InvoiceCode, PurchaseId, RedeemCode
from chalicelib.domain.training import Purchase, PurchaseState, check_purchase_code
from chalicelib.ports import Clock, Indexer, Purchases
from chalicelib.use_cases.registration.proofs import code_of, is_same

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Authorization:
    platform: ClientCode
    payment_token: str
    code: str
    invoice_code: InvoiceCode
    invoice_url: str
    is_trial: bool = False
    """A sale of the sandbox, whose redeem code says so and can be reset."""


def authorize_purchase(asked: Authorization, *, purchases: Purchases, indexer: Indexer, clock: Clock) -> Purchase:
    """The paid purchase. Asked again with the same token and invoice, the same sale is told again, not made again."""
    id = PurchaseId(indexer.index("payment_token", asked.payment_token))
    for _ in range(_ATTEMPTS):
        purchase = purchases.get(id)
        if purchase is None or purchase.platform != asked.platform:
            raise NotFound("payment_token_unknown", field="Authorization")
        if purchase.state is PurchaseState.VOIDED:
            raise AlreadyDone("invoice_already_voided", field="invoice_code")
        if purchase.state is not PurchaseState.OFFERED and purchase.invoice_code == asked.invoice_code:
            return purchase
        _check_code(asked, purchase, purchases, indexer=indexer, clock=clock)
        try:
            return _pay(asked, purchase, purchases, indexer=indexer, clock=clock)
        except StaleWrite:
            continue  # another buyer took a seat, or this sale was just made: look again
    raise StaleWrite("sale_contended")


def _check_code(
    asked: Authorization, purchase: Purchase, purchases: Purchases, *, indexer: Indexer, clock: Clock
) -> None:
    matches = is_same(asked.code, code_of("purchase", purchase.id, indexer))
    try:
        check_purchase_code(purchase, matches=matches, now=clock.now())
    except InvalidInput:
        purchases.save(training.count_code_failure(purchase))
        raise


def _pay(asked: Authorization, purchase: Purchase, purchases: Purchases, *, indexer: Indexer, clock: Clock) -> Purchase:
    prefix = training.SANDBOX_PREFIX if asked.is_trial else ""
    paid = training.authorize(
        purchase,
        invoice=asked.invoice_code,
        invoice_url=asked.invoice_url,
        transaction_code="TRX-" + _letters(indexer, "transaction", purchase.id, 16),
        redeem_code=RedeemCode(prefix + _letters(indexer, "redeem", purchase.id, 12)),
    )
    posting = ledger.purchase(paid.applicant_id, paid.id, partner=paid.platform, amount=paid.by_grant, now=clock.now())
    purchases.pay(paid, posting)
    return paid


def _letters(indexer: Indexer, label: str, id: PurchaseId, length: int) -> str:
    """Derived from the purchase: a sale that is tried again gives the same codes."""
    return base64.b32encode(indexer.derived(label, id)).decode()[:length]
