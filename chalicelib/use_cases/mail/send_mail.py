"""Send one mail, once, by the first provider that may and does take it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain

from chalicelib.domain.errors import Conflict, MailUnavailable, Rejected, StaleWrite
from chalicelib.domain.mail import Mail, MailOrder, MailState, OutboxMail, Template, let_go, refused, sent, taken_up
from chalicelib.domain.mail_paces import pace_of
from chalicelib.domain.registration import Account, AccountState
from chalicelib.ports import MailProvider
from chalicelib.use_cases.mail.addressee import addressee_of
from chalicelib.use_cases.mail.blanks import blanks_for
from chalicelib.use_cases.mail.mailing import Mailing
from chalicelib.use_cases.mail.rounds import MailRound
from chalicelib.use_cases.mail.ways_out import ways_out
from chalicelib.use_cases.registration.account_of import verification_mail_key


def send_mail(order: MailOrder, correlation_id: str, in_round: MailRound) -> None:
    """Nothing happens when it was sent before; ``MailUnavailable`` when no provider takes it now; ``Conflict`` (the
    caller drops and counts it) when nobody waits for it any more, or nothing arrives at its address."""
    mailing = in_round.mailing
    account = addressee_of(order, mailing)
    if account is None:
        return
    _check_is_waited_for(order, account)
    _check_address(order, account, mailing)
    if not _domain_has_room(account, mailing):
        raise MailUnavailable("mail_domain_has_no_room", retry_after_seconds=20)
    ways = ways_out(order, account, in_round)
    first = next(ways, None)
    if first is None:
        raise MailUnavailable("mail_has_no_turn", retry_after_seconds=20)
    begun = _take_up(order, mailing)
    if begun is not None:
        mail = _written(order, account, correlation_id, begun.taken_up_at, mailing)
        _leave(mail, begun, chain((first,), ways), in_round)


def _check_is_waited_for(order: MailOrder, account: Account) -> None:
    """While a code's mail waited, its owner may have registered again (the newer mail's code is the one that works) or
    have verified the address with it. After a surge those are many, and each costs more than all else here."""
    if order.template is Template.VERIFY_EMAIL and (
        account.state is AccountState.ACTIVE or order.send_key != verification_mail_key(account.challenge.id)
    ):
        raise Conflict("mail_no_longer_waited_for")


def _check_address(order: MailOrder, account: Account, mailing: Mailing) -> None:
    suppression = mailing.suppressions.get(order.applicant_id)
    if suppression is None or (account.addressed_at and suppression.since < account.addressed_at):
        return
    if suppression.stops(order.template, now=mailing.clock.now()):
        raise Conflict("mail_address_suppressed")


def _domain_has_room(account: Account, mailing: Mailing) -> bool:
    """The receiving side counts too: a small server that gets a launch's mail at once turns most of it away. Nobody
    waits here, and it comes before any provider's turn: else one domain's flood would hold up everybody."""
    domain = account.email.rpartition("@")[2].lower()
    pace = pace_of(domain)
    if pace is None:
        return True
    key = f"mail-domain/{mailing.indexer.index('domain', domain)}"  # it may be a family's own
    return mailing.buckets.take(key, pace, now=mailing.clock.now()) is not None


def _written(order: MailOrder, account: Account, correlation_id: str, left_at: datetime, mailing: Mailing) -> Mail:
    blanks = blanks_for(order, account, indexer=mailing.indexer, public_url=mailing.public_url)
    subject, text, html = mailing.writer.write(order.template, account.language, blanks)
    return Mail(order.send_key, account.email, subject, text, html, account.language, correlation_id, left_at)


def _take_up(order: MailOrder, mailing: Mailing) -> OutboxMail | None:
    """The outbox record to finish, or None when that was done."""
    now, outbox = mailing.clock.now(), mailing.outbox
    begun = OutboxMail(order.send_key, order.template, order.applicant_id, MailState.SENDING, now)
    try:
        outbox.save(begun)  # nearly every mail is new: the look at what is known waits until the write says otherwise
    except StaleWrite:
        known = outbox.get(order.send_key)
        if known is None or known.is_over():
            return None
        if known.is_in_hands(now):
            raise MailUnavailable("mail_in_other_hands") from None
        begun = taken_up(known, now=now)
        outbox.save(begun)
    return replace(begun, version=begun.version + 1)


def _leave(mail: Mail, begun: OutboxMail, ways: Iterator[MailProvider], in_round: MailRound) -> None:
    outbox = in_round.mailing.outbox
    try:
        outbox.save(_by_first(mail, begun, ways, in_round))
    except MailUnavailable:
        outbox.save(let_go(begun))  # so that the next look need not wait out the lease
        raise


def _by_first(mail: Mail, begun: OutboxMail, ways: Iterator[MailProvider], in_round: MailRound) -> OutboxMail:
    for provider in ways:
        try:
            message_id = provider.send(mail)
        except Rejected:
            return refused(begun)
        except MailUnavailable:
            in_round.count(provider.name, mail.left_at, failed=1)
            continue
        in_round.count(provider.name, mail.left_at, taken=1)
        return sent(begun, provider=provider.name, message_id=message_id)
    raise MailUnavailable("mail_providers_out")
