"""Who holds this token?"""

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.registration import Session
from chalicelib.ports import Accounts, Clock, Indexer


def find_session(token: str, *, accounts: Accounts, indexer: Indexer, clock: Clock) -> Session:
    """The open session; ``NotSignedIn`` when there is none, or no more."""
    session = accounts.session(indexer.index("session", token))
    if session is None or not session.is_open(clock.now()):
        raise NotSignedIn
    return session
