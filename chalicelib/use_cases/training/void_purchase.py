"""Undo a sale that was not redeemed: money and seat go back, as new entries."""

from chalicelib.domain import ledger, training
from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.identifiers import ClientCode, InvoiceCode
from chalicelib.domain.training import Purchase, PurchaseState
from chalicelib.ports import Clock, Purchases


def void_purchase(platform: ClientCode, invoice: InvoiceCode, *, purchases: Purchases, clock: Clock) -> Purchase:
    purchase = purchases.by_invoice(platform, invoice)
    if purchase is None:
        raise NotFound("invoice_unknown", field="invoice_code")
    if purchase.state is PurchaseState.VOIDED:
        raise AlreadyDone("invoice_already_voided", field="invoice_code")
    voided = training.void(purchase)
    posting = ledger.purchase_voided(
        voided.applicant_id, voided.id, partner=voided.platform, amount=voided.amount, now=clock.now()
    )
    purchases.give_back(voided, posting)
    return voided
