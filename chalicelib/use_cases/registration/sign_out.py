"""End a session at once, wherever else its token may lie."""

from chalicelib.ports import Accounts, Indexer


def sign_out(token: str, *, accounts: Accounts, indexer: Indexer) -> None:
    accounts.end_session(indexer.index("session", token))
