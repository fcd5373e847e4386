"""Undo a sale that was not redeemed: money and seat go back, as new entries."""

from chalicelib.domain import ledger, training
from chalicelib.domain.errors import AlreadyDone, NotFound, StaleWrite
from chalicelib.domain.identifiers import ClientCode, InvoiceCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.ports import Clock, Purchases

_ATTEMPTS = 3


def void_purchase(platform: ClientCode, invoice: InvoiceCode, *, purchases: Purchases, clock: Clock) -> Purchase:
    for _ in range(_ATTEMPTS):
        try:
            return _void(platform, invoice, purchases=purchases, clock=clock)
        except StaleWrite:
            continue  # a seat, the balance or the membership was moved by something else: look again
    raise StaleWrite("sale_contended")


def _void(platform: ClientCode, invoice: InvoiceCode, *, purchases: Purchases, clock: Clock) -> Purchase:
    purchase = purchases.by_invoice(platform, invoice)
    if purchase is None:
        raise NotFound("invoice_unknown", field="invoice_code")
    if purchase.state is PurchaseState.VOIDED:
        raise AlreadyDone("invoice_already_voided", field="invoice_code")
    voided = training.void(purchase)
    posting = ledger.purchase_voided(
        voided.applicant_id, voided.id, partner=voided.platform, amount=voided.by_grant, now=clock.now()
    )
    purchases.give_back(voided, posting)
    return voided
