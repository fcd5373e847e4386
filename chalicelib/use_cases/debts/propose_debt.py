"""Propose to ask money back of somebody. Somebody else must agree before they hear of it."""

from collections.abc import Sequence

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import Debt, DebtReason, amount_of
from chalicelib.domain.officers import Officer
from chalicelib.domain.references import parse_reference
from chalicelib.ports import Chance, Debts, Ledger
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.find_case import find_case
from chalicelib.use_cases.support.put_on_record import put_on_record


def propose_debt(
    reference: str,
    entitlements: Sequence[str],
    reason: DebtReason,
    officer: Officer,
    *,
    debts: Debts,
    ledger: Ledger,
    chance: Chance,
    casework: Casework,
) -> Debt:
    """``Conflict`` when one of them is asked back already."""
    applicant = find_case(reference, applicants=casework.applicants)
    officer.check_not_own(applicant.id)
    amount = amount_of(entitlements, ledger.postings_of(applicant.id))
    put_on_record(officer, Act.PROPOSE_DEBT, reference, ("payments",), reason, casework=casework)
    debt = Debt(
        id=chance.token()[:22],
        applicant_id=applicant.id,
        reference=parse_reference(reference),
        reason=reason,
        entitlements=tuple(entitlements),
        amount=amount,
        proposed_by=officer.staff,
        proposed_at=casework.clock.now(),
    )
    debts.add(debt)
    return debt
