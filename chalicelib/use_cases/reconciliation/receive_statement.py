"""A file has come: make a statement of it."""

from contextlib import suppress

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.reconciliation.days import receive
from chalicelib.domain.statement_lines import LARGEST_FILE_BYTES
from chalicelib.domain.statements import Statement, check_day, named_by, refuse_statement
from chalicelib.ports import Clock, Reconciliations, StatementFiles


def receive_statement(
    object_key: str, *, reconciliations: Reconciliations, files: StatementFiles, clock: Clock
) -> None:
    """Nothing happens when this very upload was received before, or has the content of the one that came last, unless
    that waits for somebody else to send it too. The comparison is driven by the table's stream."""
    bank, day = named_by(object_key)
    check_day(bank, day, now=clock.now())
    upload = files.upload(object_key)
    if upload is None:
        raise NotFound("statement_file_gone")
    known = reconciliations.day(bank, day)
    last = reconciliations.statement(bank, day, known.newest) if known.newest else None
    received = receive(known, upload, last, now=clock.now())
    if received is not None:
        moved, statement = received
        with suppress(AlreadyDone):
            reconciliations.receive(moved, _unless_too_large(statement))


def _unless_too_large(statement: Statement) -> Statement:
    if statement.upload.size_bytes > LARGEST_FILE_BYTES:
        return refuse_statement(statement, "statement_too_large", most=LARGEST_FILE_BYTES)
    return statement
