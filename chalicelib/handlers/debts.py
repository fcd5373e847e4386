"""Doors of money that is asked back: two people demand it, the person sees it, the treasury's receipts are recorded."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.debts import UNDEMANDED, Debt, DebtReason, DebtState, Repayment, WriteOffReason
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mail import Language
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wording import message
from chalicelib.observability import correlated, new_correlation_id
from chalicelib.settings import stream_arn
from chalicelib.use_cases.debts.ask_write_off import ask_write_off
from chalicelib.use_cases.debts.decline_debt import decline_debt
from chalicelib.use_cases.debts.demand_debt import demand_debt
from chalicelib.use_cases.debts.follow_debt import follow_debt
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.debts.list_reclaimable import list_reclaimable
from chalicelib.use_cases.debts.propose_debt import propose_debt
from chalicelib.use_cases.debts.sweep_debts import sweep_debts
from chalicelib.use_cases.debts.write_off_debt import write_off_debt
from chalicelib.use_cases.support.casework import Casework

blueprint = Blueprint(__name__)

MOST_RUPIAH = 1_000_000_000


class DebtProposed(Body):
    reference: str = Field(max_length=32, description="The person's case.")
    entitlements: list[str] = Field(max_length=20, description="The ledger's keys of what they were paid.")
    reason: DebtReason


class WriteOffAsked(Body):
    reason: WriteOffReason


class WriteOffApproved(Body):
    amount_rupiah: int = Field(ge=1, le=MOST_RUPIAH, description="What is still owed, as you saw it.")


class ReclaimableReply(Body):
    entitlement: str
    amount_rupiah: int


class Reclaimable(Body):
    payments: Sequence[ReclaimableReply]


class RepaymentReply(Body):
    number: int
    amount_rupiah: int
    recorded_at: datetime
    gives_back: bool = Field(description="Paid to you by the treasury, not by you.")


class OwnDebtReply(Body):
    """As the person sees it."""

    id: str
    state: DebtState
    reason: DebtReason
    reason_told: str = Field(description="The same in words.")
    amount_rupiah: int
    rest_rupiah: int = Field(description="What is still to be paid.")
    due_at: datetime | None
    repayments: Sequence[RepaymentReply]
    to_give_back_rupiah: int = Field(description="What you repaid and do not owe: the treasury owes it to you.")
    to_give_back_told: str | None = Field(description="What to do for it, in words.")


class OwnDebts(Body):
    debts: Sequence[OwnDebtReply]
    how_to_pay: str | None = Field(description="In words, while something is to be paid.")


class StatedReply(Body):
    """Waits for another person."""

    receipt: str
    amount_rupiah: int
    gives_back: bool
    recorded_by: str


class DebtReply(OwnDebtReply):
    reference: str
    entitlements: Sequence[str]
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    write_off_reason: WriteOffReason | None
    write_off_asked_by: str | None
    written_off_by: str | None
    closed_at: datetime | None
    stated: StatedReply | None


class DebtIds(Body):
    debts: Sequence[str]
    next: str | None


@blueprint.route("/v1/me/debts", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT)
def show_own_debts(caller: Caller, language: Language) -> OwnDebts:
    """What you are asked to pay back, and what you have paid."""
    found = bootstrap.debts().of_applicant(caller.applicant_id)
    told = [each for each in found if each.state not in UNDEMANDED]
    is_owed = any(each.rest for each in told if each.closed_at is None)
    return OwnDebts(
        debts=[OwnDebtReply(**_own(each, language)) for each in told],
        how_to_pay=message("debt_how_to_pay", language) if is_owed else None,
    )


@blueprint.route("/v1/staff/cases/{reference}/reclaimable", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_reclaimable(caller: Caller, reference: str) -> Reclaimable:
    """What somebody was paid and has not given back, by the ledger. That you looked is put on record."""
    found = list_reclaimable(reference, caller.officer, ledger=bootstrap.ledger(), casework=casework())
    rows = [ReclaimableReply(entitlement=key, amount_rupiah=int(amount)) for key, amount in sorted(found.items())]
    return Reclaimable(payments=rows)


@blueprint.route("/v1/staff/debts", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def propose(caller: Caller, body: DebtProposed, language: Language) -> DebtReply:
    """Propose to ask money back. The amount is the ledger's. Somebody else must approve it."""
    debt = propose_debt(
        body.reference,
        body.entitlements,
        body.reason,
        caller.officer,
        debts=bootstrap.debts(),
        ledger=bootstrap.ledger(),
        chance=bootstrap.chance(),
        casework=casework(),
    )
    return told(debt, language)


@blueprint.route("/v1/staff/debts/by-state/{state}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_debts(state: str, page: Page) -> DebtIds:
    """Debts in one state, those due first; not those that were refused."""
    listed = [each for each in DebtState if each is not DebtState.DECLINED]
    if state not in listed:
        raise InvalidInput("state_unknown", field="state", known=", ".join(listed))
    ids, last = bootstrap.debts().page(DebtState(state), after=page.after, limit=page.limit)
    return DebtIds(debts=ids, next=cursor(last))


@blueprint.route("/v1/staff/debts/{debt}", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_debt(debt: str, language: Language) -> DebtReply:
    """One debt."""
    return told(found_debt(debt, bootstrap.debts()), language)


@blueprint.route("/v1/staff/debts/{debt}/approval", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def demand(caller: Caller, debt: str, language: Language) -> DebtReply:
    """Approve what somebody else proposed: the person is written to, and has 60 days."""
    debts, ledger = bootstrap.debts(), bootstrap.ledger()
    return told(demand_debt(debt, caller.officer, debts=debts, ledger=ledger, casework=casework()), language)


@blueprint.route("/v1/staff/debts/{debt}/refusal", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def decline(caller: Caller, debt: str, language: Language) -> DebtReply:
    """Refuse what was proposed: nothing is asked back."""
    return told(decline_debt(debt, caller.officer, debts=bootstrap.debts(), casework=casework()), language)


@blueprint.route("/v1/staff/debts/{debt}/write-offs", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def ask_to_write_off(caller: Caller, debt: str, body: WriteOffAsked, language: Language) -> DebtReply:
    """Ask that the rest of a debt be given up. Somebody else must approve it."""
    debts = bootstrap.debts()
    return told(ask_write_off(debt, caller.officer, body.reason, debts=debts, casework=casework()), language)


@blueprint.route("/v1/staff/debts/{debt}/write-off/approval", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def approve_to_write_off(caller: Caller, debt: str, body: WriteOffApproved, language: Language) -> DebtReply:
    """Approve that the rest of a debt is given up, with the amount as you saw it."""
    debts, amount = bootstrap.debts(), body.amount_rupiah
    return told(write_off_debt(debt, caller.officer, amount, debts=debts, casework=casework()), language)


@blueprint.on_dynamodb_record(stream_arn=stream_arn("debts"), batch_size=100)
@each_change
def follow_debts(change: Change) -> None:
    follow_debt(change, messages=bootstrap.messages())


@blueprint.schedule("rate(1 hour)")
def sweep_due_debts(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        sweep_debts(debts=bootstrap.debts(), ledger=bootstrap.ledger(), clock=bootstrap.clock())


def casework() -> Casework:
    return Casework(bootstrap.applicants(), bootstrap.audit_log(), bootstrap.clock())


def _own(debt: Debt, language: Language) -> dict[str, Any]:
    to_give_back = int(debt.to_give_back)
    return {
        "id": debt.id,
        "state": debt.state,
        "reason": debt.reason,
        "reason_told": message(f"debt_{debt.reason}", language),
        "amount_rupiah": int(debt.amount),
        "rest_rupiah": int(debt.rest),
        "due_at": debt.due_at,
        "repayments": [RepaymentReply(**_moved(each, RepaymentReply)) for each in debt.repayments],
        "to_give_back_rupiah": to_give_back,
        "to_give_back_told": message("debt_overpaid_told", language) if to_give_back else None,
    }


def told(debt: Debt, language: Language) -> DebtReply:
    plain = {name: getattr(debt, name) for name in DebtReply.model_fields if hasattr(debt, name)}
    stated = StatedReply(**_moved(debt.stated, StatedReply)) if debt.stated else None
    return DebtReply(**{**plain, **_own(debt, language), "stated": stated})


def _moved(repayment: Repayment, kind: type[Body]) -> dict[str, Any]:
    known = {name: getattr(repayment, name) for name in kind.model_fields if hasattr(repayment, name)}
    return {**known, "amount_rupiah": int(repayment.amount)}
