"""Doors of payout accounts: a recipient names one, and the bank is asked whose it is."""

from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.doors import Access, Body, Caller
from chalicelib.handlers.replies import replies
from chalicelib.settings import queue_name
from chalicelib.use_cases.payouts.link_payout_account import link_payout_account
from chalicelib.use_cases.payouts.verify_payout_account import verify_payout_account

blueprint = Blueprint(__name__)


class AccountLinked(Body):
    bank: str = Field(max_length=16, examples=["bni", "ovo", "gopay", "linkaja", "dana"])
    account_no: str = Field(max_length=32)


@blueprint.route("/v1/me/payout-account", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def put_account(caller: Caller, body: AccountLinked) -> None:
    """Link the account to which incentives go. The bank is asked whose it is; `GET /v1/me` tells."""
    account = BankAccount(body.bank, body.account_no)
    link_payout_account(
        caller.applicant_id,
        account,
        payout_accounts=bootstrap.payout_accounts(),
        memberships=bootstrap.memberships(),
        clock=bootstrap.clock(),
    )


@blueprint.on_sqs_message(queue=queue_name("payout-accounts-to-verify"), batch_size=5, maximum_concurrency=5)
@each_message
def verify_payout_accounts(body: dict[str, Any]) -> None:
    verify_payout_account(
        ApplicantId(body["applicant_id"]),
        payout_accounts=bootstrap.payout_accounts(),
        applicants=bootstrap.applicants(),
        bank=bootstrap.bank(),
    )
