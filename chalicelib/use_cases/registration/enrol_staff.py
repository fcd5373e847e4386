"""Let a member of the programme office in. Until staff have passkeys, a token stands in for them."""

from datetime import timedelta

from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role, Session
from chalicelib.ports import Accounts, Chance, Clock, Indexer

STAFF_SESSION_LIVES = timedelta(days=30)


def enrol_staff(
    staff: StaffId, role: Role, *, accounts: Accounts, indexer: Indexer, chance: Chance, clock: Clock
) -> str:
    """The token, told once and stored only as an index."""
    token = chance.token()
    session = Session(staff, role, clock.now() + STAFF_SESSION_LIVES)
    accounts.add_session(indexer.index("session", token), session)
    return token
