"""What a reconciliation asks for."""

from dataclasses import dataclass

from chalicelib.ports import Clock, Journal, Reconciliations, StatementFiles


@dataclass(frozen=True)
class Desk:
    reconciliations: Reconciliations
    files: StatementFiles
    journal: Journal
    clock: Clock
