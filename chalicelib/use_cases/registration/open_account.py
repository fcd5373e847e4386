"""Open the account that a registration asks for, and have the right mail sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain import registration
from chalicelib.domain.errors import AlreadyDone, InvalidInput, MailUnavailable, StaleWrite, TooManyAttempts
from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.mail import Language, Template, queue_for
from chalicelib.domain.registration import Account, AccountState, network_of, parse_email
from chalicelib.ports import Accounts, Buckets, Clock, DisposableDomains, Indexer, Messages
from chalicelib.use_cases.registration.account_of import account_id_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A registration as its message tells it; ``registration_id`` seeds the challenge of the account it opens.
    ``source`` is the IP address it came from, where the front knew it."""

    email: str
    language: Language
    registration_id: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class DoneTogether:
    """Registrations (by id) for which a part was done with their batch: the account is open, the mail is allowed."""

    opened: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """What both halves of opening ask of the outside."""

    accounts: Accounts
    buckets: Buckets
    disposable_domains: DisposableDomains
    indexer: Indexer
    clock: Clock

    def asked_for(self, asked: Asked) -> Account:
        """``InvalidInput`` for what cannot be an address: the gateway may have put it on the queue unseen."""
        email = parse_email(asked.email)
        return registration.open_account(
            account_id_of(email, self.indexer),
            email,
            asked.language,
            challenge=asked.registration_id,
            is_disposable=self.disposable_domains.has(email.rpartition("@")[2]),
            now=self.clock.now(),
        )

    def network(self, asked: Asked) -> str | None:
        network = network_of(asked.source) if asked.source else None
        return self.indexer.index("network", network) if network else None

    def allows(self, network: str, *, mails: int = 1) -> bool:
        limit = registration.MAILS_TO_A_NETWORK
        return self.buckets.take(f"network/{network}", limit, now=self.clock.now(), count=mails) is not None


def open_new_accounts(asked: Sequence[Asked], opening: Opening) -> DoneTogether:
    """Open what can be opened of a whole batch, 25 in a call, and take each network's mails at once. Of the rest, each
    finds out by :func:`open_account` what stands in its way."""
    first: dict[ApplicantId, Account] = {}
    for account in filter(None, (_lawful(each, opening) for each in asked)):
        first.setdefault(account.id, account)
    ids = opening.accounts.add_each(list(first.values()))
    opened = frozenset(first[id].challenge.id for id in ids)
    return DoneTogether(opened, _allowed([each for each in asked if each.registration_id in opened], opening))


def open_account(asked: Asked, done: DoneTogether, *, opening: Opening, messages: Messages) -> None:
    """One conditional write opens it (or it was opened with the batch's). The mail follows by redelivery of the same
    message: whoever finds the account already opened by this registration sends the same mail under the same send key
    again. ``MailUnavailable`` when its network has asked for too many: the mail waits, and takes nothing meanwhile."""
    account = opening.asked_for(asked)
    is_new = asked.registration_id in done.opened or _is_added(account, opening)
    if asked.registration_id not in done.allowed:
        _check_network(asked, opening)
    if not is_new:
        account = _known(account, opening)
        if _is_late_copy(account, asked.registration_id):
            return
    template = Template.ACCOUNT_EXISTS if account.state is AccountState.ACTIVE else Template.VERIFY_EMAIL
    send_key = SendKey(f"{template}/{asked.registration_id}")
    messages.send(queue_for(template), {"send_key": send_key, "template": template.value, "applicant_id": account.id})


def _is_added(account: Account, opening: Opening) -> bool:
    try:
        opening.accounts.add(account)
    except AlreadyDone:
        return False
    return True


def _lawful(asked: Asked, opening: Opening) -> Account | None:
    try:
        return opening.asked_for(asked)
    except InvalidInput:
        return None


def _allowed(asked: Sequence[Asked], opening: Opening) -> frozenset[str]:
    networks = {each.registration_id: opening.network(each) for each in asked}
    mails = Counter(network for network in networks.values() if network)
    within = {network for network, count in mails.items() if opening.allows(network, mails=count)}
    return frozenset(id for id, network in networks.items() if network in within)


def _check_network(asked: Asked, opening: Opening) -> None:
    network = opening.network(asked)
    if network and not opening.allows(network):
        raise MailUnavailable("network_asked_for_too_many", retry_after_seconds=30)


def _known(asked: Account, opening: Opening) -> Account:
    """The account as it is; one that never answered its mail gets a new challenge."""
    known = opening.accounts.get(asked.id)
    if known is None:
        raise StaleWrite
    if known.challenge.knows(asked.challenge.id):
        return known
    # Before anything moves: a code that was sent must not die for a mail that is not.
    _take_mail(asked, opening.buckets)
    if known.state is AccountState.UNVERIFIED:
        known = registration.challenge_again(
            known, email=asked.email, challenge=asked.challenge.id, now=asked.opened_at
        )
        opening.accounts.save(known)
    return known


def _take_mail(asked: Account, buckets: Buckets) -> None:
    """``TooManyAttempts`` (the message is dropped and counted, and the answer was the same) when too many were asked
    for of late, but not of the registration that was allowed before and was cut off. A new account's first mail needs
    none of this: there is one per address for ever."""
    by = asked.challenge.id
    if buckets.take(f"mail/{asked.id}", registration.MAILS_ASKED_FOR, now=asked.opened_at, by=by) is None:
        raise TooManyAttempts("mails_too_many")


def _is_late_copy(account: Account, registration_id: str) -> bool:
    """Its mail was sent long ago: the address is verified since, or a newer registration has a newer code."""
    if account.state is AccountState.ACTIVE:
        return account.challenge.knows(registration_id)
    return registration_id in account.challenge.earlier
