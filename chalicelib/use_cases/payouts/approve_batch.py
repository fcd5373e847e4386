"""Approve a batch of payouts: two people, each once."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import BatchId, StaffId
from chalicelib.domain.payout_batches import Batch, approve
from chalicelib.ports import PayoutBatches


def approve_batch(id: BatchId, checksum: str, staff: StaffId, *, batches: PayoutBatches) -> Batch:
    """``NotAllowed`` when both approvers are one, or one of them built it."""
    approved = approve(batch_of(id, batches), checksum, staff)
    batches.save(approved)
    return approved


def batch_of(id: BatchId, batches: PayoutBatches) -> Batch:
    batch = batches.get(id)
    if batch is None:
        raise NotFound("batch_unknown", field="batch_id")
    return batch
