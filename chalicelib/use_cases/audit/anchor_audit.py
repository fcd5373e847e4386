"""Keep the heads of all chains where nobody can change them: what is cut off later is missed."""

from chalicelib.domain.audit import CHAINS, Head, root_of
from chalicelib.domain.time import wib_date
from chalicelib.ports import AuditLog, AuditRoots, Clock


def anchor_audit(*, audit_log: AuditLog, audit_roots: AuditRoots, clock: Clock) -> None:
    found = {chain: audit_log.head(chain) for chain in range(CHAINS)}
    heads = {chain: Head(entry.number, entry.digest) for chain, entry in found.items() if entry}
    audit_roots.keep(root_of(wib_date(clock.now()), heads))
