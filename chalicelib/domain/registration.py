"""From an e-mail address to a signed-in person.

The account's key is the keyed index of the canonical address, so that 259 spellings of one mailbox are one account and
opening it is one conditional write. Codes are not stored: they are derived from the challenge with a key, so that any
worker that sends the mail again sends the same code, and nobody who reads the table can know it.
"""

import ipaddress
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import InvalidInput, NotSignedIn, TooManyAttempts
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.limits import Allowance
from chalicelib.domain.mail import Language

CODE_LIVES = timedelta(minutes=10)
LINK_LIVES = timedelta(hours=24)
SESSION_LIVES = timedelta(hours=12)
MAILS_ASKED_FOR = Allowance(most=5, one_per=timedelta(minutes=12))
"""To one address that is registered already, whoever asks: mail is what costs, and what can be used to harass."""
MAILS_TO_A_NETWORK = Allowance(most=2_000, one_per=timedelta(milliseconds=250))
"""By the network that asks: wide, because whole towns share a carrier's few addresses, and what is too much waits
instead of being lost."""
ANSWERS_FROM_A_NETWORK = Allowance(most=3_000, one_per=timedelta(milliseconds=100))
"""Passwords and typed codes, right ones too. So wide that one guesser hardly shuts a town out; each person's own tries
are counted besides. A link's token cannot be guessed and is not counted."""
MOST_EARLIER = 50
MOST_CODE_FAILURES = 5
MOST_SIGN_IN_FAILURES = 10
FAILURES_COUNT_FOR = timedelta(minutes=15)
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128

_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_GMAIL = {"gmail.com", "googlemail.com"}


def parse_email(text: str) -> str:
    """The address as mail is sent to it: trimmed, domain in lower-case ASCII. ``InvalidInput`` names the field."""
    local, at, domain = text.strip().rpartition("@")
    ascii_domain = _ascii_domain(domain)
    local_is_lawful = _LOCAL_PART.fullmatch(local) and not local.startswith(".") and not local.endswith(".")
    if not (at and local_is_lawful and ".." not in local and _DOMAIN.fullmatch(ascii_domain)):
        raise InvalidInput("email_invalid", field="email")
    return f"{local}@{ascii_domain}"


def canonical_email(address: str) -> str:
    """One spelling per mailbox: lower case, no ``+tag``; at Gmail also no dots, and googlemail.com is gmail.com."""
    local, _, domain = address.lower().rpartition("@")
    local = local.split("+", 1)[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.strip().lower()
    import idna  # IDNA 2008: Python's own codec is of 2003 and takes "faß" for "fass", somebody else's domain

    try:
        return idna.encode(domain.strip(), uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def network_of(source: str) -> str | None:
    """The network that an IP address belongs to, as its owner was given it: /24, or /48 of version 6. None for what is
    no address, or one's own machine's."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return None
    if address.is_loopback:
        return None
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


class AccountState(StrEnum):
    UNVERIFIED = "unverified"
    ACTIVE = "active"


class AccountEvent(StrEnum):
    VERIFY_EMAIL = "verify_email"


ACCOUNT = LifeCycle("account", {(AccountState.UNVERIFIED, AccountEvent.VERIFY_EMAIL): AccountState.ACTIVE})


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the verification mail asks to prove. ``id`` seeds the code and the link's token."""

    id: str
    issued_at: datetime
    earlier: tuple[str, ...] = ()
    """Ids that this one took the place of: a late copy of such a registration changes nothing."""

    def knows(self, registration: str) -> bool:
        return registration == self.id or registration in self.earlier


@dataclass(frozen=True, slots=True)
class Account:
    id: ApplicantId
    email: str
    language: Language
    state: AccountState
    opened_at: datetime
    challenge: Challenge
    password_hash: str | None = None
    has_disposable_email: bool = False
    """A signal for whoever looks at fraud, no reason to refuse: honest people use such addresses too."""
    addressed_at: datetime | None = None
    """When the address was last spelt in another way; what came back before says nothing of this spelling."""
    version: int = 0


def open_account(
    id: ApplicantId, email: str, language: Language, *, challenge: str, is_disposable: bool, now: datetime
) -> Account:
    state, asked = AccountState.UNVERIFIED, Challenge(challenge, now)
    return Account(id, email, language, state, now, asked, has_disposable_email=is_disposable)


def challenge_again(account: Account, *, email: str, challenge: str, now: datetime) -> Account:
    """Someone who lost the mail registers again: a new mail, and the old code and link are void. It goes to the address
    as it is spelt now: whoever spelt it first has proven nothing, and not every server knows ``+`` and dots."""
    earlier = (*account.challenge.earlier, account.challenge.id)[-MOST_EARLIER:]
    addressed_at = account.addressed_at if email == account.email else now
    return replace(account, email=email, addressed_at=addressed_at, challenge=Challenge(challenge, now, earlier))


def check_challenge_answer(
    account: Account | None, *, matches: bool, by_code: bool, since: datetime, now: datetime
) -> Account:
    """The account that may be activated. Codes and links live from the moment at which their mail left (``since``): on
    a launch day it may have waited for hours. A wrong, used or late answer, or one for an address nobody registered, is
    refused in the same words: nothing tells whether the address is known."""
    lives = CODE_LIVES if by_code else LINK_LIVES
    is_open = account is not None and ACCOUNT.allows(account.state, AccountEvent.VERIFY_EMAIL)
    if account is None or not (matches and is_open and now <= since + lives):
        raise InvalidInput("code_wrong_or_expired", field="code" if by_code else "token")
    return account


def activate(account: Account, *, password_hash: str) -> Account:
    state = ACCOUNT.after(account.state, AccountEvent.VERIFY_EMAIL)
    return replace(account, state=state, password_hash=password_hash)


def check_password_rules(password: str) -> None:
    """Length only (NIST SP 800-63B): rules of composition make people write passwords down."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInput("password_length", field="password", shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)


def check_may_sign_in(account: Account | None, *, password_matches: bool) -> Account:
    if account is None or not password_matches or account.state is not AccountState.ACTIVE:
        raise NotSignedIn("email_or_password_wrong")
    return account


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong answers of late, counted per purpose and address, the same for addresses known and unknown."""

    key: str
    times: int = 0
    since: datetime | None = None
    version: int = 0


def check_failures(failures: Failures, *, most: int, now: datetime) -> None:
    is_fresh = failures.since is not None and now < failures.since + FAILURES_COUNT_FOR
    if is_fresh and failures.times >= most:
        raise TooManyAttempts("too_many_attempts", minutes=int(FAILURES_COUNT_FOR.total_seconds() // 60))


def one_more_failure(failures: Failures, *, now: datetime) -> Failures:
    is_fresh = failures.since is not None and now < failures.since + FAILURES_COUNT_FOR
    return replace(failures, times=failures.times + 1 if is_fresh else 1, since=failures.since if is_fresh else now)


class Role(StrEnum):
    APPLICANT = "applicant"
    STAFF = "staff"
    APPROVER = "approver"
    CASEWORKER = "caseworker"
    """Staff who may also see a person's values in full, one by one and for a reason that is kept."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is on the line. ``subject`` is an ``ApplicantId`` or a ``StaffId``, as the role says."""

    subject: str
    role: Role
    expires_at: datetime
    own_account: ApplicantId | None = None
    """Of staff who are known to have one: nobody decides about themselves."""

    def is_open(self, now: datetime) -> bool:
        return now < self.expires_at
