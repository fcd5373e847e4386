"""Let a member of the programme office in. Until staff have passkeys, a token stands in for them."""

from datetime import timedelta

from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role, Session, parse_email
from chalicelib.ports import Accounts, Chance, Clock, Indexer
from chalicelib.use_cases.registration.account_of import account_id_of

STAFF_SESSION_LIVES = timedelta(days=30)


def enrol_staff(
    staff: StaffId,
    role: Role,
    own_email: str | None = None,
    *,
    accounts: Accounts,
    indexer: Indexer,
    chance: Chance,
    clock: Clock,
) -> str:
    """The token, told once and stored only as an index. By ``own_email`` their own case is kept from them."""
    token = chance.token()
    own_account = account_id_of(parse_email(own_email), indexer) if own_email else None
    session = Session(staff, role, clock.now() + STAFF_SESSION_LIVES, own_account)
    accounts.add_session(indexer.index("session", token), session)
    return token
