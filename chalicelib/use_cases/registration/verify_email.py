"""Prove that an address is one's own, by the mail's link or code, and choose a password with it."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.registration import (
    MOST_CODE_FAILURES,
    Account,
    Session,
    activate,
    check_challenge_answer,
    check_failures,
    check_password_rules,
    one_more_failure,
    parse_email,
)
from chalicelib.ports import Accounts, Chance, Clock, Indexer, Outbox, Passwords
from chalicelib.use_cases.registration.account_of import account_id_of, verification_mail_key
from chalicelib.use_cases.registration.open_session import open_session
from chalicelib.use_cases.registration.proofs import account_in, email_code_of, is_same, link_token_of


@dataclass(frozen=True, slots=True)
class Answer:
    """Either the link's token, or the address with the typed code."""

    token: str | None = None
    email: str | None = None
    code: str | None = None


def verify_email(
    answer: Answer,
    password: str,
    *,
    accounts: Accounts,
    indexer: Indexer,
    passwords: Passwords,
    outbox: Outbox,
    chance: Chance,
    clock: Clock,
) -> tuple[str, Session]:
    """Activate the account and sign its owner in: who was cut off in between signs in with the password just chosen.
    ``InvalidInput`` / ``TooManyAttempts`` in words that tell nothing of the address."""
    check_password_rules(password)
    password_hash = passwords.hashed(password)  # first, so that a wrong answer takes as long as a right one
    now, by_code = clock.now(), answer.token is None
    id = _account_asked_for(answer, indexer)
    if by_code:
        _count_attempt(id, now, accounts)
    account = accounts.get(id)
    matches = account is not None and _matches(answer, account, indexer)
    since = _living_since(account, outbox, now)
    open_account = check_challenge_answer(account, matches=matches, by_code=by_code, since=since, now=now)
    accounts.save(activate(open_account, password_hash=password_hash))
    return open_session(id, now, accounts=accounts, indexer=indexer, chance=chance)


def _living_since(account: Account | None, outbox: Outbox, now: datetime) -> datetime:
    """Asked for whoever it may be: the work must not tell whether the address is known."""
    mail = outbox.get(verification_mail_key(account.challenge.id if account else "nobody"))
    if account is None:
        return now
    return (mail and mail.left_at) or account.challenge.issued_at


def _count_attempt(id: ApplicantId, now: datetime, accounts: Accounts) -> None:
    """Of typed codes only: there are a million of those, while a link's proof of 256 bits is not guessed, and a count
    of made-up links would be a row for each and would shut out whoever has the right one."""
    failures = accounts.failures(f"verify_email/{id}")
    check_failures(failures, most=MOST_CODE_FAILURES, now=now)
    # Counted before it is looked at: guesses made at once would otherwise all be looked at before one is counted.
    accounts.save_failures(one_more_failure(failures, now=now))


def _account_asked_for(answer: Answer, indexer: Indexer) -> ApplicantId:
    if answer.token is not None:
        return account_in(answer.token)
    if answer.email is None or answer.code is None:
        raise InvalidInput("token_or_code_missing", field="token")
    return account_id_of(parse_email(answer.email), indexer)


def _matches(answer: Answer, account: Account, indexer: Indexer) -> bool:
    if answer.token is not None:
        return is_same(answer.token, link_token_of(account.id, account.challenge.id, indexer))
    return is_same(answer.code or "", email_code_of(account.id, account.challenge.id, indexer))
