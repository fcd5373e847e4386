"""To whom a mail goes: an account's owner, or somebody on a priority list who has none."""

from chalicelib.domain.identifiers import Index, ListName
from chalicelib.domain.list_entries import in_force, is_valid
from chalicelib.domain.mail import Language, MailOrder, Template
from chalicelib.domain.registration import Account, AccountState, Challenge
from chalicelib.domain.time import wib_date
from chalicelib.use_cases.mail.mailing import Mailing
from chalicelib.use_cases.registration.account_of import account_id_of


def addressee_of(order: MailOrder, mailing: Mailing) -> Account | None:
    """None when there is nobody to write to: no such account, or one already where somebody was to be invited."""
    account = mailing.accounts.get(order.applicant_id)
    if order.template is not Template.INVITATION:
        return account
    return None if account else _listed(order, mailing)


def _listed(order: MailOrder, mailing: Mailing) -> Account | None:
    """As the list has them at this moment. It is an account in form only: nothing of it is stored, and its address is
    as unproven as a stranger's."""
    head = mailing.lists.head(ListName(str(order.blanks["list"])))
    entry = in_force(mailing.list_entries.of(Index(str(order.blanks["listed"]))), head)
    now = mailing.clock.now()
    if entry is None or not entry.email or not is_valid(entry, wib_date(now)):
        return None
    if account_id_of(entry.email, mailing.indexer) != order.applicant_id:
        return None  # the list has another address by now, and that one is invited by an order of its own
    unproven = AccountState.UNVERIFIED
    return Account(order.applicant_id, entry.email, Language.INDONESIAN, unproven, now, Challenge("", now))
