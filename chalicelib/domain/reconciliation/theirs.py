"""From a statement's lines to what the bank says moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.reconciliation.movements import Kind, Piles, Source
from chalicelib.domain.statement_lines import FAILED, REVERSAL, lines_of


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a whole statement."""

    lines: int = 0
    failed: int = 0
    fees: int = 0


def pile_statement(
    pieces: Iterable[bytes], piles: Piles, *, bank: str, day: date, source: Source = Source.THEIRS
) -> Totals:
    """A failed transfer moved nothing, and is only counted. ``InvalidInput`` names the first line that cannot be."""
    lines = failed = fees = 0
    for number, reference, _, amount, fee, status, _ in lines_of(pieces, bank=bank, day=day):
        lines += 1
        fees += fee
        if status == FAILED:
            failed += 1
            continue
        kind = Kind.REVERSAL if status == REVERSAL else Kind.PAYMENT
        piles.put(source, kind, reference.encode(), b"%d\t%d" % (amount, number))
    return Totals(lines, failed, fees)
