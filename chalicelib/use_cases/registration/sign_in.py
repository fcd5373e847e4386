"""Open a session for whoever knows the password."""

from chalicelib.domain.registration import (
    MOST_SIGN_IN_FAILURES,
    Session,
    check_failures,
    check_may_sign_in,
    one_more_failure,
    parse_email,
)
from chalicelib.ports import Accounts, Chance, Clock, Indexer, Passwords
from chalicelib.use_cases.registration.account_of import account_id_of
from chalicelib.use_cases.registration.open_session import open_session


def sign_in(
    email: str,
    password: str,
    *,
    accounts: Accounts,
    indexer: Indexer,
    passwords: Passwords,
    chance: Chance,
    clock: Clock,
) -> tuple[str, Session]:
    """(token, session). ``NotSignedIn`` takes the same work for an unknown address as for a wrong password."""
    now = clock.now()
    id = account_id_of(parse_email(email), indexer)
    failures = accounts.failures(f"sign_in/{id}")
    check_failures(failures, most=MOST_SIGN_IN_FAILURES, now=now)
    # Counted before it is looked at, so that guesses made at once are counted each; right ones are few enough to count.
    accounts.save_failures(one_more_failure(failures, now=now))
    account = accounts.get(id)
    matches = passwords.matches(password, account.password_hash if account else None)
    signed_in = check_may_sign_in(account, password_matches=matches)
    return open_session(signed_in.id, now, accounts=accounts, indexer=indexer, chance=chance)
