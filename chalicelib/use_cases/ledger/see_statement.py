"""Show somebody's statement to an officer, for a reason: on record before it is shown."""

from chalicelib.domain.audit import Act
from chalicelib.domain.officers import Officer
from chalicelib.domain.support import check_reason
from chalicelib.use_cases.ledger.desk import BooksDesk
from chalicelib.use_cases.ledger.read_statement import Statement, read_statement


def see_statement(
    reference: str, reason: str, officer: Officer, *, after: str | None, limit: int, desk: BooksDesk
) -> Statement:
    owner, subject = desk.owner_of(reference)
    check_reason(reason, None)
    desk.put_on_record(officer, Act.READ_STATEMENT, subject, ("statement",), reason)
    return read_statement(owner, after=after, limit=limit, ledger=desk.ledger)
