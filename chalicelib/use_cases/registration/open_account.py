"""Open the account that a registration asks for, and have the right mail sent."""

from datetime import datetime

from chalicelib.domain import registration
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import Language, Template
from chalicelib.domain.registration import Account, AccountState
from chalicelib.ports import Accounts, Clock, Indexer, Messages
from chalicelib.use_cases.registration.account_of import account_id_of


def open_account(
    email: str,
    language: Language,
    registration_id: str,
    *,
    accounts: Accounts,
    indexer: Indexer,
    messages: Messages,
    clock: Clock,
) -> None:
    """One conditional write opens it. The mail follows by redelivery of the same message: whoever finds the account
    already opened by this registration sends the same mail under the same send key again."""
    now = clock.now()
    id = account_id_of(email, indexer)
    account = registration.open_account(id, email, language, challenge=registration_id, now=now)
    try:
        accounts.add(account)
    except AlreadyDone:
        account = _known(account, accounts, now)
        if _is_late_copy(account, registration_id):
            return
    template = Template.ACCOUNT_EXISTS if account.state is AccountState.ACTIVE else Template.VERIFY_EMAIL
    send_key = SendKey(f"{template}/{registration_id}")
    messages.send(Queue.MAILS_TO_SEND, {"send_key": send_key, "template": template.value, "applicant_id": id})


def _known(asked: Account, accounts: Accounts, now: datetime) -> Account:
    """The account as it is; one that never answered its mail gets a new challenge."""
    known = accounts.get(asked.id)
    if known is None:
        raise StaleWrite
    if known.state is AccountState.UNVERIFIED and not known.challenge.knows(asked.challenge.id):
        known = registration.challenge_again(known, challenge=asked.challenge.id, now=now)
        accounts.save(known)
    return known


def _is_late_copy(account: Account, registration_id: str) -> bool:
    """Its mail was sent long ago: the address is verified since, or a newer registration has a newer code."""
    if account.state is AccountState.ACTIVE:
        return account.challenge.knows(registration_id)
    return registration_id in account.challenge.earlier
