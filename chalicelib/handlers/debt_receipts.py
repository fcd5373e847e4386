"""Doors of what moved at the treasury: somebody states its receipt, somebody else agrees."""

from http import HTTPStatus
from typing import Annotated

from chalice.app import Blueprint
from pydantic import Field, StringConstraints

from chalicelib import bootstrap
from chalicelib.domain.mail import Language
from chalicelib.domain.money import Rupiah
from chalicelib.handlers.debts import MOST_RUPIAH, DebtReply, casework, told
from chalicelib.handlers.doors import Access, Body, Caller
from chalicelib.handlers.replies import replies
from chalicelib.use_cases.debts.agree_to_receipt import agree_to_receipt
from chalicelib.use_cases.debts.state_receipt import state_receipt

blueprint = Blueprint(__name__)

Receipt = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{15,16}$")]
"""The treasury's NTPN; of what it gives back, its SP2D."""


class ReceiptStated(Body):
    receipt: Receipt = Field(description="The treasury's receipt: 16 capital letters and digits (NTPN), or 15 (SP2D).")
    amount_rupiah: int = Field(ge=1, le=MOST_RUPIAH)


@blueprint.route("/v1/staff/debts/{debt}/repayments", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def repay(caller: Caller, debt: str, body: ReceiptStated, language: Language) -> DebtReply:
    """State a repayment by the treasury's receipt, in part or whole. It counts once somebody else has agreed."""
    amount, debts = Rupiah(body.amount_rupiah), bootstrap.debts()
    stated = state_receipt(debt, body.receipt, amount, caller.officer, debts=debts, casework=casework())
    return told(stated, language)


@blueprint.route("/v1/staff/debts/{debt}/refunds", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def refund(caller: Caller, debt: str, body: ReceiptStated, language: Language) -> DebtReply:
    """State what the treasury gave back of what was repaid and not owed. It counts once somebody else has agreed."""
    amount, debts = Rupiah(body.amount_rupiah), bootstrap.debts()
    stated = state_receipt(
        debt, body.receipt, amount, caller.officer, gives_back=True, debts=debts, casework=casework()
    )
    return told(stated, language)


@blueprint.route("/v1/staff/debts/{debt}/receipt/approval", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def approve_receipt(caller: Caller, debt: str, body: ReceiptStated, language: Language) -> DebtReply:
    """Approve what somebody else stated, with receipt and amount as you read them at the treasury. Each counts once."""
    debts, amount = bootstrap.debts(), body.amount_rupiah
    agreed = agree_to_receipt(debt, body.receipt, amount, caller.officer, debts=debts, casework=casework())
    return told(agreed, language)
