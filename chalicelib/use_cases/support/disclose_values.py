"""Tell an officer values in full: those that were named, for a reason, and only when that is on record."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.audit import Act
from chalicelib.domain.errors import TooManyAttempts
from chalicelib.domain.officers import Officer
from chalicelib.domain.support import DISCLOSURES, Disclosable, check_reason
from chalicelib.domain.verification import Applicant
from chalicelib.ports import Accounts, Buckets, Documents
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.open_case import open_case
from chalicelib.use_cases.support.put_on_record import put_on_record

Value = str | Mapping[str, str] | None


def disclose_values(
    reference: str,
    fields: Sequence[Disclosable],
    reason: str,
    officer: Officer,
    *,
    casework: Casework,
    accounts: Accounts,
    documents: Documents,
    buckets: Buckets,
) -> dict[str, Value]:
    """By field; None for what was never stated. Photos and documents are links by their names."""
    applicant = open_case(reference, officer, casework=casework)
    check_reason(reason, applicant.identity)
    if buckets.take(f"disclosures/{officer.staff}", DISCLOSURES, now=casework.clock.now()) is None:
        raise TooManyAttempts("disclosures_too_many")
    wanted = tuple(dict.fromkeys(field.value for field in fields))
    put_on_record(officer, Act.DISCLOSE, reference, wanted, reason, casework=casework)
    return {field: _value(field, applicant, accounts, documents) for field in wanted}


def _value(field: str, applicant: Applicant, accounts: Accounts, documents: Documents) -> Value:
    if field == Disclosable.EMAIL:
        account = accounts.get(applicant.id)
        return account.email if account else None
    if field == Disclosable.PHOTOS:
        return _links({kind.value: photo.object_key for kind, photo in applicant.photos.items()}, documents)
    if field == Disclosable.DOCUMENTS:
        return _links({each.kind.value: each.object_key for each in applicant.documents}, documents)
    return str(getattr(applicant.identity, field)) if applicant.identity else None


def _links(keys: Mapping[str, str | None], documents: Documents) -> Mapping[str, str]:
    return {name: documents.view_url(key) for name, key in keys.items() if key}
