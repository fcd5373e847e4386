"""Read the whole audit log, or all since a day, and find what was done to it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.audit import CHAINS, Entry, Finding, Head, Root, flaws_of, root_digest
from chalicelib.ports import AuditLog, AuditRoots


@dataclass(frozen=True, slots=True)
class Verdict:
    """``forged_roots``: days whose root does not follow from its own heads."""

    entries: int
    roots: int
    findings: tuple[Finding, ...]
    forged_roots: tuple[date, ...]

    @property
    def is_whole(self) -> bool:
        return not (self.findings or self.forged_roots)


def verify_audit(*, since: date | None = None, audit_log: AuditLog, audit_roots: AuditRoots) -> Verdict:
    """``since``: from the newest root of that day or earlier on; what lies before was verified then."""
    roots = audit_roots.all()
    forged = tuple(root.day for root in roots if root.digest != root_digest(root.day, root.heads))
    begun = next((root for root in reversed(roots) if since and root.day <= since), None)
    counted = 0
    findings: list[Finding] = []
    for chain in range(CHAINS):
        after = begun.heads.get(chain) if begun else None
        entries = list(audit_log.entries(chain, after=after.number if after else 0))
        counted += len(entries)
        findings += _findings(chain, entries, after, roots)
    return Verdict(counted, len(roots), tuple(findings), forged)


def _findings(chain: int, entries: Sequence[Entry], after: Head | None, roots: Sequence[Root]) -> Iterator[Finding]:
    anchors: defaultdict[int, set[str]] = defaultdict(set)
    for head in (root.heads[chain] for root in roots if chain in root.heads):
        anchors[head.number].add(head.digest)
    yield from flaws_of(chain, entries, after=after, anchors=anchors)
