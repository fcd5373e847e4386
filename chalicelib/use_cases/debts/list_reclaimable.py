"""What somebody was paid and could be asked back, by the ledger. That somebody looked is on record."""

from collections.abc import Mapping

from chalicelib.domain.audit import Act
from chalicelib.domain.debts import reclaimable
from chalicelib.domain.money import Rupiah
from chalicelib.domain.officers import Officer
from chalicelib.ports import Ledger
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.find_case import find_case
from chalicelib.use_cases.support.put_on_record import put_on_record


def list_reclaimable(reference: str, officer: Officer, *, ledger: Ledger, casework: Casework) -> Mapping[str, Rupiah]:
    applicant = find_case(reference, applicants=casework.applicants)
    put_on_record(officer, Act.SEE_PAYMENTS, reference, ("payments",), casework=casework)
    return reclaimable(ledger.postings_of(applicant.id))
