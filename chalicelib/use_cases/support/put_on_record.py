"""Put an officer's deed on record, before it is done: without an entry nothing is told and nothing is changed."""

from chalicelib.domain.audit import Act, Deed
from chalicelib.domain.officers import Officer
from chalicelib.domain.references import parse_reference
from chalicelib.use_cases.support.casework import Casework


def put_on_record(
    officer: Officer, act: Act, reference: str, fields: tuple[str, ...], reason: str = "", *, casework: Casework
) -> None:
    subject, now = parse_reference(reference), casework.clock.now()
    casework.audit_log.append(Deed(officer.staff, officer.role, act, subject, fields, reason, now))
