"""Open the account that a registration asks for, and have the right mail sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import registration
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite, TooManyAttempts
from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.limits import without_one
from chalicelib.domain.mail import Language, Template
from chalicelib.domain.registration import Account, AccountState, parse_email
from chalicelib.ports import Accounts, Clock, Indexer, Messages
from chalicelib.use_cases.registration.account_of import account_id_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A registration as its message tells it; ``registration_id`` seeds the challenge of the account it opens."""

    email: str
    language: Language
    registration_id: str


def open_new_accounts(asked: Sequence[Asked], *, accounts: Accounts, indexer: Indexer, clock: Clock) -> frozenset[str]:
    """Open what can be opened of a whole batch, 25 in a call; the ids of the registrations that did. Of the rest, each
    finds out by :func:`open_account` what stands in its way."""
    first: dict[ApplicantId, Account] = {}
    for each in asked:
        account = _asked_for(each, indexer, clock.now())
        if account is not None:
            first.setdefault(account.id, account)
    opened = accounts.add_each(list(first.values()))
    return frozenset(first[id].challenge.id for id in opened)


def open_account(
    asked: Asked,
    *,
    is_new: bool = False,
    accounts: Accounts,
    indexer: Indexer,
    messages: Messages,
    clock: Clock,
) -> None:
    """One conditional write opens it (``is_new``: it was made with the batch's). The mail follows by redelivery of the
    same message: whoever finds the account already opened by this registration sends the same mail under the same send
    key again. ``InvalidInput`` for what cannot be an address: the gateway may have put it on the queue unseen."""
    now, email = clock.now(), parse_email(asked.email)
    id = account_id_of(email, indexer)
    account = registration.open_account(id, email, asked.language, challenge=asked.registration_id, now=now)
    if not is_new:
        try:
            accounts.add(account)
        except AlreadyDone:
            account = _known(account, accounts, now)
            if _is_late_copy(account, asked.registration_id):
                return
    template = Template.ACCOUNT_EXISTS if account.state is AccountState.ACTIVE else Template.VERIFY_EMAIL
    send_key = SendKey(f"{template}/{asked.registration_id}")
    messages.send(Queue.MAILS_TO_SEND, {"send_key": send_key, "template": template.value, "applicant_id": id})


def _asked_for(asked: Asked, indexer: Indexer, now: datetime) -> Account | None:
    try:
        email = parse_email(asked.email)
    except InvalidInput:
        return None
    id = account_id_of(email, indexer)
    return registration.open_account(id, email, asked.language, challenge=asked.registration_id, now=now)


def _known(asked: Account, accounts: Accounts, now: datetime) -> Account:
    """The account as it is; one that never answered its mail gets a new challenge."""
    known = accounts.get(asked.id)
    if known is None:
        raise StaleWrite
    if known.challenge.knows(asked.challenge.id):
        return known
    # Before anything moves: a code that was sent must not die for a mail that is not.
    _take_mail(asked.id, accounts, now)
    if known.state is AccountState.UNVERIFIED:
        known = registration.challenge_again(known, challenge=asked.challenge.id, now=now)
        accounts.save(known)
    return known


def _take_mail(id: ApplicantId, accounts: Accounts, now: datetime) -> None:
    """``TooManyAttempts`` (the message is dropped and counted, and the answer was the same) when too many were asked
    for of late. A new account's first mail needs none of this: there is one per address for ever."""
    left = without_one(accounts.bucket(f"mail/{id}"), registration.MAILS_ASKED_FOR, now=now)
    if left is None:
        raise TooManyAttempts("mails_too_many")
    accounts.save_bucket(left)


def _is_late_copy(account: Account, registration_id: str) -> bool:
    """Its mail was sent long ago: the address is verified since, or a newer registration has a newer code."""
    if account.state is AccountState.ACTIVE:
        return account.challenge.knows(registration_id)
    return registration_id in account.challenge.earlier
