"""Decide about somebody, and put it on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.eligibility import Decision, decide
from chalicelib.domain.facts import Fact
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.receipts import Occasion, Setting, SignedReceipt, canonical, draft_receipt
from chalicelib.domain.schemes import Scheme
from chalicelib.domain.time import wib_date
from chalicelib.ports import Clock, Indexer, Receipts, ReceiptSigner


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided. ``wave`` is None where nobody asks for a certain one."""

    applicant_id: ApplicantId
    facts: Sequence[Fact]
    scheme: Scheme
    occasion: Occasion
    wave: WaveNumber | None


@dataclass(frozen=True, slots=True)
class Notary:
    """What signing and keeping decisions asks of the outside."""

    receipts: Receipts
    signer: ReceiptSigner
    indexer: Indexer
    clock: Clock


def sign_decision(case: Case, notary: Notary, *, number: int | None = None) -> tuple[Decision, SignedReceipt]:
    now = notary.clock.now()
    decision = decide(case.facts, case.scheme, on=wib_date(now))
    setting = Setting(
        subject=notary.indexer.index("receipt", case.applicant_id),
        occasion=case.occasion,
        wave=None if case.wave is None else int(case.wave),
        decided_at=now,
        number=number,
        signed_by=notary.signer.key,
    )
    body = draft_receipt(decision, case.facts, setting)
    return decision, SignedReceipt(body, notary.signer.sign(canonical(body)).hex())
