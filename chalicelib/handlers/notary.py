"""What signs and keeps decisions, joined for the doors behind which one is made."""

from chalicelib import bootstrap
from chalicelib.use_cases.eligibility.sign_decision import Notary


def notary() -> Notary:
    return Notary(
        receipts=bootstrap.receipts(),
        signer=bootstrap.receipt_signer(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )
