"""What follows when a payout account has moved, or a change of it was asked for."""

from collections.abc import Iterator

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.ports import Messages

# What a former account refused may go to a verified one, and what waited while a change was thought over goes on.
_QUEUES = {
    AccountState.LINKED: (Queue.PAYOUT_ACCOUNTS_TO_VERIFY,),
    AccountState.VERIFIED: (Queue.INCENTIVES_TO_PREPARE, Queue.PAYOUTS_TO_RESUME),
}


def follow_payout_account(change: Change, *, messages: Messages) -> None:
    if change.kind != "payout_account":
        return
    if change.is_move:
        for queue in _QUEUES.get(AccountState(change.after), ()):
            messages.send(queue, {"applicant_id": change.id})
    for template, key in _mails_after(change):
        blanks = {"change": int(change.facts.get("changes", 0)), "reason": str(change.facts.get("reason", ""))}
        order = {"send_key": f"{template}/{key}", "template": template.value, "applicant_id": change.id}
        messages.send(queue_for(template), {**order, "blanks": blanks})


def _mails_after(change: Change) -> Iterator[tuple[Template, str]]:
    number, after = change.facts.get("changes", 0), AccountState(change.after)
    key = f"{change.id}/{number}"
    if number and change.has_new("changes"):
        yield Template.PAYOUT_ACCOUNT_CODE, key
    if change.is_move and after is AccountState.CHANGING:
        yield Template.PAYOUT_ACCOUNT_CHANGING, f"{key}/begun"
    if change.has_new("reminders") and change.facts["reminders"]:
        yield Template.PAYOUT_ACCOUNT_CHANGING, f"{key}/ending"
    if change.is_move and change.before:
        yield from _mails_after_move(change.before, after, f"{change.id}/{change.facts.get('version', 0)}", number)


def _mails_after_move(before: str, after: AccountState, key: str, number: str | int) -> Iterator[tuple[Template, str]]:
    """``key`` of the very version: a person may be refused several accounts."""
    if before == AccountState.CHANGING and after is AccountState.VERIFIED:
        yield Template.PAYOUT_ACCOUNT_KEPT, key
    if before == AccountState.LINKED and after is AccountState.VERIFIED and number:
        yield Template.PAYOUT_ACCOUNT_CHANGED, key
    if after is AccountState.REFUSED:
        yield Template.PAYOUT_ACCOUNT_REFUSED, key
