"""Doors of eligibility: the decision as a signed receipt, and the keys by which anybody checks one."""

from typing import Any

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.eligibility import Verdict
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mail import Language
from chalicelib.domain.receipts import SignedReceipt
from chalicelib.domain.remedies import REMEDIES
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.doors import Access, Body, Caller, Page, public_for
from chalicelib.handlers.notary import notary
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wording import step_words
from chalicelib.use_cases.eligibility.read_eligibility import read_eligibility

blueprint = Blueprint(__name__)

_KEYS_LIVE_SECONDS = 3600
_LONGEST_NUMBER = 8


class ReasonTold(Body):
    """Codes are stable; the texts beside them are for reading."""

    code: str
    text: str | None
    owner: str = Field(description="Who can mend what the refusal rests on.")
    owner_text: str | None
    appeal: str
    appeal_text: str | None


class FactAwaited(Body):
    fact: str
    text: str | None


class ReceiptReply(Body):
    """What ``python -m infra.receipts verify`` reads; the signature is over the canonical JSON of ``receipt``."""

    receipt: dict[str, Any]
    signature: str = Field(description="Ed25519, in hex.")


class EligibilityReply(Body):
    outcome: Verdict
    outcome_text: str | None
    scheme: str
    reasons: list[ReasonTold]
    not_yet_known: list[FactAwaited] = Field(description="Facts that somebody has yet to answer. They refuse nobody.")
    current: ReceiptReply = Field(description="As it would be decided now. It is not kept.")
    kept: list[ReceiptReply] = Field(description="Decided on joining a wave and before an award, newest first.")
    next: str | None


class ReceiptKey(Body):
    key: str = Field(description="As receipts name it in `signed_by`.")
    algorithm: str = "Ed25519"
    public_key: str = Field(description="32 bytes in hex.")


class ReceiptKeys(Body):
    keys: list[ReceiptKey]


@blueprint.route("/v1/me/eligibility", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT)
def show_eligibility(caller: Caller, page: Page, language: Language) -> EligibilityReply:
    """Whether one may take part, and why: now as a signed receipt, and as it was decided before."""
    found = read_eligibility(
        caller.applicant_id,
        limit=page.limit,
        before=_number(page.after),
        applicants=bootstrap.applicants(),
        waves=bootstrap.waves(),
        memberships=bootstrap.memberships(),
        notary=notary(),
    )
    decision, kept = found.decision, found.kept
    return EligibilityReply(
        outcome=decision.verdict,
        outcome_text=step_words("reasons", decision.verdict, language),
        scheme=decision.scheme,
        reasons=[_reason(code, language) for code in decision.reasons],
        not_yet_known=[FactAwaited(fact=it, text=step_words("facts", it, language)) for it in decision.not_yet_known],
        current=_told(found.receipt),
        kept=[_told(each) for each in kept],
        next=cursor(str(kept[-1].number)) if len(kept) == page.limit and kept[-1].number > 1 else None,
    )


@blueprint.route("/v1/receipt-keys", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=public_for(_KEYS_LIVE_SECONDS))
def show_receipt_keys() -> ReceiptKeys:
    """The public keys of all receipts, present and past."""
    known = bootstrap.receipt_signer().public_keys()
    return ReceiptKeys(keys=[ReceiptKey(key=name, public_key=known[name].hex()) for name in sorted(known)])


def _number(after: str | None) -> int | None:
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= _LONGEST_NUMBER):
        raise InvalidInput("number_expected", field="after")
    return int(after)


def _reason(code: str, language: Language) -> ReasonTold:
    remedy = REMEDIES[code]
    return ReasonTold(
        code=code,
        text=step_words("reasons", code, language),
        owner=remedy.owner,
        owner_text=step_words("owners", remedy.owner, language),
        appeal=remedy.appeal,
        appeal_text=step_words("appeals", remedy.appeal, language),
    )


def _told(receipt: SignedReceipt) -> ReceiptReply:
    return ReceiptReply(receipt=dict(receipt.body), signature=receipt.signature)
