"""Compare a day of a channel: the bank's statement, our requests, the ledger."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.ledger_journal import folder_of
from chalicelib.domain.reconciliation.comparison import DAYS_AFTER, DAYS_BEFORE, compare
from chalicelib.domain.reconciliation.days import MOST_DIFFERENCES, Day, compared
from chalicelib.domain.reconciliation.journals import pile_postings, pile_requests, requests_folder
from chalicelib.domain.reconciliation.movements import Piles, Source
from chalicelib.domain.reconciliation.theirs import Totals, pile_statement
from chalicelib.domain.reconciliation.verdicts import Found, Tally
from chalicelib.domain.statements import (
    Statement,
    StatementState,
    is_seconded,
    leave_to_second,
    put_in_force,
    refuse_statement,
    replaced,
    takes_back,
)
from chalicelib.use_cases.reconciliation.desk import Desk


def reconcile_day(bank: str, day: date, number: int, run: int | None, *, desk: Desk) -> None:
    """By a statement that came (``run`` is None), or anew by the one in force, as the ``run``-th comparison: then
    nothing happens when there was one since. What is found is entered step by step, driven by the table's stream."""
    known = desk.reconciliations.day(bank, day)
    statement = desk.reconciliations.statement(bank, day, number)
    if statement is None or not _is_to_be_compared(known, statement, run):
        return
    if number < known.in_force:
        return desk.reconciliations.save_statement(replaced(statement))
    before = desk.reconciliations.statement(bank, day, known.in_force) if 0 < known.in_force < number else None
    try:
        _compare(known, statement, before, desk)
    except InvalidInput as fault:
        if statement.state is not StatementState.RECEIVED:
            raise
        desk.reconciliations.save_statement(refuse_statement(statement, fault.code, **_told(fault)))


def _is_to_be_compared(day: Day, statement: Statement, run: int | None) -> bool:
    if run is None:
        return statement.state is StatementState.RECEIVED
    return statement.state is StatementState.IN_FORCE and day.run + 1 == run


def _compare(day: Day, statement: Statement, before: Statement | None, desk: Desk) -> None:
    piles, tally = Piles(), Tally()
    totals = _pile(day, statement, before, piles, desk)
    found = sorted(
        islice(compare(piles, day.day, elsewhere=_elsewhere(day, desk), tally=tally), MOST_DIFFERENCES + 1),
        key=lambda each: (each.kind, each.reference),
    )
    if len(found) > MOST_DIFFERENCES:
        raise InvalidInput("statement_differs_too_much", most=MOST_DIFFERENCES)
    if before and takes_back(tally) and not is_seconded(statement.upload, _last_before(statement, desk)):
        return desk.reconciliations.save_statement(leave_to_second(statement, totals, tally))
    name = _run_name(day, found, tally)
    desk.files.keep_run(name, found, tally.carried)
    moved = compared(day, statement, tally, name, now=desk.clock.now())
    if statement.state is StatementState.RECEIVED:
        others = [replaced(before)] if before else []
        desk.reconciliations.put_in_force(moved, put_in_force(statement, totals, tally), *others)
    else:
        desk.reconciliations.save_day(moved)


def _last_before(statement: Statement, desk: Desk) -> Statement | None:
    return desk.reconciliations.statement(statement.bank, statement.day, statement.number - 1)


def _pile(day: Day, statement: Statement, before: Statement | None, piles: Piles, desk: Desk) -> Totals:
    totals = pile_statement(desk.files.pieces(statement.upload), piles, bank=day.bank, day=day.day)
    if before is not None:
        earlier = desk.files.pieces(before.upload)
        pile_statement(earlier, piles, bank=day.bank, day=day.day, source=Source.EARLIER)
    pile_ours(day, piles, desk)
    return totals


def pile_ours(day: Day, piles: Piles, desk: Desk) -> None:
    """This day's first, then of the neighbours what this day names. Later requests, too: what a limit kept from being
    sent is sent again under the same reference, and belongs to the day on which it last was."""
    for away in sorted(range(-DAYS_BEFORE, DAYS_AFTER + 1), key=abs):
        near, is_of_day = day.day + timedelta(days=away), not away
        pile_requests(_kept(requests_folder(day.bank, near), desk), piles, is_of_day=is_of_day)
        pile_postings(_kept(folder_of(near), desk), piles, bank=day.bank, is_of_day=is_of_day)


def _kept(folder: str, desk: Desk) -> Iterator[bytes]:
    for name in desk.journal.names(folder):
        yield desk.journal.read(name) or b""
        yield b"\n"  # in case a file lacks its last


def _elsewhere(day: Day, desk: Desk) -> frozenset[str]:
    """Movements of neighbouring days' statements that belong to other days: to this one perhaps."""
    found: set[str] = set()
    for away in range(-DAYS_BEFORE, DAYS_AFTER + 1):
        neighbour = desk.reconciliations.day(day.bank, day.day + timedelta(days=away)) if away else None
        if neighbour and neighbour.file:
            found.update(desk.files.carried(neighbour.file))
    return frozenset(found)


def _run_name(day: Day, found: list[Found], tally: Tally) -> str:
    """By its content, too: two that compare at once do not write over each other."""
    content = sha256(repr((found, tally.carried)).encode()).hexdigest()[:16]
    return f"runs/{day.bank}/{day.day.isoformat()}/{day.run + 1:06d}-{content}.json.gz"


def _told(fault: InvalidInput) -> dict[str, str | int]:
    return {name: each if isinstance(each, int) else str(each) for name, each in fault.details.items()}
