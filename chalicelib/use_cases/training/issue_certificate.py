"""Certify a completed training."""

from chalicelib.domain import training
from chalicelib.domain.identifiers import PurchaseId
from chalicelib.domain.time import wib_date
from chalicelib.domain.training import PurchaseState
from chalicelib.ports import Clock, Indexer, Purchases


def issue_certificate(id: PurchaseId, *, purchases: Purchases, indexer: Indexer, clock: Clock) -> None:
    """The number follows from the purchase, so that no certificate is ever issued under two."""
    purchase, now = purchases.get(id), clock.now()
    if purchase is None or purchase.state is not PurchaseState.COMPLETED:
        return
    serial = int.from_bytes(indexer.derived("certificate", id)[:8], "big") % 10**12
    purchases.save(training.certify(purchase, f"PRAKERJA-{wib_date(now).year}-{serial:012d}", now=now))
