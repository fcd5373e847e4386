"""Let somebody in who has proven who they are."""

from datetime import datetime

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.registration import SESSION_LIVES, Role, Session
from chalicelib.ports import Accounts, Chance, Indexer


def open_session(
    applicant_id: ApplicantId, now: datetime, *, accounts: Accounts, indexer: Indexer, chance: Chance
) -> tuple[str, Session]:
    """(token, session). The token is told once, and stored only as an index."""
    token = chance.token()
    session = Session(applicant_id, Role.APPLICANT, now + SESSION_LIVES)
    accounts.add_session(indexer.index("session", token), session)
    return token, session
