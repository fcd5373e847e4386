"""Agree to ask money back: it is entered as owed, and the person hears of it by what the table's stream starts."""

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import Debt, demand
from chalicelib.domain.officers import Officer
from chalicelib.ports import Debts, Ledger
from chalicelib.use_cases.debts.found_debt import found_debt
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.put_on_record import put_on_record


def demand_debt(id: str, officer: Officer, *, debts: Debts, ledger: Ledger, casework: Casework) -> Debt:
    """``NotAllowed`` for whoever proposed it; ``Conflict`` when the ledger says another amount by now, and
    ``StaleWrite`` when something was posted while it was looked at."""
    debt = found_debt(id, debts, officer)
    entries = ledger.entries_of(debt.applicant_id)
    paid = [entry.posting for entry in entries]
    demanded, posting = demand(debt, officer.staff, paid, now=casework.clock.now())
    put_on_record(officer, Act.DEMAND_DEBT, debt.reference, ("payments",), debt.reason, casework=casework)
    debts.save_with(demanded, posting, after=entries[-1].number)
    return demanded
