"""Send one mail, once, by the first provider that takes it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.errors import Conflict, MailUnavailable, Rejected, StaleWrite
from chalicelib.domain.mail import Mail, MailOrder, MailState, OutboxMail, Template, let_go, refused, sent, taken_up
from chalicelib.domain.registration import Account, AccountState
from chalicelib.ports import Accounts, Clock, Indexer, MailProvider, MailWriter, Outbox
from chalicelib.use_cases.mail.blanks import blanks_for
from chalicelib.use_cases.registration.account_of import verification_mail_key

SENDING_LEASE = timedelta(minutes=2)
"""A mail that was taken up longer ago was cut off. It is sent again: two of a kind are better than none, and both bear
the same ``X-Prakerja-Send-Key`` (SES puts a Message-ID of its own)."""


def send_mail(
    order: MailOrder,
    correlation_id: str,
    *,
    outbox: Outbox,
    accounts: Accounts,
    writer: MailWriter,
    providers: Sequence[MailProvider],
    indexer: Indexer,
    clock: Clock,
    public_url: str,
) -> None:
    """Nothing happens when it was sent before; ``MailUnavailable`` when every provider is out; ``Conflict`` (the caller
    drops and counts it) when nobody waits for it any more."""
    account = accounts.get(order.applicant_id)
    if account is None:
        return
    _check_is_waited_for(order, account)
    begun = _take_up(order, outbox, clock)
    if begun is None:
        return
    blanks = blanks_for(order, account, indexer=indexer, public_url=public_url)
    subject, text, html = writer.write(order.template, account.language, blanks)
    mail = Mail(order.send_key, account.email, subject, text, html, account.language, correlation_id)
    try:
        outbox.save(_sent_by_first(mail, begun, providers))
    except MailUnavailable:
        outbox.save(let_go(begun))  # so that the next look need not wait out the lease
        raise


def _check_is_waited_for(order: MailOrder, account: Account) -> None:
    """While a code's mail waited, its owner may have registered again (the newer mail's code is the one that works) or
    have verified the address with it. After a surge those are many, and each costs more than all else here."""
    if order.template is Template.VERIFY_EMAIL and (
        account.state is AccountState.ACTIVE or order.send_key != verification_mail_key(account.challenge.id)
    ):
        raise Conflict("mail_no_longer_waited_for")


def _take_up(order: MailOrder, outbox: Outbox, clock: Clock) -> OutboxMail | None:
    """The outbox record to finish, or None when that was done."""
    now = clock.now()
    begun = OutboxMail(order.send_key, order.template, order.applicant_id, MailState.SENDING, now)
    try:
        outbox.save(begun)  # nearly every mail is new: the look at what is known waits until the write says otherwise
    except StaleWrite:
        known = outbox.get(order.send_key)
        if known is None or known.is_over():
            return None
        if known.state is MailState.SENDING and now < known.taken_up_at + SENDING_LEASE:
            raise MailUnavailable("mail_in_other_hands") from None
        begun = taken_up(known, now=now)
        outbox.save(begun)
    return replace(begun, version=begun.version + 1)


def _sent_by_first(mail: Mail, begun: OutboxMail, providers: Sequence[MailProvider]) -> OutboxMail:
    for provider in providers:
        try:
            message_id = provider.send(mail)
        except Rejected:
            return refused(begun)
        except MailUnavailable:
            continue
        return sent(begun, provider=provider.name, message_id=message_id)
    raise MailUnavailable("mail_providers_out")
