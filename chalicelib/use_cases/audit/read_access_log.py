"""Who looked at one's own case."""

from collections.abc import Sequence

from chalicelib.domain.audit import Entry
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.references import LABEL, reference_from
from chalicelib.ports import AuditLog, Indexer


def read_access_log(
    applicant_id: ApplicantId, *, after: str | None, limit: int, audit_log: AuditLog, indexer: Indexer
) -> tuple[Sequence[Entry], str | None]:
    reference = reference_from(indexer.derived(LABEL, applicant_id))
    return audit_log.of_subject(reference, after=after, limit=limit)
