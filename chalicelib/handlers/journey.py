"""The door to one's own timeline."""

from datetime import datetime

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.cases import Document, DocumentState
from chalicelib.domain.journey import Journey, steps_of
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.mail import Language
from chalicelib.domain.membership import MembershipState
from chalicelib.domain.nik import masked
from chalicelib.domain.references import LABEL, reference_from, spoken
from chalicelib.domain.remedies import REMEDIES
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.time import WIB
from chalicelib.domain.verification import IdentityState
from chalicelib.handlers.doors import PERSONAL, Access, Body, Caller
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wording import message, step_words
from chalicelib.use_cases.journey.read_journey import read_journey

blueprint = Blueprint(__name__)

_SOON_SECONDS, _LATER_SECONDS = 30, 300
_SLOW = {"no_open_wave", "announcement_pending", "incentive_awaits_approval", "face_in_review"}


class StepReply(Body):
    """``reason`` and ``next_action`` are stable codes; the texts beside them are for reading. ``reasons`` lists all of
    several. ``expected_at``: when what waits on us or on a ministry is expected to be done."""

    step: str
    title: str
    state: StepState
    at: datetime | None
    expected_at: datetime | None
    reason: str | None
    reasons: list[str]
    reason_text: str | None
    who_can_mend: str | None
    next_action: str | None
    next_action_text: str | None


class CardReply(Body):
    number: str
    wave: int
    scheme: str
    decree: str
    state: MembershipState
    first_purchase_by: datetime
    balance_ends_at: datetime = Field(description="What is left then goes back to the state.")
    training_balance_rupiah: int
    returned_rupiah: int = Field(description="What went back to the state; the timeline tells why.")


class DocumentWanted(Body):
    """What an officer asked for, to be handed in by `POST /v1/me/documents`."""

    kind: str
    kind_text: str
    state: DocumentState


class JourneyReply(Body):
    language: Language
    reference: str = Field(description="By which the assisted service finds your case. Read it out; it opens nothing.")
    nik: str | None
    open_wave: int | None
    next_action: str | None
    card: CardReply | None
    timeline: list[StepReply]
    documents: list[DocumentWanted]


def _seconds_to_news(journey: JourneyReply) -> int:
    """Half a minute while machines are at it. What waits for the person, for an officer or for a day takes longer."""
    is_under_way = any(
        step.state is StepState.WAITING and step.next_action is None and step.reason not in _SLOW
        for step in journey.timeline
    )
    return _SOON_SECONDS if is_under_way else _LATER_SECONDS


@blueprint.route("/v1/me", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT, keep=PERSONAL, ask_again=_seconds_to_news)
def show_journey(caller: Caller, language: Language) -> JourneyReply:
    """Every step of one's way: how it stands, why, and what to do next."""
    journey = read_journey(
        caller.applicant_id,
        accounts=bootstrap.accounts(),
        applicants=bootstrap.applicants(),
        waves=bootstrap.waves(),
        memberships=bootstrap.memberships(),
        purchases=bootstrap.purchases(),
        payouts=bootstrap.payouts(),
        payout_accounts=bootstrap.payout_accounts(),
        waiting_checks=bootstrap.waiting_checks(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )
    steps = steps_of(journey)
    identity = journey.applicant.identity
    return JourneyReply(
        language=language,
        reference=spoken(reference_from(bootstrap.indexer().derived(LABEL, caller.applicant_id))),
        nik=masked(identity.nik) if identity else None,
        open_wave=int(journey.open_wave.number) if journey.open_wave else None,
        next_action=next((step.next_action for step in steps if step.next_action), None),
        card=_card(caller, journey),
        timeline=[_told(step, language) for step in steps],
        documents=_documents(journey, language),
    )


def _documents(journey: Journey, language: Language) -> list[DocumentWanted]:
    if journey.applicant.state is not IdentityState.DOCUMENTS_WANTED:
        return []
    return [_document(each, language) for each in journey.applicant.documents]


def _document(document: Document, language: Language) -> DocumentWanted:
    words = step_words("steps", f"document_{document.kind}", language) or ""
    return DocumentWanted(kind=document.kind, kind_text=words, state=document.state)


def _card(caller: Caller, journey: Journey) -> CardReply | None:
    held = journey.membership
    if held is None:
        return None
    balance = bootstrap.ledger().balance(caller.applicant_id, OwnedAccount.TRAINING_BALANCE)
    return CardReply(
        number=held.card_number,
        wave=int(held.wave),
        scheme=held.scheme,
        decree=held.decree,
        state=held.state,
        first_purchase_by=held.first_purchase_by,
        balance_ends_at=held.balance_ends_at,
        training_balance_rupiah=int(balance),
        returned_rupiah=int(held.returned),
    )


def _told(step: Step, language: Language) -> StepReply:
    reasons = list(step.reasons) or ([step.reason] if step.reason else [])
    return StepReply(
        step=step.name,
        title=step_words("steps", step.name, language) or step.name,
        state=step.state,
        at=step.at,
        expected_at=step.expected_at,
        reason=step.reason,
        reasons=reasons,
        reason_text=_reason_text(step, reasons, language),
        who_can_mend=_owner(step.reason, language),
        next_action=step.next_action,
        next_action_text=step_words("actions", step.next_action, language),
    )


def _reason_text(step: Step, reasons: list[str], language: Language) -> str | None:
    if not reasons:
        return None
    words = [step_words("reasons", reason, language) or reason for reason in reasons]
    if step.expected_at:
        moment = step.expected_at.astimezone(WIB)
        words.append(message("expected_at", language, {"day": f"{moment:%d-%m-%Y}", "time": f"{moment:%H:%M}"}))
    return " ".join(words)


def _owner(reason: str | None, language: Language) -> str | None:
    remedy = REMEDIES.get(reason or "")
    return step_words("owners", remedy.owner, language) if remedy else None
