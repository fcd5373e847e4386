"""Doors of payout accounts: a recipient names one, the bank is asked whose it is, and it may be changed for another."""

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.account_namings import AccountNaming
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import AccountChange, AccountState, PayoutAccount, masked_number
from chalicelib.domain.references import LABEL, reference_from, spoken
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.doors import PAGE, Access, Body, Caller, Html, Page
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, count, new_correlation_id
from chalicelib.settings import queue_name
from chalicelib.use_cases.payouts.change_payout_account import change_payout_account
from chalicelib.use_cases.payouts.confirm_account_change import confirm_account_change
from chalicelib.use_cases.payouts.link_payout_account import link_payout_account
from chalicelib.use_cases.payouts.read_payout_account import read_payout_account
from chalicelib.use_cases.payouts.stop_account_change import stop_account_change
from chalicelib.use_cases.payouts.stop_change_by_link import stop_change_by_link
from chalicelib.use_cases.payouts.sweep_account_changes import sweep_account_changes
from chalicelib.use_cases.payouts.verify_payout_account import verify_payout_account

blueprint = Blueprint(__name__)

_PAGE_FILE = Path(__file__).parents[1] / "web" / "static" / "stop_change.html"


class AccountLinked(Body):
    bank: str = Field(max_length=16, examples=["bni", "ovo", "gopay", "linkaja", "dana"])
    account_no: str = Field(max_length=32)


class AccountChanged(AccountLinked):
    old_account: str = Field(
        max_length=32, description="Consent: the masked number of the account that is given up, as it is shown."
    )


class CodeTyped(Body):
    code: str = Field(pattern=r"^[0-9]{6}$")


class StopLink(Body):
    token: str = Field(max_length=200, description="What stands behind the # of the link in the mail.")


class ChangeReply(Body):
    bank: str
    account_no: str
    confirmed_at: datetime | None = Field(description="Null until the code of the mail was typed.")
    takes_effect_at: datetime | None


class AccountReply(Body):
    """Numbers are masked."""

    bank: str
    account_no: str
    state: AccountState
    reason: str | None
    linked_at: datetime
    change: ChangeReply | None


class SuspiciousAccount(Body):
    bank: str
    since: datetime
    people: list[str] = Field(description="References of the cases of those who named it, newest first.")


class SuspiciousAccounts(Body):
    accounts: list[SuspiciousAccount]
    next: str | None


@blueprint.route("/v1/me/payout-account", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT)
def show_account(caller: Caller) -> AccountReply:
    """Your payout account, and a change of it that is under way."""
    account = read_payout_account(caller.applicant_id, payout_accounts=bootstrap.payout_accounts())
    return _told(account)


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


@blueprint.route("/v1/me/payout-account/change", methods=["POST"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def ask_account_change(caller: Caller, body: AccountChanged) -> None:
    """Ask for another account in the place of the verified one. A code comes by mail; the old one serves on."""
    change_payout_account(
        caller.applicant_id,
        BankAccount(body.bank, body.account_no),
        body.old_account,
        payout_accounts=bootstrap.payout_accounts(),
        memberships=bootstrap.memberships(),
        payouts=bootstrap.payouts(),
        buckets=bootstrap.buckets(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )


@blueprint.route("/v1/me/payout-account/change/confirmation", methods=["PUT"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def confirm_account(caller: Caller, body: CodeTyped) -> None:
    """Confirm the change by the code of the mail. It takes effect 72 hours later; until then nothing is paid."""
    confirm_account_change(
        caller.applicant_id,
        body.code,
        payout_accounts=bootstrap.payout_accounts(),
        memberships=bootstrap.memberships(),
        payouts=bootstrap.payouts(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )


@blueprint.route("/v1/me/payout-account/change", methods=["DELETE"])
@replies(blueprint, access=Access.APPLICANT, status=HTTPStatus.NO_CONTENT)
def stop_account(caller: Caller) -> None:
    """Stop the change: the old account stays."""
    stop_account_change(caller.applicant_id, payout_accounts=bootstrap.payout_accounts())


@blueprint.route("/v1/payout-account-stops", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.NO_CONTENT)
def stop_by_link(body: StopLink) -> None:
    """Stop a change by the link in the mail, without signing in."""
    stop_change_by_link(body.token, payout_accounts=bootstrap.payout_accounts(), indexer=bootstrap.indexer())


@blueprint.route("/stop-change", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_stop_page() -> Html:
    """Where the mail about a change leads: stop it."""
    return Html(_PAGE_FILE.read_text("utf-8"))


@blueprint.route("/v1/staff/payout-accounts/suspicious", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def list_suspicious(page: Page) -> SuspiciousAccounts:
    """Accounts that three people or more named within a month, newest first. Those people are told nothing of it."""
    found, last = bootstrap.payout_accounts().suspicious(after=page.after, limit=page.limit)
    return SuspiciousAccounts(accounts=[_suspicious(each) for each in found], next=cursor(last))


@blueprint.on_sqs_message(queue=queue_name("payout-accounts-to-verify"), batch_size=5, maximum_concurrency=5)
@each_message
def verify_payout_accounts(body: dict[str, Any]) -> None:
    has_become_suspicious = verify_payout_account(
        ApplicantId(body["applicant_id"]),
        payout_accounts=bootstrap.payout_accounts(),
        applicants=bootstrap.applicants(),
        memberships=bootstrap.memberships(),
        payouts=bootstrap.payouts(),
        bank=bootstrap.bank(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )
    if has_become_suspicious:
        count("PayoutAccountSuspicious", function="verify_payout_accounts")


@blueprint.schedule("rate(5 minutes)")
def sweep_changed_accounts(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        sweep_account_changes(
            payout_accounts=bootstrap.payout_accounts(), messages=bootstrap.messages(), clock=bootstrap.clock()
        )


def _told(account: PayoutAccount) -> AccountReply:
    return AccountReply(
        bank=account.account.bank,
        account_no=masked_number(account.account),
        state=account.state,
        reason=account.reason,
        linked_at=account.linked_at,
        change=_change(account.change) if account.change else None,
    )


def _change(change: AccountChange) -> ChangeReply:
    return ChangeReply(
        bank=change.account.bank,
        account_no=masked_number(change.account),
        confirmed_at=change.confirmed_at,
        takes_effect_at=change.ends_at,
    )


def _suspicious(naming: AccountNaming) -> SuspiciousAccount:
    newest_first = sorted(naming.people, key=lambda person: naming.people[person], reverse=True)
    references = [spoken(reference_from(bootstrap.indexer().derived(LABEL, person))) for person in newest_first]
    return SuspiciousAccount(
        bank=naming.bank, since=naming.suspicious_at or min(naming.people.values()), people=references
    )
