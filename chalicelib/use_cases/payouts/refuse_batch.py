"""Refuse a batch of payouts: they go back to wait for another."""

from chalicelib.domain.identifiers import BatchId, StaffId
from chalicelib.domain.payout_batches import Batch, refuse
from chalicelib.ports import PayoutBatches
from chalicelib.use_cases.payouts.approve_batch import batch_of

BY_STAFF = "refused_by_staff"


def refuse_batch(id: BatchId, staff: StaffId, *, batches: PayoutBatches) -> Batch:
    refused = refuse(batch_of(id, batches), BY_STAFF, by=staff)
    batches.save(refused)
    return refused
