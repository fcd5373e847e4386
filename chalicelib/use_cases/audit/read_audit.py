"""Who looked at one person's case, for an approver; to ask is on record as well."""

from collections.abc import Sequence

from chalicelib.domain.audit import Act, Entry
from chalicelib.domain.officers import Officer
from chalicelib.domain.references import parse_reference
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.find_case import find_case
from chalicelib.use_cases.support.put_on_record import put_on_record


def read_audit(
    reference: str, officer: Officer, *, after: str | None, limit: int, casework: Casework
) -> tuple[Sequence[Entry], str | None]:
    find_case(reference, applicants=casework.applicants)
    put_on_record(officer, Act.READ_AUDIT, reference, (), casework=casework)
    return casework.audit_log.of_subject(parse_reference(reference), after=after, limit=limit)
